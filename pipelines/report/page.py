"""Put the report together: one HTML page that asks nothing of any other place, and holds no script."""

from collections.abc import Callable, Iterator
from datetime import datetime

from pipelines.report.elements import Attributes, Markup, element, plain, shown
from pipelines.report.figures import Figures
from pipelines.report.flow import conservation, facts, rejects, runs, sources, tiles, volumes
from pipelines.report.parts import moment, paragraph
from pipelines.report.stories import entities, families, languages
from pipelines.report.style import style_sheet

_SECTIONS: dict[str, tuple[str, Callable[[Figures], Markup]]] = {
    "records": ("Records", conservation),
    "days": ("Days", volumes),
    "sources": ("Sources", sources),
    "languages": ("Languages", languages),
    "families": ("Families", families),
    "entities": ("Named most", entities),
    "rejects": ("Rejects", rejects),
    "runs": ("Runs", runs),
    "lake": ("The lake", facts),
}
_OF_STORIES = frozenset({"days", "sources", "languages", "families", "entities"})
# Should markup ever get through all the same, it could neither run nor load anything.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"


def page(figures: Figures, at: datetime) -> str:
    """Return the report as a whole document; `at` (UTC) is when the figures were asked for."""
    body = element("body", None, _head_of_page(figures, at), element("main", None, tiles(figures), *_sections(figures)))
    return "<!doctype html>\n" + element("html", {"lang": "en"}, _head(), body) + "\n"


def _said(figures: Figures) -> list[str]:
    """Return the sections that have something to say: without stories, those about stories have not."""
    return [name for name in _SECTIONS if figures.overview["stories"] or name not in _OF_STORIES]


def _sections(figures: Figures) -> Iterator[Markup]:
    if not figures.overview["stories"]:
        yield paragraph(plain("This lake holds no stories yet; newsfold ingest brings some."))
    for name in _said(figures):
        yield _SECTIONS[name][1](figures)


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
    links = (
        element("li", None, element("a", {"href": f"#{name}"}, plain(_SECTIONS[name][0]))) for name in _said(figures)
    )
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
