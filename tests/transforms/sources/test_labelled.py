import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.sources.labelled import in_utf8

TEXT = "<rss>Müller šel na trh</rss>"


@pytest.mark.parametrize("name", ["windows-1250", "ISO-8859-2", '"iso-8859-2"'])
def test_the_server_names_the_charset_of_bytes_that_are_not_utf8(name):
    body = TEXT.encode("iso-8859-2" if "8859" in name else "windows-1250")
    assert in_utf8(body, f"text/xml; charset={name}").decode("utf-8-sig") == TEXT


@pytest.mark.parametrize(
    "label", ["", "text/xml", "text/xml; charset=zlib", "text/xml; charset=utf-7", "charset=us-ascii", "charset=utf-16"]
)
def test_other_names_are_no_witnesses(label):
    body = TEXT.encode("iso-8859-2")
    assert in_utf8(body, label) == body


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_speaks_for_itself(encoding):
    body = TEXT.encode(encoding)
    assert in_utf8(body, "text/xml; charset=iso-8859-1") == body


@given(
    st.binary(max_size=50), st.sampled_from(["euc-jp", "big5", "gb2312", "windows-1252", "macintosh", "windows-874"])
)
def test_bytes_that_do_not_decode_stay(body, name):
    out = in_utf8(body, f"charset={name}")
    assert out == body or out.decode("utf-8-sig")
