"""Markup and references in a field are read once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.markup.limits import TooDeep, TooLarge, looks_like_markup
from transforms.normalize.plain import shows_text, to_plain


@pytest.mark.parametrize(
    ("field", "plain"),
    [
        ("Profit &amp; loss", "Profit & loss"),
        ("R&amp;amp;D", "R&amp;D"),
        ("AT&T & co; x&y=1&copy", "AT&T & co; x&y=1&copy"),
        ("caf&eacute; &#8220;no&#x201D; &unknown;", "café “no” &unknown;"),
        ("&#0; &#xD800; &#146;", "\ufffd \ufffd ’"),
        ("a < b and c > d", "a < b and c > d"),
        ("A <b>bold</b> claim &amp; more", "A bold claim & more"),
        ("A &lt;b&gt;bold&lt;/b&gt; claim", "A bold claim"),
        ("<script>alert(1)</script>Title", "Title"),
    ],
)
def test_fields(field, plain):
    assert to_plain(field) == plain


def test_paragraphs_of_markup_stay():
    assert to_plain("<p>One\ntwo.</p><p>Three &amp; four.</p>", markup=True) == "One two.\n\nThree & four."


def test_markup_that_was_escaped_twice_leaves_no_tags():
    assert to_plain("<div>&lt;p&gt;One&lt;/p&gt;&lt;p&gt;Two&lt;/p&gt;</div>", markup=True) == "One\n\nTwo"


def test_a_field_known_as_markup_is_read_as_such_without_tags():
    assert to_plain("Fish &amp; chips", markup=True) == "Fish & chips"


@given(
    st.lists(
        st.sampled_from(
            ["<p>", "</p>", "<b", ">", "&lt;", "&gt;", "&amp;", "lt;", "p", "/", "text", " ", "\x00", "\ud800", "<br>"]
        )
    )
)
def test_no_element_markup_is_left_of_single_escapes(pieces):
    plain = to_plain("".join(pieces), markup=True)
    plain.encode()
    assert not looks_like_markup(plain)


def test_limits_of_markup_are_passed_on():
    with pytest.raises(TooDeep):
        to_plain("<div>" * 600 + "x", markup=True)
    with pytest.raises(TooLarge):
        to_plain("<p>" + "x" * 2_100_000, markup=True)


@pytest.mark.parametrize(
    ("markup", "shows"),
    [("<p>Words</p>", True), ("<p> — </p>", False), ("<img src='a.png'>", False), ("<script>var a</script>", False)],
)
def test_what_a_browser_would_show(markup, shows):
    assert shows_text(markup) is shows
