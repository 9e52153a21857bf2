"""Plan and read in one step, as the workers do, with the parser process of the session."""

import io
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

import pytest
from apache_beam.io.filesystem import BeamIOError, FileMetadata, FileSystem

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


class VaultFileSystem(FileSystem):
    """A file system in memory whose addresses carry credentials; `vault://` is ours alone."""

    files: ClassVar[dict[str, bytes]] = {}

    @classmethod
    def scheme(cls) -> str:
        return "vault"

    def join(self, basepath: str, *paths: str) -> str:
        return "/".join((basepath, *paths))

    def split(self, path: str) -> tuple[str, str]:
        head, _, tail = path.rpartition("/")
        return head, tail

    def has_dirs(self) -> bool:
        return False

    def mkdirs(self, path: str) -> None:
        raise NotImplementedError

    def _list(self, dir_or_prefix: str) -> Iterator[FileMetadata]:
        yield from (
            FileMetadata(path, len(body)) for path, body in self.files.items() if path.startswith(dir_or_prefix)
        )

    def open(self, path: str, mime_type: str = "", compression_type: str = "") -> Any:
        if path not in self.files:
            raise BeamIOError(f"nothing at {path}")
        return io.BytesIO(self.files[path])

    def create(self, path: str, mime_type: str = "", compression_type: str = "") -> Any:
        files = self.files

        class _Kept(io.BytesIO):
            def close(self) -> None:
                files[path] = self.getvalue()
                super().close()

        return _Kept()

    def copy(self, *_: Any) -> None:
        raise NotImplementedError

    def exists(self, path: str) -> bool:
        return path in self.files

    def size(self, path: str) -> int:
        return len(self.files[path])

    def metadata(self, path: str) -> FileMetadata:
        return FileMetadata(path, self.size(path))

    rename = last_updated = checksum = delete = copy


@pytest.fixture
def vault() -> Iterator[dict[str, bytes]]:
    yield VaultFileSystem.files
    VaultFileSystem.files.clear()
