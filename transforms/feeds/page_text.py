"""What an item takes from its page: the full text if it is the same story, and what the feed does not tell.

Identity stays the feed's: `url`, `item_id` and `raw_sha256` do not change, so that the item is known at the next poll
without its page.
"""

from dataclasses import replace

from schemas.records import RawArticle
from transforms.markup.text import to_text
from transforms.sources.redaction import redacted

NOTE = "newsfold:page"
# Of the title's groups of five letters, on the page. Of 210 news pages 1.9 % fall short of their own title, and 0.6 %
# reach that of another page in their language; groups of three do not tell (66 %).
SAME_STORY = 0.5
_GROUP = 5


def with_page(article: RawArticle, page: RawArticle, address: str) -> RawArticle:
    """Return the item with the text of its page, or as it was where the page tells less or something else.

    Args:
        article: the item, as its feed has it.
        page: the page as read.
        address: where the page was, after redirects.
    """
    # Paywalls, consent pages and error pages are shorter than the summary, or about something else.
    full, own = page.text or "", _plain(article)
    if len(full) <= len(own):
        return without_page(article, "no_more_text")
    if not _tells(page, article.title or own):
        return without_page(article, "other_story")
    return replace(
        article,
        text=full,
        markup=False,
        text_kind="full",
        title=article.title or page.title,
        authors=article.authors or page.authors,
        categories=article.categories or page.categories,
        published=article.published or page.published,
        published_source=article.published_source if article.published else page.published_source,
        updated=article.updated or page.updated,
        declared_language=article.declared_language or page.declared_language,
        extra=(*article.extra, (NOTE, redacted(address))),
    )


def without_page(article: RawArticle, why: str) -> RawArticle:
    """Return the item with the reason why it has only what its feed says."""
    return replace(article, extra=(*article.extra, (NOTE, why)))


def _plain(article: RawArticle) -> str:
    text = article.text or ""
    return to_text(text) if article.markup else text


def _tells(page: RawArticle, words: str) -> bool:
    """Return whether a page holds what it is sought by: most of the groups of letters of a title or summary."""
    sought = _groups(words)
    found = _groups(f"{page.title or ''} {page.text or ''}")
    return not sought or len(sought & found) >= SAME_STORY * len(sought)


def _groups(text: str) -> set[str]:
    letters = "".join(letter for letter in text.casefold() if letter.isalnum())
    return {letters[at : at + _GROUP] for at in range(len(letters) - _GROUP + 1)}
