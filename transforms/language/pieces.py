"""What of a text is scored: not addresses, and of long texts seven short pieces.

Scored whole, a footer of a fifth of the letters in another language flips an article, because rare features
count for more than repeated ones. Pieces that vote by their letters make a language count as much as it has text.
"""

import re
import unicodedata

PIECE_CHARS = 160  # seven of 160 tell documents as well as eight of 200, a quarter faster
SAMPLE = 3  # pieces: enough for 97 news articles of 100, see `default_detector`
MAX_PIECES = 7  # odd, so that two languages seldom tie

# Bounded before the @ and between full stops, as mail addresses are: a long word without an address is read once.
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|[\w.+-]{1,64}@[\w-]{1,255}(?:\.[\w-]{1,255})+")


def without_addresses(text: str) -> str:
    """Replace web and e-mail addresses by a space: their letters are no language."""
    # Where there is none the three searches take 4 us an article, the pattern would take 130.
    if "://" in text or "www." in text or "@" in text:
        return _ADDRESS.sub(" ", text)
    return text


def pieces(text: str) -> list[str]:
    """Return up to seven pieces of 160 characters spread evenly; a text below two pieces whole."""
    count = min(MAX_PIECES, len(text) // PIECE_CHARS)
    if count < 2:
        return [text]
    gaps = count - 1
    starts = (number * (len(text) - PIECE_CHARS) // gaps for number in range(count))
    return [text[start : start + PIECE_CHARS] for start in starts]


def sample(all_pieces: list[str]) -> list[str]:
    """Return the first, the middle and the last piece of many."""
    return [all_pieces[at] for at in (0, len(all_pieces) // 2, -1)] if len(all_pieces) > SAMPLE else all_pieces


def padded(piece: str) -> bytes:
    """Return the bytes that are scored: lower case, a space at each end, NFC as the model was trained on.

    The model's n-grams contain spaces; a bare word has none at its ends and loses what is most telling.
    """
    return unicodedata.normalize("NFC", f" {piece.lower()} ").encode("utf-8", "surrogatepass")
