"""The charset that a server says a feed is in: the only witness where neither bytes nor document tell."""

import codecs
import re

from transforms.sources.charset import decodes, known

_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# What servers name that were told nothing: RFC 2046 makes it the charset of any text/xml.
_BY_DEFAULT = frozenset({"us-ascii", "ascii"})


def in_utf8(body: bytes, content_type: str) -> bytes:
    """Return a body in UTF-8 with a mark that says so, where the server names its charset; else as it is.

    A byte order mark and valid UTF-8 speak for themselves: servers put one charset on all they send, and text in
    another is hardly ever valid UTF-8 by chance. A name under which the bytes do not decode is no witness.
    """
    named = _CHARSET.search(content_type)
    codec = known(named[1]) if named and named[1].lower() not in _BY_DEFAULT else None
    # Any bytes of even length decode as UTF-16: without a mark its name proves nothing.
    if codec is None or codec.startswith("utf-") or body.startswith(_MARKS) or decodes(body, "utf-8"):
        return body
    return codecs.BOM_UTF8 + body.decode(codec).encode("utf-8") if decodes(body, codec) else body
