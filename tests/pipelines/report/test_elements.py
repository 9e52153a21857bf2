"""Pieces of a page: what is text stays text, whatever it holds."""

from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.report.elements import NOTHING, element, joined, plain, short, shown


class _Read(HTMLParser):
    """What a browser makes of a piece: its elements with attributes, and its text."""

    def __init__(self, piece):
        super().__init__(convert_charrefs=True)
        self.elements, self.text = [], ""
        self.feed(piece)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data


@pytest.mark.parametrize(
    ("piece", "written"),
    [
        (element("p"), "<p></p>"),
        (element("p", {"class": "a", "x": 1, "y": 0.5}, plain("a<b")), '<p class="a" x="1" y="0.5">a&lt;b</p>'),
        (element("p", None, element("br"), plain("&")), "<p><br>&amp;</p>"),
        (element("meta", {"charset": "utf-8"}), '<meta charset="utf-8">'),  # has no end
        (element("a", {"title": '"><script>'}), '<a title="&quot;&gt;&lt;script&gt;"></a>'),
        (joined([plain("a"), plain("b")], " < "), "a &lt; b"),
        (joined([]), NOTHING),
    ],
)
def test_an_element_is_written_with_everything_escaped(piece, written):
    assert piece == written


@pytest.mark.parametrize(
    ("number", "text"),
    [(1, "1"), (1.0, "1"), (0.5, "0.5"), (1 / 3, "0.333"), (2.0004, "2"), (10.0, "10"), (-0.25, "-0.25"), (100, "100")],
)
def test_a_number_has_three_decimals_at_most_and_no_trailing_zeros(number, text):
    assert short(number) == text


@pytest.mark.parametrize("text", [None, ""])
def test_no_text_is_said_to_be_none(text):
    assert shown(text) == '<span class="none">none</span>'


@pytest.mark.parametrize(
    ("length", "text"), [(9, "x" * 9), (10, "x" * 10), (11, "x" * 9 + "…"), (1_000_000, "x" * 9 + "…")]
)
def test_a_long_text_is_cut_visibly(length, text):
    assert shown("x" * length, most=10) == f'<bdi dir="auto">{text}</bdi>'


def test_no_blank_stands_before_the_cut():
    assert _Read(shown("four five six", most=11)).text == "four five…"


def test_lines_and_tabs_are_blanks():
    assert _Read(shown("a\nb\tc\r\nd")).text == "a b c  d"


@pytest.mark.parametrize(
    "character",
    [*"\x00\x08\x0b\x1b\x7f\x9f\u2028\u2029\u202a\u202e\u2066\u2069\ufeff\ufff9\ufffb\U000e0000\U000e007f"],
)
def test_a_character_that_acts_is_named(character):
    found = _Read(shown(f"a{character}b"))
    assert found.text == f"aU+{ord(character):04X}b"
    assert ("span", {"class": "acting"}) in found.elements


@pytest.mark.parametrize("character", [*"\u200c\u200d\u200e\u200f\u061cé中🏴"])
def test_marks_of_real_scripts_stay(character):
    assert _Read(shown(f"a{character}b")).text == f"a{character}b"


@settings(max_examples=60)
@given(st.text(alphabet=st.sampled_from("<>&\"'/ab= \n\u202escript;#x"), max_size=60))
def test_any_text_is_one_isolated_element_and_nothing_else(text):
    found = _Read(element("td", {"title": text}, shown(text)))
    assert {tag for tag, _ in found.elements} <= {"td", "bdi", "span"}
    assert found.elements[0] == ("td", {"title": text})
