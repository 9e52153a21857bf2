"""A whole HTML page: its article's text, and what the page says about it."""

from dataclasses import dataclass

from transforms.markup.limits import visible_text
from transforms.markup.main_text import main_text
from transforms.markup.metadata import Metadata, read_metadata
from transforms.markup.tree import parse


@dataclass(frozen=True, slots=True)
class Page:
    """One page as read; strings as found, missing ones None."""

    text: str  # plain, paragraphs parted by blank lines; empty only where the page shows no text at all
    title: str | None = None
    authors: tuple[str, ...] = ()
    published: str | None = None
    published_source: str | None = None  # json-ld, meta or time
    updated: str | None = None
    canonical_link: str | None = None  # absolute
    language: str | None = None  # as declared
    site_name: str | None = None
    categories: tuple[str, ...] = ()


def read_page(html: str) -> Page:
    """Return what an HTML page tells.

    Raises:
        TooLarge: the page exceeds 2 MB, or its tree would be out of proportion.
        TooDeep: it nests deeper than 512 elements.
    """
    root = parse(html)
    about = read_metadata(root) if root is not None else Metadata()
    text = main_text(root, about.body) if root is not None else ""
    return Page(
        text=_without_headline(text, about) or text or visible_text(html),
        title=about.title,
        authors=about.authors,
        published=about.published,
        published_source=about.published_source,
        updated=about.updated,
        canonical_link=about.canonical_link,
        language=about.language,
        site_name=about.site_name,
        categories=about.categories,
    )


def _without_headline(text: str, about: Metadata) -> str:
    """Return the text without the headline above it, which the title says already."""
    paragraphs = text.split("\n\n")
    known = {_letters(line) for line in (about.title, about.headline) if line}
    place = next((place for place, paragraph in enumerate(paragraphs[:4]) if _letters(paragraph) in known), None)
    return text if place is None else "\n\n".join(paragraphs[:place] + paragraphs[place + 1 :])


def _letters(line: str) -> str:
    return "".join(letter for letter in line.casefold() if letter.isalnum())
