"""HTML fragments to plain text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.markup.text import TooDeep, TooLarge, to_text


def test_paragraphs_are_parted_by_blank_lines() -> None:
    assert to_text("<p>One\n two.</p><p>Three.</p>") == "One two.\n\nThree."


def test_list_items_and_headings_stand_on_their_own_lines() -> None:
    assert to_text("<h2>Head</h2><ul><li>a</li><li>b <b>c</b></li></ul>after") == "Head\n\na\nb c\n\nafter"


def test_one_line_break_is_a_line_and_two_are_a_paragraph() -> None:
    assert to_text("<p>a<br>b<br/><br/>c</p>") == "a\nb\n\nc"


def test_inline_elements_do_not_part_words() -> None:
    assert to_text("un<b>believ</b>able <i>and</i>more") == "unbelievable andmore"


def test_cells_are_parted() -> None:
    assert to_text("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>") == "a b\nc"


def test_white_space_counts_inside_pre_alone() -> None:
    assert to_text("<p>a   b</p><pre>x\n  y</pre>") == "a b\n\nx\n  y"


@pytest.mark.parametrize("element", ["script", "style", "template", "noscript", "iframe"])
def test_what_is_not_shown_is_dropped(element: str) -> None:
    assert to_text(f"<p>shown</p><{element}>hidden</{element}>") == "shown"


def test_references_are_resolved_once() -> None:
    assert to_text("<p>AT&amp;amp;T &lt;b&gt; &eacute;&#8211;</p>") == "AT&amp;T <b> é–"


def test_text_without_tags_keeps_its_lines() -> None:
    assert to_text("a &amp; b\nc\n\n\nd  e") == "a & b\nc\n\nd e"


def test_unclosed_and_crossed_tags_lose_no_text() -> None:
    assert to_text("<p><b>a<i>b</b>c</i><div>d").replace("\n", " ") == "abc  d"


def test_text_that_the_tree_does_not_show_is_found_between_the_tags() -> None:
    assert to_text("<frameset><frame></frameset>lost otherwise") == "lost otherwise"


def test_limits_are_refusals() -> None:
    with pytest.raises(TooDeep):
        to_text("<div>" * 100_000)
    with pytest.raises(TooLarge):
        to_text("<p>" + "x" * (2 * 1024 * 1024))


def test_a_row_of_unclosed_paragraphs_is_no_nesting() -> None:
    assert to_text("<p>x" * 2_000).count("x") == 2_000


@given(st.lists(st.text(alphabet="abc é中\u0627", min_size=1).filter(str.strip), min_size=1, max_size=6))
def test_all_words_of_all_paragraphs_survive(paragraphs: list[str]) -> None:
    html = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    assert to_text(html).split() == " ".join(paragraphs).split()


@given(st.text(alphabet="<>/pbdiv &;x\n", max_size=300))
def test_any_fragment_gives_text(html: str) -> None:
    assert isinstance(to_text(html), str)


def test_lone_surrogates_do_not_stop_the_tree() -> None:
    assert "b" in to_text("<p>a\ud800b</p>")


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>One</p><p>Two", "One\n\nTwo"),
        ("<h2>Head</h2>Text", "Head\n\nText"),
        ("<blockquote>“Said”</blockquote><p>she</p>", "“Said”\n\nshe"),
        ("<img src=x alt=y><p>Text</p>", "Text"),
        ("Text<iframe>x</iframe><svg><text>y</text></svg>", "Text"),
        ("<a href='/x'>Linked</a> and <b>bold</b>.", "Linked and bold."),
        ("&lt;p&gt; is a tag", "<p> is a tag"),
        ("a < b and <b>c</b>", "a < b and c"),
        ("<![CDATA[x]]>Text", "Text"),
        ("Zeile\r\neins", "Zeile\neins"),
        ("大桥<br>通车", "大桥\n通车"),
        ("<p dir='rtl'>العبارة</p>", "العبارة"),
        ("<p>soft&shy;hyphen</p>", "soft\xadhyphen"),
        ("<template>x</template><noscript>y</noscript>z", "z"),
    ],
)
def test_fragments_of_feeds_are_read_as_a_reader_sees_them(html: str, expected: str) -> None:
    assert to_text(html) == expected


@given(st.lists(st.sampled_from(["<p>", "</p>", "<div>", "<br>", "<li>", "a", " ", "&amp;", "\n"]), max_size=25))
def test_text_is_found_by_tree_or_between_tags(parts: list[str]) -> None:
    text = to_text("".join(parts))
    assert text.count("a") == "".join(parts).replace("&amp;", "").count("a")
