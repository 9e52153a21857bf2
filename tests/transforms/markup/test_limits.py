"""Limits on HTML: what is refused before a tree is built, at linear cost."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.markup.limits import MAX_HTML_BYTES, TooDeep, TooLarge, check, looks_like_markup, tags, visible_text


def test_deep_nesting_is_refused_and_512_is_not() -> None:
    check("<div>" * 512)
    with pytest.raises(TooDeep):
        check("<div>" * 513)


def test_closed_elements_do_not_add_up() -> None:
    check("<div><span></span></div>" * 5_000)


def test_void_and_self_closing_elements_do_not_nest() -> None:
    check("<br><p>a<li>b<img src=x><tr><td>" * 5_000)


def test_end_tags_without_start_do_not_hide_depth() -> None:
    with pytest.raises(TooDeep):
        check("</p></b></span>" * 600 + "<div></b>" * 600)


@pytest.mark.parametrize(
    "cover",
    [
        '<i title="<!--">',  # a comment opener inside an attribute hides nothing
        "<i title='<script>'>",
        "<svg><style>",  # in SVG a style element holds elements
        "<!-->",  # a comment that is closed at once
        "<script><!--<script></script>--></script>",
        "<x y=<!-- z>",
    ],
)
def test_nesting_behind_what_looks_like_hidden_text_is_seen(cover: str) -> None:
    with pytest.raises(TooDeep):
        check(cover + "<div>" * 600)


@pytest.mark.parametrize(
    "hiding", ["<!-- {} -->", "<script>{}</script>", '<p title="{}">', "<style>{}</style>", "<textarea>{}</textarea>"]
)
def test_tags_that_are_text_are_not_counted(hiding: str) -> None:
    check(hiding.format("<div>" * 600) + "<b>x</b>")


def test_formatting_left_open_is_refused_before_it_multiplies() -> None:
    opened = "".join(f"<b a={number}>" for number in range(400))
    with pytest.raises(TooLarge):
        check(opened + "<p>x" * 10_000)


@pytest.mark.parametrize("form", [" a{}=1", ' a{}="1"', "/a{}", " a{}=\"1\"b{}='2'"])
def test_a_tag_with_thousands_of_attributes_is_refused(form: str) -> None:
    begun = time.process_time()
    with pytest.raises(TooLarge, match="attributes"):
        check("<p" + "".join(form.replace("{}", str(number)) for number in range(50_000)) + ">")
    assert time.process_time() - begun < 2
    check("<p" + "".join(form.replace("{}", str(number)) for number in range(400)) + ">" + "x" * 40_000)


def test_a_long_value_is_not_many_attributes() -> None:
    check('<img src="data:image/png;base64,' + "ab/ c " * 50_000 + '">')


def test_size_counts_bytes_not_characters() -> None:
    check("é" * (MAX_HTML_BYTES // 2))
    with pytest.raises(TooLarge):
        check("é" * (MAX_HTML_BYTES // 2 + 1))


@pytest.mark.parametrize(
    "repeated", ["<", "<a", "<a b", "<a/", "<!--", "<!x", '<a b="', "<a b='", "=", "&", "<script>", "<a b= ", "<a  "]
)
def test_checks_are_linear_in_what_is_repeated(repeated: str) -> None:
    def seconds(length: int) -> float:
        html = "<p " + repeated * (length // len(repeated))
        start = time.process_time()
        for _ in tags(html):
            pass
        return time.process_time() - start

    seconds(10_000)
    assert seconds(800_000) < 1.0


def test_tags_are_named_in_lower_case_with_their_direction() -> None:
    assert list(tags("<P>a</P ><IMG src='>'/><!-- <b> --><br/>")) == [
        ("p", False),
        ("p", True),
        ("img", False),
        ("br", False),
    ]


def test_visible_text_leaves_out_scripts_and_templates() -> None:
    html = "<p>one &amp; two</p><script>var a = '<p>no</p>'</script><template>no</template> three"
    assert visible_text(html) == "one & two\nthree"


@given(st.text(alphabet="<>/!-ab \"'=&;ps", max_size=200))
def test_any_text_can_be_checked(html: str) -> None:
    check(html)
    visible_text(html)


@pytest.mark.parametrize("text", ["<p>Hello</p>", "a<br/>b", '<a href="x">y</a>', "x <strong>y</strong>", "<!-- c -->"])
def test_markup_is_recognised(text: str) -> None:
    assert looks_like_markup(text)


@pytest.mark.parametrize("text", ["a < b and c > d", "1<2", "<3 love", "x <jane@example.org> y", "a <b c", "AT&amp;T"])
def test_plain_text_is_not_taken_for_markup(text: str) -> None:
    assert not looks_like_markup(text)
