"""What tokens have from the words that they are part of."""

import numpy as np

from transforms.entities.chinese_words import words
from transforms.entities.find import scan_all
from transforms.entities.japanese_words import KINDS
from transforms.entities.titled import Titled
from transforms.entities.trained.marks import mark
from transforms.entities.trained.of_words import HIDDEN_SLOTS, WORD_ROWS, WORD_SLOTS, lay_words, look_into
from transforms.entities.trained.reading import read
from transforms.entities.trained.vocabulary import Vocabulary
from transforms.entities.words import joined, part


def reading_of(*articles):
    return read(articles, scan_all(articles, mark), Vocabulary())


def words_of(reading):
    """Return for each token of some length the string of all tokens of its word."""
    placed, tokens, row = reading.placed, reading.tokens, "".join(f"\0{w.string}\0" for w in reading.wholes)
    shift = row.index(reading.wholes[0].string) - reading.wholes[0].position
    found = []
    for at in np.flatnonzero(tokens.ends > tokens.starts):
        same = np.flatnonzero(placed.words == placed.words[at])
        start, end = tokens.starts[same[0]] + shift, tokens.ends[same[-1]] + shift
        found.append(row[start:end] if placed.words[at] else None)
    return found


def test_each_character_knows_its_word():
    reading = reading_of(Titled("", "记者在香港。", "zh"))
    assert words_of(reading) == ["记者", "记者", "在", "香港", "香港", "。"]


def test_each_syllable_knows_its_word_without_the_particle():
    reading = reading_of(Titled("", "장관은 HD를", "ko"))
    assert words_of(reading) == ["장관", "장관", "은", "HD", "를"]


def test_the_break_between_title_and_text_is_of_no_word():
    reading = reading_of(Titled("香港", "记者", "zh"))
    assert words_of(reading) == ["香港", "香港", None, "记者", "记者"]


def test_a_latin_token_has_the_word_that_it_is():
    assert words_of(reading_of(Titled("", "记者 ABC 说", "zh"))) == ["记者", "记者", "ABC", "说"]


def test_places_tell_first_inner_last_and_only():
    reading = reading_of(Titled("", "维生素在", "zh"))
    (at,) = (np.flatnonzero(reading.placed.words),)
    assert reading.placed.places[at].tolist() == [0, 1, 2, 3]


def test_a_token_that_two_words_share_is_the_only_one_of_the_later():
    found = joined([part("in", 1, 0), part("to", 1, 0), part("it", 1, 0)])
    placed = lay_words([(0, found)], starts=np.array([0, 0, 4, 6]), ends=np.array([0, 4, 6, 6]))
    assert placed.lengths.tolist() == [0, 0, 2, 2, 2, 0, 0]
    assert placed.words.tolist() == [0, 3, 4, 0]
    assert placed.places.tolist() == [0, 3, 3, 0]


def test_other_languages_have_no_words():
    assert not reading_of(Titled("", "Ann left 香港", "en"), Titled("", "Bell 東京", "fi")).placed.words.any()


def test_no_article_sees_into_the_next():
    story, other = Titled("香港", "记者在香港采访。", "zh"), Titled("", "市长说", "zh")
    alone, second = reading_of(story), reading_of(other, story, other)
    own = np.flatnonzero(alone.placed.words)
    begin = second.wholes[1].first - alone.wholes[0].first
    assert (
        look_into(own, alone.placed, alone.tags).tolist() == look_into(own + begin, second.placed, second.tags).tolist()
    )


def test_rows_of_each_feature_lie_apart():
    reading = reading_of(Titled("香港", "记者ABC在香港采访张三丰维生素。\n\n12", "zh"))
    rows = look_into(np.flatnonzero(reading.placed.words), reading.placed, reading.tags)
    assert len(rows) == WORD_SLOTS > HIDDEN_SLOTS
    assert (np.diff(rows.max(axis=1)) > 0).all()
    assert 0 <= rows.min() <= rows.max() < WORD_ROWS
    assert (words("香港").kinds < KINDS).all()
