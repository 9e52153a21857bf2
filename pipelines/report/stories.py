"""The sections of the report on what the stories are: their languages, their families, whom and what they name."""

import re
from collections.abc import Sequence

from pipelines.report.charts import Part, bar, split, trend
from pipelines.report.elements import NOTHING, Attributes, Markup, element, joined, plain, shown
from pipelines.report.figures import Figures, Row
from pipelines.report.parts import (
    Heading,
    key,
    language,
    moment,
    number,
    paragraph,
    percent,
    plural,
    section,
    table,
)

MOST_LANGUAGES = 20
_KINDS = ("exact", "near", "excerpt", "expansion")
_TYPES = {"person": "Persons", "place": "Places", "organisation": "Organisations"}
# What an id of ours must look like to become a link; anything else is shown as text.
_LINKS = (
    (re.compile(r"wikidata:(Q[1-9][0-9]{0,11})"), "https://www.wikidata.org/wiki/{}"),
    (re.compile(r"geonames:([1-9][0-9]{0,11})"), "https://www.geonames.org/{}"),
)


def languages(figures: Figures) -> Markup:
    """Return the languages, how sure they are, and where another one was declared."""
    seen = figures.overview
    some = figures.languages[:MOST_LANGUAGES]
    highest = max((row["stories"] for row in some), default=0)
    headings = [
        Heading("Language"),
        Heading("Stories", "n"),
        Heading("Share", "n"),
        Heading("Mean score", "n"),
        Heading("Declared otherwise", "n"),
        Heading("Drawn", "drawn"),
    ]
    rows = [_language(row, seen["stories"], highest) for row in some]
    hidden = figures.languages[MOST_LANGUAGES:]
    rest = f"{plural(len(hidden), 'other language', 'other languages')}: {_listed(hidden)}" if hidden else ""
    thin = plural(seen["undetermined"], "story is", "stories are") if seen["undetermined"] else "No story is"
    found = f"{thin} too thin or too mixed to tell ({percent(seen['undetermined'], seen['stories'])})."
    return section(
        "languages",
        "Languages",
        paragraph(plain(found)),
        key([("new", "articles"), ("near", "copies")]),
        table("Languages as detected", headings, rows, "languages-table"),
        paragraph(plain(rest), kind="soft") if rest else NOTHING,
        *_conflicts(figures),
    )


def families(figures: Figures) -> Markup:
    """Return how large families are, and the largest of them."""
    alone = sum(row["families"] for row in figures.family_sizes if row["least"] == 1)
    classes = [row for row in figures.family_sizes if row["least"] > 1]
    if not classes:
        text = f"{plural(alone, 'item stands', 'items stand')} alone; no story is told twice."
        return section("families", "Families", paragraph(plain(text)))
    highest = max(row["items"] for row in classes)
    copies, items = sum(row["families"] for row in classes), sum(row["items"] for row in classes)
    told = (
        f"{plural(alone, 'item stands', 'items stand')} alone; {items:,} form {plural(copies, 'family', 'families')}."
    )
    headings = [
        Heading("Items"),
        Heading("Families", "n"),
        Heading("Items in them", "n"),
        Heading("Drawn", "drawn"),
    ]
    rows = [
        [plain(_class(row)), number(row["families"]), number(row["items"]), bar(row["items"], highest, "near")]
        for row in classes
    ]
    return section(
        "families",
        "Families: stories told more than once",
        paragraph(plain(told)),
        table("Families by number of items", headings, rows, "sizes"),
        element("h3", None, plain("Largest families")),
        key([("new", "article"), *((kind, kind) for kind in _KINDS)]),
        element("ol", {"class": "families"}, *(_family(row, figures.families[0]) for row in figures.families)),
    )


def entities(figures: Figures) -> Markup:
    """Return whom and what articles name most, by type."""
    types = sorted({row["type"] for row in figures.entities}, key=lambda kind: (kind not in _TYPES, kind))
    order = [kind for kind in _TYPES if kind in types] + [kind for kind in types if kind not in _TYPES]
    if not order:
        return section("entities", "Named most", paragraph(plain("No article names anyone or anything that is known.")))
    tables = (_entities(kind, [row for row in figures.entities if row["type"] == kind]) for kind in order)
    told = (
        "Counted over articles, each story once; mentions count every time it is named. "
        "Over time: articles from the first dated one to the last, in equal periods."
    )
    return section("entities", "Named most", paragraph(plain(told)), element("div", {"class": "types"}, *tables))


def linked(identifier: str | None) -> Markup:
    """Return an id as a link to its authority, where it has one; nothing is fetched unless a reader follows it."""
    for pattern, address in _LINKS:
        match = pattern.fullmatch(identifier or "")
        if match:
            # Made of digits that were matched, not of what the lake holds.
            given: Attributes = {"href": address.format(match[1]), "rel": "noopener noreferrer"}
            return element("a", given, plain(match[0]))
    return shown(identifier, 40)


def _language(row: Row, stories: int, highest: int) -> list[Markup]:
    parts = [Part("articles", row["articles"], "new"), Part("copies", row["duplicates"], "near")]
    code = row["language"] or ""
    name = joined([plain(language(code)), plain(" ") if code else NOTHING, element("code", None, shown(code, 8))])
    share = plain(percent(row["stories"], stories))
    return [
        name,
        number(row["stories"]),
        share,
        plain(_score(row["mean_score"])),
        _otherwise(row),
        split(parts, highest),
    ]


def _score(mean: float | None) -> str:
    if mean is None:
        return "none"
    return "> 0.999" if 0.9995 <= mean < 1 else f"{mean:.3f}"


def _otherwise(row: Row) -> Markup:
    return plain(f"{row['conflicts']:,} of {row['declared']:,}" if row["declared"] else "none")


def _listed(rows: Sequence[Row]) -> str:
    return ", ".join(f"{language(row['language'])} {row['stories']:,}" for row in rows) + "."


def _conflicts(figures: Figures) -> tuple[Markup, ...]:
    declared = sum(row["declared"] for row in figures.languages)
    count = sum(row["conflicts"] for row in figures.languages)
    if not count:
        return (paragraph(plain(f"{declared:,} stories declare a language; none was found to be in another one.")),)
    headings = [Heading("Declared"), Heading("Detected"), Heading("Stories", "n"), Heading("One of them")]
    rows = [
        [shown(row["declared"], 12), shown(row["detected"], 12), number(row["stories"]), shown(row["example"], 90)]
        for row in figures.conflicts
    ]
    text = f"{declared:,} stories declare a language; {count:,} ({percent(count, declared)}) are in another one."
    return (
        element("h3", None, plain("Declared one, written in another")),
        paragraph(plain(text)),
        table("Declared against detected language", headings, rows, "conflicts"),
    )


def _class(row: Row) -> str:
    if row["most"] is None:
        return f"{row['least']} or more"
    return str(row["least"]) if row["least"] == row["most"] else f"{row['least']} to {row['most']}"


def _family(row: Row, largest: Row) -> Markup:
    article = "article" if row["articles"] == 1 else "articles"
    parts = [Part(article, row["articles"], "new"), *(Part(kind, row[kind], kind) for kind in _KINDS)]
    # All bars to one scale, that of the largest family, so that they can be compared down the page.
    full = sum(largest[name] for name in ("articles", *_KINDS))
    title: Attributes = {"class": "title"} | ({"lang": row["languages"][0]} if len(row["languages"]) == 1 else {})
    counted = [(part.colour, f"{part.value:,.0f} {part.name}") for part in parts if part.value]
    told = element("span", {"class": "soft"}, plain(f"{plural(row['size'], 'item', 'items')} · "))
    return element(
        "li",
        None,
        element("div", title, shown(row["title"], 140)),
        element("div", None, told, _places(row)),
        split(parts, full),
        key(counted),
        element("div", {"class": "soft"}, plain(_span(row))),
    )


def _places(row: Row) -> Markup:
    names = row["sources"] or []
    said = ", ".join(language(code) for code in row["languages"])
    some = [shown(name, 40) for name in names[:5]]
    more = plain(f" and {len(names) - 5:,} more") if len(names) > 5 else NOTHING
    sources = plain(f"{said} · {plural(len(names), 'source', 'sources')}{': ' if names else ''}")
    return element("span", {"class": "soft"}, sources, joined(some, ", "), more)


def _span(row: Row) -> str:
    if row["first_seen"] is None:
        return "no dates"
    if row["hours"] == 0:
        return f"{moment(row['first_seen'])} UTC"
    return f"{moment(row['first_seen'])} to {moment(row['last_seen'])} UTC: {row['hours']:,.1f} hours"


def _entities(kind: str, rows: Sequence[Row]) -> Markup:
    headings = [
        *(Heading(_TYPES.get(kind, kind)), Heading("Articles", "n"), Heading("Mentions", "n")),
        Heading("Over time", "drawn"),
    ]
    cells = [[_entity(row), number(row["articles"]), number(row["mentions"]), _trend(row["trend"])] for row in rows]
    return table(f"{_TYPES.get(kind, kind)} named in most articles", headings, cells, f"entities-{kind}")


def _trend(articles: Sequence[int]) -> Markup:
    """Draw in how many articles of each period a name stands; nothing where none is dated."""
    if not any(articles):
        return NOTHING
    return trend(articles, f"articles in {len(articles)} equal periods: {', '.join(map(str, articles))}")


def _entity(row: Row) -> Markup:
    identifier = element("span", {"class": "id"}, linked(row["id"])) if row["id"] else NOTHING
    return joined([shown(row["name"], 60), identifier])
