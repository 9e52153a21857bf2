"""The sections of the report on what came in and what became of it: counts, days, sources, rejects, runs, files."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from pipelines.report.calendar import Bin, Calendar, calendar
from pipelines.report.charts import Column, Part, bar, columns, split, strip
from pipelines.report.elements import NOTHING, Attributes, Markup, element, joined, plain, shown
from pipelines.report.figures import Figures, Row
from pipelines.report.parts import (
    Heading,
    day,
    key,
    moment,
    number,
    paragraph,
    percent,
    plural,
    section,
    size_of,
    swatch,
    table,
)

OUTCOMES = {
    "new": "a story not told before",
    "revision": "a new version of an item that was stored",
    "exact": "the same text and title again",
    "near": "the same text, edited or with another title",
    "excerpt": "a shorter cut of a stored story",
    "expansion": "a longer telling of a stored story",
    "seen": "read before, unchanged, not stored again",
    "rejected": "refused, and kept with the reason",
}
"""What becomes of a record that is read: name → what it means. Each is also a colour of the page."""

_REASONS = {
    "unreadable": "the file cannot be opened or read",
    "outside_tree": "a link leads out of the folder that was given",
    "unknown_format": "the bytes are in no format that is read",
    "broken_archive": "compressed data is damaged or cut short",
    "bad_encoding": "the bytes are text in no encoding",
    "broken_record": "a line, row or entry does not parse",
    "not_a_record": "it parses, but has no fields",
    "bad_field": "a field holds what cannot be its meaning",
    "too_large": "past a size limit",
    "too_deep": "nested past a limit",
    "too_slow": "past the parser's time limit",
    "parser_died": "the parser crashed or ran out of memory",
    "not_a_feed": "a feed was expected, and this is none",
    "empty": "neither a title nor a text",
}


def tiles(figures: Figures) -> Markup:
    """Return the headline figures."""
    seen, counts = figures.overview, figures.counts
    families = [row for row in figures.family_sizes if row["least"] > 1]
    told = {
        "Records read": (f"{counts['read']:,}", plural(figures.commits, "commit", "commits")),
        "Articles": (f"{seen['articles']:,}", f"{seen['words']:,} words, copies included"),
        "Copies folded away": (f"{seen['duplicates']:,}", f"{percent(seen['duplicates'], seen['stories'])} of stories"),
        "Families of copies": (f"{sum(row['families'] for row in families):,}", "of two stories or more"),
        "Sources": (f"{seen['sources']:,}", f"{plural(seen['without_source'], 'story names', 'stories name')} none"),
        "Languages": (f"{seen['languages']:,}", f"{plural(seen['undetermined'], 'story', 'stories')} undetermined"),
        "Look-alikes kept apart": (f"{seen['lookalikes']:,}", "same template, other facts"),
        "Open rejects": (f"{sum(row['records'] for row in figures.rejects):,}", f"of {counts['rejected']:,} rejected"),
    }
    return element("dl", {"class": "tiles"}, *(_tile(name, *words) for name, words in told.items()))


def conservation(figures: Figures) -> Markup:
    """Return what became of all that was read, as a sum, a bar and a table."""
    # Every outcome has its row, also those that nothing had: a sum with terms left out proves nothing.
    counts = figures.counts
    parts = [Part(name, counts[name], name) for name in OUTCOMES]
    said = ", ".join(f"{name} {counts[name]:,}" for name in OUTCOMES if counts[name])
    headings = [Heading("Outcome"), Heading("Records", "n"), Heading("Share", "n"), Heading("Meaning")]
    rows = [_outcome(name, meaning, figures) for name, meaning in OUTCOMES.items()]
    rows.append([plain("read"), number(counts["read"]), plain(percent(counts["read"], counts["read"])), NOTHING])
    return section(
        "records",
        "What became of every record",
        _equation(counts),
        element("figure", None, strip(parts, "Records by outcome", f"{counts['read']:,} read: {said}."))
        if said
        else NOTHING,
        _verdict(figures),
        table("Records by outcome, over all commits", headings, rows, "outcomes"),
    )


def volumes(figures: Figures) -> Markup:
    """Return how many stories are dated on each day."""
    days = calendar(figures.days)
    if not days.bins:
        return section("days", "Stories by day", paragraph(plain("No story has a date.")))
    stack = [Column(one.label, _layers(one)) for one in days.bins]
    span = f"{day(figures.days[0]['day'])} to {day(figures.days[-1]['day'])}"
    busiest = max(days.bins, key=lambda one: one.articles + one.duplicates)
    most = f"most on {_named(busiest, days.unit)}: {busiest.articles + busiest.duplicates:,}"
    title = f"Stories by {days.unit} of publication"
    drawing = columns(stack, title, f"{len(stack)} columns, {span}; {most}.")
    legend = key([("new", "articles"), ("near", "duplicates")])
    note = paragraph(plain(f"By {days.unit}, in UTC, {span}; {most}. {_undrawn(days)}{_undated(figures)}"), kind="soft")
    return section("days", "Stories by day", legend, element("figure", None, drawing), note, _day_table(figures.days))


def sources(figures: Figures) -> Markup:
    """Return the largest sources: what each tells first and what it copies."""
    seen = figures.overview
    highest = max((row["stories"] for row in figures.sources), default=0)
    headings = [
        Heading("Source"),
        Heading("Stories", "n"),
        Heading("Articles", "n"),
        Heading("Copies", "n"),
        Heading("Copied", "n"),
        Heading("First", "n"),
        Heading("Drawn", "drawn"),
    ]
    rows = [_source(row, highest) for row in figures.sources]
    others = seen["sources"] - len(figures.sources)
    rest = seen["stories"] - seen["without_source"] - sum(row["stories"] for row in figures.sources)
    other = f"{plural(others, 'other source has', 'other sources have')} {rest:,} stories. " if others else ""
    nameless = f"{plural(seen['without_source'], 'story names', 'stories name')} no source. "
    meant = "Copied: the share of a source's stories that fold into another. First: how often its story leads a family."
    return section(
        "sources",
        "Sources: who tells first, who copies",
        paragraph(plain(other + (nameless if seen["without_source"] else "") + meant)),
        key([("new", "articles"), ("near", "copies")]),
        table(f"Sources with most stories ({len(rows)} of {seen['sources']:,})", headings, rows, "sources-table"),
    )


def rejects(figures: Figures) -> Markup:
    """Return what is refused and not replayed since, by reason, with examples."""
    total = sum(row["records"] for row in figures.rejects)
    if not total:
        text = "Nothing is refused." if not figures.counts["rejected"] else "All that was refused was replayed since."
        return section("rejects", "Rejects", paragraph(plain(text)))
    highest = max(row["records"] for row in figures.rejects)
    headings = [Heading("Reason"), Heading("Records", "n"), Heading("Drawn", "drawn")]
    rows = [_reason(row, highest) for row in figures.rejects]
    examples = [_example(one) for row in figures.rejects for one in row["examples"]]
    read = figures.counts["read"]
    told = paragraph(plain(f"{total:,} open, {percent(total, read)} of {read:,} records read."))
    return section(
        "rejects",
        "Rejects",
        told,
        table("Open rejects by reason", headings, rows, "rejects-table"),
        table("Some of each", [Heading("Place"), Heading("Why"), Heading("Size", "n")], examples, "examples"),
    )


def runs(figures: Figures) -> Markup:
    """Return the last commits."""
    if not figures.runs:
        return section("runs", "Runs", paragraph(plain("Nothing was committed yet.")))
    headings = [Heading("Commit", "n"), Heading("Command"), Heading("Committed (UTC)", "w"), Heading("Seconds", "n")]
    headings += [Heading(name, "n") for name in ("read", *OUTCOMES)] + [Heading("Inputs")]
    caption = f"The last {plural(len(figures.runs), 'commit', 'commits')} of {figures.commits:,}, newest first"
    return section("runs", "Runs", table(caption, headings, [_run(row) for row in figures.runs], "runs-table"))


def facts(figures: Figures) -> Markup:
    """Return what the lake is made of, and which releases made its newest rows."""
    headings = [Heading("Table"), Heading("Rows", "n"), Heading("Files", "n"), Heading("Size", "n")]
    rows = [
        [plain(row["table"]), number(row["rows"]), number(row["files"]), plain(size_of(row["bytes"]))]
        for row in sorted(figures.tables, key=lambda row: str(row["table"]))
    ]
    versions = [[shown(row["name"]), shown(row["version"])] for row in figures.versions]
    made = table("Versions that made the last commit", [Heading("Part"), Heading("Version")], versions, "versions")
    return section(
        "lake",
        "The lake",
        paragraph(shown(figures.lake, 500)),
        table("Committed Parquet files", headings, rows, "files"),
        made if versions else NOTHING,
    )


def _tile(name: str, figure: str, remark: str) -> Markup:
    value = element("dd", None, plain(figure), element("small", None, plain(remark)))
    return element("div", None, element("dt", None, plain(name)), value)


def _outcome(name: str, meaning: str, figures: Figures) -> list[Markup]:
    count, read = figures.counts[name], figures.counts["read"]
    return [
        element("span", {"class": "w"}, swatch(name), plain(name)),
        number(count),
        plain(percent(count, read)),
        plain(meaning),
    ]


def _equation(counts: Row) -> Markup:
    terms = [element("span", None, plain(f"{counts[name]:,} {name}")) for name in OUTCOMES]
    left = element("b", None, plain(f"{counts['read']:,} read"))
    return paragraph(left, plain(" = "), joined(terms, " + "), kind="sum")


def _verdict(figures: Figures) -> Markup:
    if figures.adds_up:
        return paragraph(plain("The sum is right, and the tables hold as many rows as it says."), kind="good")
    text = "This does not add up: the outcomes, or the rows of the tables, differ from what was read. "
    return paragraph(plain(text + "Run newsfold verify on this lake."), kind="bad")


def _layers(one: Bin) -> tuple[Part, ...]:
    return Part("articles", one.articles, "new"), Part("duplicates", one.duplicates, "near")


def _named(one: Bin, unit: str) -> str:
    if unit == "week":
        return f"the week of {day(one.first)}"
    return day(one.first) if unit == "day" else one.label


def _undated(figures: Figures) -> str:
    undated = figures.overview["undated"]
    return f"{plural(undated, 'story has', 'stories have')} no date." if undated else "Every story has a date."


def _undrawn(days: Calendar) -> str:
    first = f"{plural(days.before, 'earlier story is', 'earlier stories are')} not drawn. " if days.before else ""
    last = f"{plural(days.after, 'later story is', 'later stories are')} not drawn. " if days.after else ""
    return first + last


def _day_table(days: Sequence[dict[str, Any]]) -> Markup:
    headings = [Heading("Day", "w"), Heading("Articles", "n"), Heading("Duplicates", "n"), Heading("Together", "n")]
    rows = [
        [
            _time(row["day"]),
            number(row["articles"]),
            number(row["duplicates"]),
            number(row["articles"] + row["duplicates"]),
        ]
        for row in days
    ]
    summary = element("summary", None, plain(f"The numbers, {plural(len(rows), 'day', 'days')}"))
    return element("details", None, summary, table("Stories by day of publication, UTC", headings, rows, "days-table"))


def _time(value: date) -> Markup:
    return element("time", {"datetime": value.isoformat()}, plain(day(value)))


def _source(row: Row, highest: int) -> list[Markup]:
    counts = [number(row[name]) for name in ("stories", "articles", "duplicates")]
    copied = plain(percent(row["duplicates"], row["stories"]))
    parts = [Part("articles", row["articles"], "new"), Part("copies", row["duplicates"], "near")]
    return [shown(row["source"], 60), *counts, copied, number(row["first_in_family"]), split(parts, highest)]


def _reason(row: Row, highest: int) -> list[Markup]:
    meaning = element("div", {"class": "soft"}, plain(_REASONS.get(row["reason"], "")))
    reason = joined([element("code", None, shown(row["reason"])), meaning])
    return [reason, number(row["records"]), bar(row["records"], highest, "rejected")]


def _example(row: Row) -> list[Markup]:
    detail = joined([element("code", None, shown(row["reason"])), plain(": "), shown(row["detail"], 160)])
    return [shown(row["source_uri"], 160), detail, plain(size_of(row["payload_bytes"] or 0))]


def _run(row: Row) -> list[Markup]:
    given: Attributes = {"datetime": row["committed_at"].isoformat()}
    committed = element("time", given, plain(moment(row["committed_at"])))
    counts = [number(row[name]) for name in ("read", *OUTCOMES)]
    more = f" and {len(row['inputs']) - 1:,} more" if len(row["inputs"] or ()) > 1 else ""
    inputs = joined([shown(row["inputs"][0], 60), plain(more)]) if row["inputs"] else NOTHING
    return [number(row["commit"]), shown(row["command"]), committed, plain(f"{row['seconds']:,.1f}"), *counts, inputs]
