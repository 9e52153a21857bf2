"""Ask a lake for the figures of its report: one value that the page draws and `--json` prints."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import pyarrow as pa

from schemas.errors import LakeError
from transforms.lake.layout import Lake
from transforms.lake.ledger import COUNTS, OUTCOMES
from transforms.lake.read import snapshot
from transforms.lake.views import Session

Row = dict[str, Any]
Ask = Callable[[str], pa.Table]

SOURCES = 15
FAMILIES = 12
ENTITIES = 12  # of each type
PERIODS = 12  # of a trend
EXAMPLES = 3  # of each reject reason
RUNS = 20
_TRIES = 5

_OUTCOMES = (*OUTCOMES, "rejected")
_SIZES = ((1, 1), (2, 2), (3, 3), (4, 5), (6, 10), (11, 20), (21, 50), (51, None))

_READ = f"select {', '.join(f'coalesce(sum({name}), 0)::bigint as {name}' for name in COUNTS)} from runs"  # noqa: S608

_OVERVIEW = """
    select count(*) as stories, count(*) filter (relation is null) as articles,
        count(relation) as duplicates, count(distinct source) as sources,
        count(*) filter (source is null) as without_source,
        count(distinct language) filter (language <> 'und') as languages,
        count(*) filter (language = 'und') as undetermined,
        count(*) filter (published_at is null) as undated,
        count(lookalike_of) as lookalikes, coalesce(sum(word_count), 0)::bigint as words,
        min(published_at) as first_published, max(published_at) as last_published
    from stories"""

_DAYS = """
    select published_date as day, count(*) filter (relation is null) as articles, count(relation) as duplicates
    from stories where published_date is not null group by day order by day"""

_SOURCES = f"""
    select source, count(*) as stories, count(*) filter (relation is null) as articles, count(relation) as duplicates
    from stories where source is not null group by source order by stories desc, source limit {SOURCES}"""  # noqa: S608

# A declared `en-NZ` agrees with a detected `en`, and both Norwegians with `no`.
_DECLARED = """
    select *, regexp_extract(lower(declared_language), '^[a-z]+') as tag,
        case when tag in ('nb', 'nn') then 'no' else tag end as declared
    from stories"""

_LANGUAGES = f"""
    select language, count(*) as stories, count(*) filter (relation is null) as articles,
        count(relation) as duplicates, avg(language_score) as mean_score,
        count(nullif(declared, '')) as declared,
        count(*) filter (declared <> '' and declared <> language and language <> 'und') as conflicts
    from ({_DECLARED}) group by language order by stories desc, language"""  # noqa: S608

_CONFLICTS = f"""
    select declared, language as detected, count(*) as stories, min(title) as example
    from ({_DECLARED}) where declared <> '' and declared <> language and language <> 'und'
    group by all order by stories desc, declared, detected limit 15"""  # noqa: S608

# Asked once for two purposes: working families out is the dearest part of a report.
_LEADING = """
    select size, source, count(*) as families from families join stories on article_id = canonical
    group by size, source order by size, source"""

_FAMILIES = f"""
    with largest as (
        select * from families where size > 1 order by size desc, first_seen nulls last, family_id limit {FAMILIES}
    ),
    members as (
        select largest.family_id as family, canonical, size, sources, first_seen, last_seen, stories.*
        exclude (text, entities, links)
        from (select *, unnest(family_ids) as member_family from largest) largest
        join stories on stories.family_id = member_family
    )
    select family as family_id, any_value(size) as size, any_value(title) filter (article_id = canonical) as title,
        list(distinct language order by language) as languages, any_value(sources) as sources,
        any_value(first_seen) as first_seen, any_value(last_seen) as last_seen,
        date_diff('second', any_value(first_seen), any_value(last_seen)) / 3600.0 as hours,
        count(*) filter (relation = 'exact') as exact, count(*) filter (relation = 'near') as near,
        count(*) filter (relation = 'excerpt') as excerpt, count(*) filter (relation = 'expansion') as expansion,
        count(*) filter (relation is null) as articles
    from members group by family order by size desc, first_seen nulls last, family"""  # noqa: S608

_ENTITIES = f"""
    with named as (
        select type, name, id, count(distinct article_id) as articles, sum(count)::bigint as mentions
        from mentions group by type, name, id
    ),
    ranked as (
        select *, row_number() over (partition by type order by articles desc, mentions desc, name, id) as rank
        from named
    )
    select * exclude (rank) from ranked where rank <= {ENTITIES}
    order by type, articles desc, mentions desc, name, id"""  # noqa: S608

# Of each name, in how many articles of each period; the periods divide the time of the dated articles evenly.
_TRENDS = f"""
    with span as (select min(epoch_us(published_at)) as first, max(epoch_us(published_at)) as last from articles)
    select type, name, id, {PERIODS} * (epoch_us(published_at) - first) // (last - first + 1) as period,
        count(distinct article_id) as articles
    from mentions, span where published_at is not null group by all"""  # noqa: S608

_REASONS = "select reason, count(*) as records from rejects group by reason order by records desc, reason"

_EXAMPLES = f"""
    select reason, source_uri, stage, detail, payload_bytes, rejected_at from rejects
    qualify row_number() over (partition by reason order by source_uri, reject_id) <= {EXAMPLES}
    order by reason, source_uri, reject_id"""  # noqa: S608

# A run notes when it started; its later commits started when the one before was done.
_RUNS = f"""
    select commit, run_id, command, inputs, input_files, started_at, committed_at, {", ".join(COUNTS)},
        date_diff('millisecond',
            greatest(started_at, lag(committed_at) over (partition by run_id order by commit)), committed_at
        ) / 1000.0 as seconds
    from runs order by commit desc limit {RUNS}"""  # noqa: S608

_LAST = "select coalesce(max(commit), 0) as commit from runs"
_NEWEST = """
    select key as name, value as version
    from (select unnest(map_entries(versions), recursive := true)
          from (select versions from runs order by commit desc limit 1)) order by name"""


@dataclass(frozen=True, slots=True)
class Figures:
    """All that a report says, in the order in which it says it."""

    lake: str
    commit: int  # the last one that is part of this
    counts: Row  # by the names of `ledger.COUNTS`, summed over all commits
    overview: Row
    days: list[Row]
    sources: list[Row]
    languages: list[Row]
    conflicts: list[Row]
    family_sizes: list[Row]  # {least, most (null: no end), families, items}
    families: list[Row]
    entities: list[Row]  # with `trend`: articles in each of PERIODS
    rejects: list[Row]  # by reason, with `examples`
    runs: list[Row]
    commits: int
    tables: list[Row]  # {table, files, rows, bytes}
    versions: list[Row]

    @property
    def adds_up(self) -> bool:
        """Whether every record read has one outcome, and the tables hold as many rows as the ledger says."""
        counts = self.counts
        return bool(
            counts["read"] == sum(counts[name] for name in _OUTCOMES)
            and self.overview["articles"] == counts["new"] + counts["revision"]
            and self.overview["duplicates"] == sum(counts[name] for name in ("exact", "near", "excerpt", "expansion"))
        )


def gather(lake: Lake) -> Figures:
    """Return the figures of a lake's committed state.

    Raises:
        LakeError: a file of the lake is missing or damaged, or the lake changes too fast to be read.
    """
    for _ in range(_TRIES):
        listed = snapshot(lake)
        with Session(lake) as session:
            figures = _asked(lake.name, session.ask, listed.commit, _sizes_of(listed.files))
            # A writer may have come between the list and the first question, or a compaction between two questions.
            if session.ask(_LAST)["commit"][0].as_py() == listed.commit:
                return figures
    raise LakeError(f"{lake.name} changes too fast for a report; try again when less is being written")


def as_json(figures: Figures) -> Row:
    """Return the figures as `--json` prints them."""
    return asdict(figures) | {"adds_up": figures.adds_up}


def _asked(root: str, ask: Ask, commit: int, tables: list[Row]) -> Figures:
    def rows(sql: str) -> list[Row]:
        return ask(sql).to_pylist()  # type: ignore[no-any-return]

    leading = rows(_LEADING)
    return Figures(
        lake=root,
        commit=commit,
        counts=rows(_READ)[0],
        overview=rows(_OVERVIEW)[0],
        days=rows(_DAYS),
        sources=_with_firsts(rows(_SOURCES), leading),
        languages=rows(_LANGUAGES),
        conflicts=rows(_CONFLICTS),
        family_sizes=in_sizes(leading),
        families=rows(_FAMILIES),
        entities=_with_trends(rows(_ENTITIES), rows(_TRENDS)),
        rejects=_with_examples(rows(_REASONS), rows(_EXAMPLES)),
        runs=rows(_RUNS),
        commits=rows("select count(*) as commits from runs")[0]["commits"],
        tables=tables,
        versions=rows(_NEWEST),
    )


def in_sizes(seen: Sequence[Row]) -> list[Row]:
    """Return families by size class, of `{size, families}` rows; classes past the largest family are left out."""
    largest = max((row["size"] for row in seen), default=0)
    classes = []
    for least, most in _SIZES:
        if least <= largest:
            of_class = [row for row in seen if least <= row["size"] and (most is None or row["size"] <= most)]
            families = sum(row["families"] for row in of_class)
            items = sum(row["size"] * row["families"] for row in of_class)
            classes.append({"least": least, "most": most, "families": families, "items": items})
    return classes


def _with_firsts(sources: list[Row], leading: list[Row]) -> list[Row]:
    firsts = Counter[str]()
    for row in leading:
        firsts[row["source"]] += row["families"] if row["size"] > 1 else 0
    return [row | {"first_in_family": firsts[row["source"]]} for row in sources]


def _with_trends(entities: list[Row], periods: list[Row]) -> list[Row]:
    named = {tuple(row[key] for key in ("type", "name", "id")): [0] * PERIODS for row in entities}
    # Asked for all names and kept for those that are shown: a second question for each would cost more.
    for row in periods:
        trend = named.get((row["type"], row["name"], row["id"]))
        if trend is not None:
            trend[row["period"]] = row["articles"]
    return [row | {"trend": named[row["type"], row["name"], row["id"]]} for row in entities]


def _with_examples(reasons: list[Row], examples: list[Row]) -> list[Row]:
    return [row | {"examples": [one for one in examples if one["reason"] == row["reason"]]} for row in reasons]


def _sizes_of(files: dict[str, list[Any]]) -> list[Row]:
    return [
        {
            "table": table,
            "files": len(listed),
            "rows": sum(file.rows for file in listed),
            "bytes": sum(file.bytes for file in listed),
        }
        for table, listed in files.items()
    ]
