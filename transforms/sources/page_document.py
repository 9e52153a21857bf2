"""HTML bytes to a parsed document: charset, limits, and the page's fields under their names in a record."""

from schemas.reasons import Reason
from transforms.markup.limits import MAX_HTML_BYTES, TooDeep, TooLarge
from transforms.markup.page import Page, read_page
from transforms.sources.feed_document import ParsedArticle, ParsedDocument, refused, within_limits
from transforms.sources.prepass import decode_html


def parse_page(payload: bytes) -> ParsedDocument:
    """Parse one HTML page; every failure is a fault in the document returned, none is raised."""
    if len(payload) > MAX_HTML_BYTES:
        return refused("html", Reason.TOO_LARGE, f"{len(payload)} bytes of HTML; at most {MAX_HTML_BYTES} are read")
    decoded = decode_html(payload)
    try:
        page = read_page(decoded.text)
    except TooLarge as error:
        return refused("html", Reason.TOO_LARGE, str(error))
    except TooDeep as error:
        return refused("html", Reason.TOO_DEEP, str(error))
    if not page.text and not page.title:
        return refused("html", Reason.EMPTY, "the page shows neither title nor text")
    kept, over = within_limits([_article(page)])
    return ParsedDocument("html", decoded.charset, page.site_name, None, None, kept, over)


def _article(page: Page) -> ParsedArticle:
    return ParsedArticle(
        place=None,
        # A saved page has no address but the one that it calls its own; a fetched one's is told by its item.
        url=page.canonical_link,
        canonical_link=page.canonical_link,
        title=page.title,
        text=page.text or None,
        text_kind="full" if page.text else "title",
        authors=page.authors,
        categories=page.categories,
        published=page.published,
        published_source=page.published_source,
        updated=page.updated,
        language=page.language,
    )
