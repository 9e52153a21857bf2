"""Plan and read in one step, as the workers do, with the parser process of the session."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from schemas.records import RawArticle, Reject
from transforms.sources.parser_process import ParserProcess
from transforms.sources.plan import PlanLimits, plan
from transforms.sources.read import read_chunk

Outcome = tuple[list[RawArticle], list[Reject]]
Reading = Callable[..., Outcome]


@pytest.fixture(scope="session")
def parser() -> Iterator[ParserProcess]:
    process = ParserProcess()
    yield process
    process.close()


@pytest.fixture
def read_all(tmp_path_factory: pytest.TempPathFactory, parser: ParserProcess) -> Reading:
    """Return what a run would read of paths: (articles, rejects), after checking that each batch adds up."""

    def read(*paths: Path | str, mapping: Mapping[str, str] | None = None, limits: PlanLimits | None = None) -> Outcome:
        staging = str(tmp_path_factory.mktemp("staging"))
        articles: list[RawArticle] = []
        rejects: list[Reject] = []
        chunks = plan([str(path) for path in paths], limits or PlanLimits(), staging, mapping or {})
        for ordinal, chunk in enumerate(chunks):
            batch = read_chunk(chunk, mapping or {}, parser)
            assert chunk.ordinal == batch.ordinal == ordinal
            assert batch.read == len(batch.articles) + len(batch.rejects)
            articles += batch.articles
            rejects += batch.rejects
        places = [record.source_uri for record in (*articles, *rejects)]
        assert len(set(places)) == len(places), "two records have one place"
        return articles, rejects

    return read
