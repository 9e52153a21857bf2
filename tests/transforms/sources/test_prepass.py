"""The linear pre-pass over feed bytes: charset, declaration, DOCTYPE, comments, characters."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.sources.prepass import clean_xml, decode_html, decode_xml, too_deep

_DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'


def _cleaned(text: str) -> str:
    return clean_xml(text).removeprefix(_DECLARATION)


@pytest.mark.parametrize(
    ("payload", "charset", "rule"),
    [
        ("\ufeff<a>é</a>".encode(), "utf-8", "bom"),
        ("<a>é</a>".encode("utf-16"), "utf-16-le", "bom"),
        (b"\xfe\xff" + "<a>é</a>".encode("utf-16-be"), "utf-16-be", "bom"),
        ('<?xml version="1.0" encoding="utf-8"?><a>é</a>'.encode("utf-16-le"), "utf-16-le", "shape"),
        ("<a>é</a>".encode("utf-32-be"), "utf-32-be", "shape"),
        ('<?xml version="1.0" encoding="koi8-r"?><a>Привет</a>'.encode("koi8-r"), "koi8-r", "declaration"),
        ('<?xml version="1.0" encoding="iso-8859-1"?><a>“é”</a>'.encode("cp1252"), "cp1252", "declaration"),
        ('<?xml version="1.0" encoding="utf-16"?><a>é</a>'.encode(), "utf-8", "utf-8"),
        ('<?xml version="1.0" encoding="rot13"?><a>é</a>'.encode(), "utf-8", "utf-8"),
        ('<?xml version="1.0" encoding="no-such"?><a>é</a>'.encode(), "utf-8", "utf-8"),
        ("<a>é</a>".encode(), "utf-8", "utf-8"),
        (("<a>" + "é" * 60).encode() + b"\xff</a>", "utf-8", "mended"),
    ],
)
def test_the_charset_and_the_rule_that_chose_it(payload: bytes, charset: str, rule: str) -> None:
    decoded = decode_xml(payload)
    assert (decoded.charset, decoded.rule) == (charset, rule)


def test_a_declaration_counts_in_the_first_200_bytes_only() -> None:
    late = b"<?xml " + b" " * 250 + 'encoding="koi8-r"?><a>Привет</a>'.encode("koi8-r")
    assert decode_xml(late).rule != "declaration"


def test_undeclared_legacy_text_is_detected() -> None:
    text = "<a>" + "Совет города решил закрыть старый мост на ремонт до весны. " * 5 + "</a>"
    decoded = decode_xml(text.encode("cp1251"))
    assert (decoded.text, decoded.charset, decoded.rule) == (text, "cp1251", "detection")


@given(st.binary(max_size=300))
def test_any_bytes_decode(payload: bytes) -> None:
    assert isinstance(decode_xml(payload).text, str)
    assert isinstance(decode_html(payload).text, str)


@pytest.mark.parametrize(
    "meta",
    ['<meta charset="windows-1251">', '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">'],
)
def test_a_page_declares_its_charset_in_a_meta_element(meta: str) -> None:
    decoded = decode_html(f"<html><head>{meta}</head><body>Привет</body>".encode("cp1251"))
    assert decoded.charset == "cp1251"
    assert "Привет" in decoded.text


@pytest.mark.parametrize(
    "declaration",
    ["", '<?xml version="1.0"?>', ' \n<?xml version="1.0" encoding="x"?>', "<?xml?>", '\ufeff<?xml version="1.1" ?>\n'],
)
def test_one_fixed_declaration_replaces_what_was_there(declaration: str) -> None:
    assert clean_xml(declaration + "<rss/>") == _DECLARATION + "<rss/>"


@pytest.mark.parametrize(
    "doctype",
    [
        "<!DOCTYPE rss>",
        '<!DOCTYPE rss PUBLIC "-//X//DTD [RSS] 0.91//EN" "http://example.org/>x">',
        '<!DOCTYPE rss [<!ENTITY a "]>"><!ENTITY b "b"><!-- ]> -->]>',
        "<!doctype rss [ <!ELEMENT rss ANY> ] >",
    ],
)
def test_a_doctype_goes_with_its_internal_subset(doctype: str) -> None:
    assert _cleaned(doctype + "<rss>&a;</rss>") == "<rss>&a;</rss>"


def test_comments_go_and_cdata_stays() -> None:
    assert (
        _cleaned("<a><!-- x --><![CDATA[<!-- y --><!DOCTYPE z>]]><!-- --></a>")
        == "<a><![CDATA[<!-- y --><!DOCTYPE z>]]></a>"
    )


def test_a_comment_that_nothing_closes_costs_its_opener_alone() -> None:
    assert _cleaned("<a>one<!-- two</a>") == "<a>one two</a>"


@pytest.mark.parametrize(
    "reference", ["&#0;", "&#x110000;", "&#xD800;", "&#99999999999999999999;", "&#8;", "&#xffff;", "&#0"]
)
def test_references_past_what_xml_allows_are_replaced(reference: str) -> None:
    assert _cleaned(f"<a>{reference}</a>") == "<a>\ufffd</a>"


@pytest.mark.parametrize("reference", ["&#65;", "&#x1F600;", "&#10;", "&amp;", "&#0000000000065;"])
def test_legal_references_are_left_alone(reference: str) -> None:
    assert _cleaned(f"<a>{reference}</a>") == f"<a>{reference}</a>"


def test_illegal_characters_are_replaced() -> None:
    assert _cleaned("<a>\x00\x08\ud800\ufffe\t\r\n</a>") == "<a>\ufffd\ufffd\ufffd\ufffd\t\r\n</a>"


def test_well_formed_text_passes_unchanged() -> None:
    body = '<rss version="2.0"><channel><title>é 中 &amp; &lt;b&gt;</title><x a="1>2"/></channel></rss>'
    assert _cleaned(body) == body


@pytest.mark.parametrize(
    "repeated",
    [
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "<!DOCTYPE ",
        "<!DOCTYPE>",
        "<!DOCTYPE a [",
        "&#",
        "&#1",
        "<?xml ",
        "<a ",
        "<",
        '"',
        "encoding='",
        "?>",
        "\x00",
        "<!ENTITY",
    ],
)
@pytest.mark.parametrize("start", ["", "<?xml version='1.0' ", "<!DOCTYPE a [", "<a>"])
def test_the_pass_is_linear_in_what_is_repeated(start: str, repeated: str) -> None:
    text = start + repeated * (600_000 // len(repeated))
    began = time.process_time()
    too_deep(clean_xml(decode_xml(text.encode()).text))
    assert time.process_time() - began < 1.5


@pytest.mark.parametrize(
    ("text", "deep"),
    [
        ("<a>" * 100, False),
        ("<a>" * 101, True),
        ("<a></a>" * 500, False),
        ("<a/>" * 500, False),
        ("<![CDATA[" + "<a>" * 500 + "]]>", False),
        ('<a x="<b>' * 500, True),
        # HTML that was pasted without escaping: what is open in an element ends with it.
        ("<item><description><p><br><img></description></item>" * 100, False),
        ("</b>" * 100 + "<a>" * 101, True),
    ],
)
def test_nesting_is_counted_as_a_lenient_parser_does(text: str, deep: bool) -> None:
    assert too_deep(text) is deep
