"""Articles as the trained tagger reads them: tokens in one row, and what rules and lists say of each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from transforms.entities import chinese_words, japanese_words, korean_words
from transforms.entities.lexicon import Lexicon, lexicon
from transforms.entities.titled import Titled
from transforms.entities.trained.marks import BREAK, FROM_LISTS, Marks, text_at
from transforms.entities.trained.of_words import Placed, lay_words, places_of
from transforms.entities.trained.vocabulary import Tokens, Vocabulary
from transforms.entities.words import Words

_TAG_PLACES = (0, 1, 2, 3)  # first, inner, last, only token of a name
_LISTED_PLACES = (0, 1, 1, 0)


@dataclass(frozen=True, slots=True)
class Whole:
    """An article in a row of them."""

    string: str  # title, break and text
    text_at: int  # where the text begins in it
    words: Lexicon
    marks: Marks
    position: int  # where it begins in the row, in code points
    first: int  # its first token, in the row


@dataclass(frozen=True, slots=True)
class Reading:
    """Articles in a row, tokens of no length around each; positions count code points from where the row begins."""

    wholes: Sequence[Whole]
    tokens: Tokens
    tags: NDArray[np.int32]  # by token: `features.TAGS`
    listed: NDArray[np.int32]  # by token: `features.LISTED`
    placed: Placed  # words of Chinese, Japanese and Korean
    sure: NDArray[np.intp]  # names that the rules have from lists: first tokens, tokens after the last, types


def read(articles: Sequence[Titled], marks: Sequence[Marks], vocabulary: Vocabulary) -> Reading:
    """Return the reading of one article or more, each with what lists and rules say of it."""
    wholes, tokens = _lay_out(articles, marks, vocabulary)
    size = len(tokens.words)
    placed = lay_words(_words(wholes), tokens.starts, tokens.ends)
    listed = _placed([whole.marks.listed for whole in wholes], 3, wholes, tokens)
    by_rules = _placed([whole.marks.by_rules for whole in wholes], 4, wholes, tokens)
    sure = by_rules[:3, by_rules[3] == FROM_LISTS]
    reading = Reading(wholes, tokens, np.zeros(size, np.int32), np.zeros(size, np.int32), placed, sure)
    put_listed(reading, *listed)
    put_tags(reading, *by_rules)
    return reading


def _lay_out(articles: Sequence[Titled], marks: Sequence[Marks], vocabulary: Vocabulary) -> tuple[list[Whole], Tokens]:
    numbers: list[NDArray[np.int64]] = []
    begun: list[tuple[str, int, Lexicon, Marks]] = []
    for article, marked in zip(articles, marks, strict=True):
        words = lexicon(article.language)
        string = f"{article.title}{BREAK}{article.text}" if article.title else article.text
        begun.append((string, text_at(article), words, marked))
        numbers.append(vocabulary.enter(string, words))
    starts, firsts, tokens = vocabulary.tokens(np.concatenate(numbers))
    first_pieces = np.cumsum([1, *map(len, numbers[:-1])])
    places = zip(starts[first_pieces].tolist(), firsts[first_pieces].tolist(), strict=True)
    return [Whole(*whole, *place) for whole, place in zip(begun, places, strict=True)], tokens


_WORDS = {module.LANGUAGE: module.words for module in (chinese_words, japanese_words, korean_words)}


def _words(wholes: Sequence[Whole]) -> Iterator[tuple[int, Words]]:
    """Yield the words of titles and texts, and where each of these begins in the row."""
    for whole in wholes:
        words_of = _WORDS.get(whole.words.language)
        if words_of is None:
            continue
        if whole.text_at:
            yield whole.position, words_of(whole.string[: whole.text_at - len(BREAK)])
        yield whole.position + whole.text_at, words_of(whole.string[whole.text_at :])


def _placed(marks: Sequence[list[int]], count: int, wholes: Sequence[Whole], tokens: Tokens) -> NDArray[np.intp]:
    """Return by column the names that are marked: the first token, the one after the last, and what else is there."""
    columns = np.array(list(chain.from_iterable(marks)), np.intp).reshape(-1, count).T
    shift = np.array([whole.position for whole in wholes], np.intp).repeat([len(each) // count for each in marks])
    columns[:2] = tokens.covered(columns[0] + shift, columns[1] + shift)
    return columns


def put_listed(reading: Reading, firsts: NDArray[np.intp], afters: NDArray[np.intp], numbers: NDArray[np.intp]) -> None:
    """Say of tokens that the lists have them as names, each of a type."""
    _put(reading.listed, firsts, afters, 1 + 2 * numbers, _LISTED_PLACES)


def put_tags(
    reading: Reading,
    firsts: NDArray[np.intp],
    afters: NDArray[np.intp],
    numbers: NDArray[np.intp],
    levels: NDArray[np.intp],
) -> None:
    """Say that the rules find names there, each of a type: `levels` 0, 1 as part of a longer one, 2 from the lists."""
    _put(reading.tags, firsts, afters, 1 + 12 * numbers + 4 * levels, _TAG_PLACES)


def _put(
    column: NDArray[np.int32],
    firsts: NDArray[np.intp],
    afters: NDArray[np.intp],
    codes: NDArray[np.intp],
    places: tuple[int, int, int, int],
) -> None:
    """Write on the tokens of each name its code, and more by place; a later name takes the place of an earlier one."""
    lengths = afters - firsts
    begin = np.cumsum(lengths) - lengths
    at = np.repeat(firsts - begin, lengths) + np.arange(lengths.sum())
    column[at] = np.repeat(codes, lengths) + np.array(places).take(places_of(lengths))
