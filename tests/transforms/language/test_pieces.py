"""What of a text is scored."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.language.pieces import MAX_PIECES, PIECE_CHARS, SAMPLE, padded, pieces, sample, without_addresses

MANY = [str(number) for number in range(MAX_PIECES)]


@given(
    st.text("ab\nж国 ", max_size=3000)
    | st.integers(0, 3000).map(lambda size: "".join(map(chr, range(300, 300 + size))))
)
def test_pieces_lie_in_the_text_and_are_bounded(text):
    parts = pieces(text)
    assert 1 <= len(parts) <= MAX_PIECES
    assert all(part in text for part in parts)
    if len(text) < 2 * PIECE_CHARS:
        assert parts == [text]
    else:
        assert {len(part) for part in parts} == {PIECE_CHARS}
        assert (parts[0], parts[-1]) == (text[:PIECE_CHARS], text[-PIECE_CHARS:])


@pytest.mark.parametrize(
    ("chars", "count"),
    [(0, 1), (319, 1), (320, 2), (479, 2), (480, 3), (1119, 6), (1120, 7), (1280, 7), (100_000, 7)],
)
def test_a_text_has_a_piece_for_every_160_characters_up_to_seven(chars, count):
    assert len(pieces("x" * chars)) == count


@pytest.mark.parametrize("chars", [320, 500, 1120, 3001])
def test_pieces_are_spread_evenly(chars):
    text = "".join(map(chr, range(300, 300 + chars)))
    starts = [text.index(part) for part in pieces(text)]
    gaps = {later - earlier for earlier, later in pairwise(starts)}
    assert max(gaps) - min(gaps) <= 1


@pytest.mark.parametrize(
    ("count", "kept"), [(1, [0]), (2, [0, 1]), (3, [0, 1, 2]), (4, [0, 2, 3]), (6, [0, 3, 5]), (7, [0, 3, 6])]
)
def test_a_sample_is_the_first_the_middle_and_the_last_piece(count, kept):
    assert sample(MANY[:count]) == [MANY[at] for at in kept]
    assert len(kept) <= SAMPLE


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("see https://example.org/a?b=c now", "see   now"),
        ("at www.example.org/x.", "at  "),
        ("write to desk@news.example.org today", "write to   today"),
        ("5 @ 3 and me@home", "5 @ 3 and me@home"),
        ("ftp://example.org", "ftp://example.org"),
        ("no address", "no address"),
    ],
)
def test_addresses_are_taken_out(text, left):
    assert without_addresses(text) == left


def test_a_long_word_before_an_at_sign_is_read_once():
    assert without_addresses("a" * 200_000 + "@").startswith("aaa")


@pytest.mark.parametrize(
    ("piece", "scored"),
    [
        ("Havn", b" havn "),
        ("", b"  "),
        ("CAFE\u0301", " café ".encode()),
        ("\ud800", b" \xed\xa0\x80 "),
    ],
    ids=["lower case", "nothing", "composed", "lone surrogate"],
)
def test_what_is_scored_is_in_lower_case_composed_and_between_spaces(piece, scored):
    assert padded(piece) == scored
