"""The tree, the walk over it, and how elements become lines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.markup.layout import Layout
from transforms.markup.limits import TooDeep, TooLarge
from transforms.markup.main_text import main_text
from transforms.markup.page import read_page
from transforms.markup.tree import parse, walk

PROSE = "The old ferry will run all winter, the county said on Tuesday after a test in the basin. " * 3
INLINE = ("b", "i", "em", "strong", "a", "span", "code", "sup", "mark", "abbr")


def laid_out(html: str, skip: frozenset[str] = frozenset()) -> str:
    root = parse(f"<body>{html}")
    assert root is not None
    layout = Layout()
    for event, node in walk(root, skip):
        layout.take(event, node)
    return layout.text()


@pytest.mark.parametrize("tag", ["p", "div", "section", "blockquote", "h2", "pre", "figure", "address", "ul"])
def test_a_block_is_a_paragraph(tag: str) -> None:
    assert laid_out(f"before<{tag}>inside</{tag}>after") == "before\n\ninside\n\nafter"


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<ul><li>one</li><li>two</li></ul>", "one\ntwo"),
        ("<ol><li><p>one</p></li><li>two</li></ol>", "one\n\ntwo"),
        ("<dl><dt>term</dt><dd>meaning</dd></dl>", "term\nmeaning"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ("<table><caption>Times</caption><tr><th>a</th></tr></table>", "Times\na"),
        ("one<br>two<br><br>three<br><br><br>four", "one\ntwo\n\nthree\n\nfour"),
        ("one<hr>two", "one\n\ntwo"),
        ("<p>one</p>\n \n<p></p><p> </p><p>two</p>", "one\n\ntwo"),
        ("<div><div><div>one</div></div></div>two", "one\n\ntwo"),
        ("<pre>  a\n    b\n</pre>c  d", "  a\n    b\n\nc d".strip()),
        ("a&nbsp;b &amp; c", "a b & c"),
        ("", ""),
    ],
)
def test_lines_and_paragraphs(html: str, expected: str) -> None:
    assert laid_out(html) == expected


@given(st.lists(st.tuples(st.sampled_from(INLINE), st.text("abcñ大", min_size=1, max_size=4)), min_size=1, max_size=8))
def test_inline_elements_never_part_a_word(parts: list[tuple[str, str]]) -> None:
    html = "".join(f"<{tag}>{text}</{tag}>" for tag, text in parts)
    assert laid_out(html) == "".join(text for _, text in parts)


@given(st.lists(st.text("ab <>&\n\t", max_size=6), max_size=8))
def test_no_text_has_three_breaks_or_blanks_at_its_ends(parts: list[str]) -> None:
    text = laid_out("".join(f"<p>{part}" for part in parts))
    assert "\n\n\n" not in text
    assert text == text.strip()


def test_a_walk_opens_and_closes_every_element_in_order() -> None:
    root = parse("<body><p>one<b>two</b></p><script>x</script><!-- no --></body>")
    assert root is not None
    body = root.css_first("body")
    assert body is not None
    steps = [(event, node.tag if event != "text" else node.text_content) for event, node in walk(body, {"script"})]
    assert steps == [
        *(("open", "body"), ("open", "p"), ("text", "one"), ("open", "b"), ("text", "two")),
        *(("close", "b"), ("close", "p"), ("close", "body")),
    ]


def test_deep_trees_are_walked_without_recursion() -> None:
    assert laid_out("<div>" * 500 + "deep" + "</div>" * 500) == "deep"
    with pytest.raises(TooDeep):
        parse("<div>" * 600)
    with pytest.raises(TooLarge):
        parse("x" * (2 * 1024 * 1024 + 1))


def test_nothing_has_no_tree_worth_walking() -> None:
    assert laid_out("") == ""
    assert read_page("").text == ""
    assert read_page("\ud800 text").text.endswith("text")


@pytest.mark.parametrize(
    ("html", "kept", "left_out"),
    [
        (f"<article><p>{PROSE}</p></article><div class='share-bar'>Share this</div>", "ferry", "Share"),
        (
            f"<main><p>{PROSE}</p><div class='related'><p>Other stories of today for you.</p></div></main>",
            "ferry",
            "Other",
        ),
        (f"<div class='entry-content'><p>{PROSE}</p></div><div><p>{'Stray words. ' * 4}</p></div>", "ferry", "Stray"),
        (f"<article><p>{PROSE}</p></article><article><p>Second story. {PROSE}</p></article>", "ferry", "Second"),
        (f"<div><p>{PROSE}</p><p hidden>{PROSE} secret</p></div>", "ferry", "secret"),
        (f"<div><p>{PROSE}</p><p style='display: none'>gone</p></div>", "ferry", "gone"),
        (f"<p itemprop='articleBody'>teaser</p><div><p>{PROSE}</p></div>", "ferry", "%"),
        ("<div><p>Short note.</p></div>", "Short note.", "%"),
    ],
)
def test_the_main_part_is_kept_and_its_surroundings_are_not(html: str, kept: str, left_out: str) -> None:
    root = parse(f"<body>{html}</body>")
    assert root is not None
    text = main_text(root)
    assert kept in text
    assert left_out not in text


@pytest.mark.parametrize(
    ("stated", "taken"),
    [(PROSE * 3, True), (PROSE, False), ("Short.", False), (None, False)],
)
def test_the_stated_text_is_taken_where_the_page_shows_less_than_half(stated: str | None, taken: bool) -> None:
    root = parse(f"<body><p>{PROSE}</p></body>")
    assert root is not None
    assert (main_text(root, stated) == stated) is taken


@pytest.mark.parametrize(
    ("title", "heading", "stays"),
    [
        ("Ferry runs all winter", "Ferry runs all winter", False),
        ("Ferry runs all winter", "FERRY RUNS ALL WINTER!", False),
        ("Ferry runs all winter", "Ferry runs all winter, says county", False),
        ("Ferry runs all winter", "Copper belt holds the ice", True),
    ],
)
def test_a_headline_inside_the_article_is_dropped_only_where_the_title_says_it(
    title: str, heading: str, stays: bool
) -> None:
    page = read_page(
        f"<head><meta property='og:title' content='{title}'></head>"
        f"<body><article><h1>{heading}</h1><p>{PROSE}</p></article><h1>Another heading here</h1></body>"
    )
    assert page.text.startswith(heading) is stays
    assert page.title == title
