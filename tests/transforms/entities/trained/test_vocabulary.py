"""Pieces make up any text, and their tokens cut names apart from what touches them."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from transforms.entities.arabic_words import after_prefix, is_prefixed
from transforms.entities.lexicon import lexicon
from transforms.entities.spelling import spelling
from transforms.entities.trained.features import look_at
from transforms.entities.trained.singles import NOTHING
from transforms.entities.trained.tokens import _TOKEN, is_wide
from transforms.entities.trained.vocabulary import Vocabulary

LANGUAGES = st.sampled_from(["en", "ar", "ja", "hi", "fa"])
TEXTS = st.text() | st.text("ab ,.«»\n\t\xa0\u3000１ＡアーIéǅ東京王。国국😀ｱ\ud800وبيت\u200cيۀ", max_size=30)


def form_of(word, vocabulary):
    if word >= 0:
        return vocabulary.form(word)
    first, following = divmod(~word, 1 << 21)
    assert vocabulary.form(word) == chr(first)
    return chr(first) + (chr(following) if following != NOTHING else "")


def read(text, language):
    """Return start, end, form and features of each token of a text, by its pieces."""
    vocabulary = Vocabulary()
    starts, _, tokens = vocabulary.tokens(vocabulary.enter(text, lexicon(language)))
    words = tokens.words.tolist()
    forms = [form_of(word, vocabulary) for word in words]
    found = zip(
        (tokens.starts - starts[1]).tolist(),
        (tokens.ends - starts[1]).tolist(),
        forms,
        vocabulary.coarse(tokens.words).tolist(),
        map(tuple, vocabulary.buckets(tokens.words).tolist()),
        strict=True,
    )
    return [token for token in found if token[1] > token[0]]


def tokens_of(text, language):
    """Return start, end and form of each token of a text, by its pieces."""
    return [token[:3] for token in read(text, language)]


def tokens_in_one_go(text, language):
    """Return the same without pieces."""
    for found in _TOKEN.finditer(text):
        start, end = found.span()
        if found[0].isspace() and not found[0].startswith("\n"):
            continue
        if end == start + 1 and found[0] > "\u3000" and is_wide(text):
            yield start, end, text[start : start + 2]
            continue
        form = found[0]
        while language == "ar" and is_prefixed(form):
            yield start, start + 1, form[0]
            start, form = start + 1, after_prefix(form)
        yield start, end, spelling(language)(form) or form


def words_of(text, language):
    return [text[start:end] for start, end, _ in tokens_of(text, language)]


@pytest.mark.parametrize(
    ("text", "language", "tokens"),
    [
        (
            "Ankara'da O'Neil,\n\nca\u0301fe\xa012",
            "tr",
            ["Ankara", "'", "da", "O", "'", "Neil", ",", "\n\n", "ca\u0301fe", "12"],
        ),
        ("東京タワーへ行くABC", "ja", ["東", "京", "タワー", "へ", "行", "く", "ABC"]),
        ("양복순 씨는", "ko", ["양", "복", "순", "씨", "는"]),
        ("في وبيروت", "ar", ["في", "و", "بيروت"]),
        ("در گفت\u200cوگوی علی\u200cها.", "fa", ["در", "گفت\u200cوگوی", "علی\u200cها", "."]),
        ("وزارة وللعراق", "ar", ["وزارة", "و", "ل", "لعراق"]),
        ("नई दिल्ली में", "hi", ["नई", "दिल्ली", "में"]),
    ],
)
def test_a_text_is_cut_where_names_may_end(text, language, tokens):
    assert words_of(text, language) == tokens


def test_a_persian_word_is_known_by_the_spelling_that_all_share():
    assert [form for _, _, form in tokens_of("كتاب\u200cهائي ادارهٔ", "fa")] == ["کتابهایی", "اداره"]


def test_a_single_character_is_known_by_what_follows():
    assert [form for _, _, form in tokens_of("京都 東", "ja")] == ["京都", "都 ", "東"]


@given(TEXTS, LANGUAGES)
@example("0\u200c0", "hi")
@example("\n\n\na\n  \n \n\n\n\n\nb,\n", "en")
def test_pieces_have_the_tokens_of_the_whole_text(text, language):
    assert tokens_of(text, language) == list(tokens_in_one_go(text, language))


@given(TEXTS, LANGUAGES)
def test_all_but_space_is_in_one_token(text, language):
    assert "".join(words_of(text, language)) == re.sub(r"[^\S\n]", "", text)


@given(TEXTS, LANGUAGES)
def test_features_are_those_of_each_form(text, language):
    for _, _, form, coarse, buckets in read(text, language):
        assert (coarse, buckets) == look_at(form, lexicon(language))


def test_what_was_read_is_forgotten():
    vocabulary = Vocabulary()
    first = vocabulary.enter("Paris 東京, Paris", lexicon("en"))
    assert vocabulary.size == 3  # without the two single characters
    vocabulary.clear()
    assert vocabulary.size == 0
    assert vocabulary.enter("Paris 東京, Paris", lexicon("en")).tolist() == first.tolist()


@pytest.mark.parametrize("word", ["п'ять", "В’ячеслав"])
def test_an_apostrophe_within_a_cyrillic_word_does_not_cut_it(word):
    assert [form for _, _, form in tokens_of(f"«{word}» l'Est", "uk")] == ["«", word, "»", "l", "'", "Est"]
