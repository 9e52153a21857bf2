"""Put the report together: one HTML page that asks nothing of any other place, and holds no script."""

from datetime import datetime

from pipelines.elements import Attributes, Markup, element, plain, shown
from pipelines.report import Figures
from pipelines.report_flow import conservation, facts, rejects, runs, sources, tiles, volumes
from pipelines.report_parts import moment, paragraph
from pipelines.report_stories import entities, families, languages
from pipelines.report_style import style_sheet

_CONTENTS = {
    "records": "Records",
    "days": "Days",
    "sources": "Sources",
    "languages": "Languages",
    "families": "Families",
    "entities": "Named most",
    "rejects": "Rejects",
    "runs": "Runs",
    "lake": "The lake",
}
# Should markup ever get through all the same, it could neither run nor load anything.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"


def page(figures: Figures, at: datetime) -> str:
    """Return the report as a whole document; `at` (UTC) is when the figures were asked for."""
    body = element("body", None, _head_of_page(figures, at), element("main", None, tiles(figures), *_sections(figures)))
    return "<!doctype html>\n" + element("html", {"lang": "en"}, _head(), body) + "\n"


def _sections(figures: Figures) -> tuple[Markup, ...]:
    drawn = (conservation, volumes, sources, languages, families, entities, rejects, runs, facts)
    return tuple(section(figures) for section in drawn)


def _head() -> Markup:
    metas: tuple[Attributes, ...] = (
        {"charset": "utf-8"},
        {"name": "viewport", "content": "width=device-width, initial-scale=1"},
        {"name": "color-scheme", "content": "light dark"},
        {"name": "referrer", "content": "no-referrer"},
        {"http-equiv": "Content-Security-Policy", "content": _POLICY},
    )
    return element(
        "head",
        None,
        *(element("meta", given) for given in metas),
        element("title", None, plain("newsfold report")),
        element("link", {"rel": "icon", "href": "data:,"}),
        element("style", None, Markup(style_sheet())),
    )


def _head_of_page(figures: Figures, at: datetime) -> Markup:
    when = plain(f"As of {moment(at)} UTC, commit {figures.commit:,}. All times are UTC.")
    links = (element("li", None, element("a", {"href": f"#{name}"}, plain(text))) for name, text in _CONTENTS.items())
    return element(
        "header",
        None,
        element("h1", None, plain("What is in the lake")),
        paragraph(shown(figures.lake, 300), kind="soft"),
        paragraph(when, plain(_period(figures)), kind="soft"),
        element("nav", {"aria-label": "Contents"}, element("ul", None, *links)),
    )


def _period(figures: Figures) -> str:
    seen = figures.overview
    if seen["first_published"] is None:
        return ""
    return f" Stories published from {moment(seen['first_published'])} to {moment(seen['last_published'])}."
