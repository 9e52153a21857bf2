"""What is measured of a page's blocks, and which names are believed."""

import pytest

from transforms.markup.main_text import main_text
from transforms.markup.survey import Block, survey
from transforms.markup.tree import Node, parse

_SENTENCE = "The council of the harbour town decided on Tuesday to close the old bridge for repairs. "


def _root(body: str) -> Node:
    root = parse(f"<html><body>{body}</body></html>")
    assert root is not None
    return root


def _blocks(body: str) -> dict[str, Block]:
    """Return the measured blocks by id."""
    top = _root(body).css_first("body")
    assert top is not None
    return {block.node.attributes.get("id") or block.node.tag or "": block for block in survey(top).values()}


def test_letters_are_counted_in_and_outside_links() -> None:
    block = _blocks("<div id=a>four <a href=x>linked</a> five</div>")["a"]
    assert (block.letters, block.all_letters, block.all_linked) == (8, 14, 6)


def test_prose_of_paragraphs_adds_up_and_labels_do_not_count() -> None:
    blocks = _blocks(f"<div id=a><p>{_SENTENCE}</p><p>Label</p><h2>{_SENTENCE}</h2></div>")
    assert blocks["a"].prose == len(_SENTENCE.strip())


def test_a_believed_name_takes_what_is_in_it_along() -> None:
    blocks = _blocks(f"<div>{_SENTENCE * 9}</div><div id=s class=sidebar><div id=i><p>{_SENTENCE}</p></div></div>")
    assert blocks["s"].around
    assert blocks["i"].around


@pytest.mark.parametrize("name", ["sidebar", "social-share", "related", "promo"])
def test_a_name_is_not_believed_against_all_prose_of_the_page(name: str) -> None:
    assert _SENTENCE.strip() in main_text(
        _root(f'<div class="{name}"><p>{_SENTENCE * 5}</p></div><p>Short line here now.</p>')
    )


def test_readers_comments_are_never_the_article_however_long() -> None:
    page = f'<div><p>{_SENTENCE * 3}</p></div><div class="comments"><p>{"I do not agree. " * 500}</p></div>'
    assert "agree" not in main_text(_root(page))


def test_a_page_of_nothing_but_comments_still_gives_text() -> None:
    assert "agree" in main_text(_root(f'<div class="comments"><p>{"I do not agree. " * 50}</p></div>'))


def test_the_block_around_the_headline_is_trusted() -> None:
    page = f'<div class="related" id="r"><h1>Bridge</h1><p>{_SENTENCE}</p></div><div><p>{_SENTENCE * 3}</p></div>'
    assert not _blocks(page)["r"].around


def test_lists_of_links_are_left_out_of_the_text() -> None:
    links = "".join(f"<li><a href=x>Another story, number {number}</a></li>" for number in range(9))
    assert "Another" not in main_text(_root(f"<article><p>{_SENTENCE * 3}</p><ul>{links}</ul></article>"))


def test_stated_text_is_taken_only_where_the_page_shows_much_less() -> None:
    page = _root(f"<article><p>{_SENTENCE * 4}</p></article>")
    assert main_text(page, _SENTENCE * 5) == (_SENTENCE * 4).strip()
    assert main_text(page, _SENTENCE * 12) == _SENTENCE * 12
