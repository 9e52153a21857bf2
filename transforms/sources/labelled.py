"""The charset that a server says a feed is in: the only witness where neither bytes nor document tell."""

import codecs
import re

_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)
# Python's registry also holds codecs that are no charsets; these are what servers name.
_NAMED = {
    *(f"windows-125{number}" for number in range(9)),
    *(f"iso-8859-{number}" for number in range(1, 17) if number != 12),
    *("koi8-r", "koi8-u", "gb2312", "gbk", "gb18030", "big5", "shift_jis", "euc-jp", "iso-2022-jp", "euc-kr"),
    *("windows-874", "tis-620", "macintosh"),
}
_WIDER = {"iso-8859-1": "windows-1252", "gb2312": "gb18030", "gbk": "gb18030", "iso-8859-9": "windows-1254"}
_PYTHON = {"windows-874": "cp874", "macintosh": "mac_roman"}
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def in_utf8(body: bytes, content_type: str) -> bytes:
    """Return a body in UTF-8 with a mark that says so, where the server names its charset; else as it is.

    A byte order mark and valid UTF-8 speak for themselves: servers put one charset on all they send, and text in
    another is hardly ever valid UTF-8 by chance. A name under which the bytes do not decode is no witness.
    """
    found = _CHARSET.search(content_type)
    name = found[1].lower() if found else ""
    if name not in _NAMED or body.startswith(_MARKS) or _decodes(body, "utf-8"):
        return body
    name = _WIDER.get(name, name)
    codec = _PYTHON.get(name, name)
    return codecs.BOM_UTF8 + body.decode(codec).encode("utf-8") if _decodes(body, codec) else body


def _decodes(body: bytes, codec: str) -> bool:
    try:
        body.decode(codec)
    except UnicodeDecodeError:
        return False
    return True
