"""Find the entities of an article with the trained tagger: rules first, then its own decision about each token."""

from collections.abc import Iterator, Sequence
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from schemas.records import Entity
from transforms.entities.find import find_entities
from transforms.entities.inflect import stem
from transforms.entities.lexicon import Lexicon, lexicon
from transforms.entities.links import mask_links
from transforms.entities.pieces import Candidate
from transforms.entities.resolve import resolve
from transforms.entities.trained.decode import TYPES, best_spans
from transforms.entities.trained.model import SCALE, Model
from transforms.entities.trained.reading import Reading, read

_LIKELY = 3 * SCALE  # a token whose best label of a name is e⁻³ times as likely as none is not looked at
_MORE_NAMES = SCALE // 2  # taken off no name: as many names as rules find, by cross-validation over `knowledge/gold`
# Names that nothing tells apart get the type that is frequent in our texts, which are made up; in those of others more
# of them are persons, fewer organisations. Half a nat each, chosen on public sets of Wikipedia and of small languages;
# three quarters cost our own texts .006 typed.
_MORE_PERSONS = SCALE // 2
_FEWER_ORGANISATIONS = SCALE // 2
_LISTED_EVIDENCE = 8.0  # for the type in the lists, most of what the tagger can say: 4 to 8 are alike on our texts
_EVIDENCE = 10.0  # a name of the tagger needs no support: more than the rules ask of any
_SURE = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
_PERSON, _ORGANISATION = slice(1, 5), slice(9, 13)  # columns of labels, as of `decode.TYPES`
_CLOSING = {"«": "»", "„": "“”", "“": "”", '"': '"'}
_Name = tuple[int, int, Candidate]  # first token, token after the last


def tag(title: str, text: str, language: str, model: Model) -> tuple[Entity, ...]:
    """Return the entities of an article, by first mention; offsets count code points of each field as given.

    In a language that the model was not trained on they are those of the rules.
    """
    words = lexicon(language)
    title, text = mask_links(title), mask_links(text)
    by_rules = find_entities(title, text, language)
    if words.language not in model.languages:
        return by_rules
    reading = read(title, text, words, by_rules)
    candidates = _with_sure(list(_names(reading, words, model)), reading, words) if reading.tokens.starts else []
    _agree(candidates)
    return resolve(candidates, words)


def _names(reading: Reading, words: Lexicon, model: Model) -> Iterator[_Name]:
    near, scores = model.scores(reading, words)
    scores[:, 0] -= _MORE_NAMES
    scores[:, _PERSON] += _MORE_PERSONS
    scores[:, _ORGANISATION] -= _FEWER_ORGANISATIONS
    tokens, kept = _likely(near, scores)
    shares = _shares(kept)
    place = {at: number for number, at in enumerate(tokens)}
    for first, after in best_spans(kept.tolist(), tokens):
        begin = place[first]
        share = shares[begin : begin + after - first]
        end = _with_closing_quote(reading.tokens.forms, first, after)
        yield first, end, _candidate(reading, first, end, share, words)


def _with_closing_quote(forms: Sequence[str], first: int, after: int) -> int:
    """Return where a name ends that opens a quotation after its first word: ТОВ «Обрій» has both marks or none."""
    opened = next((at for at in range(after - 1, first, -1) if forms[at] in _CLOSING), 0)
    if not opened or after == len(forms):
        return after
    closing = _CLOSING[forms[opened]]
    return after + (forms[after] in closing and not any(form in closing for form in forms[opened + 1 : after]))


def _with_sure(names: Sequence[_Name], reading: Reading, words: Lexicon) -> list[Candidate]:
    """Add the names of the lists that the tagger left out: the news has many of them, its texts have few."""
    taken = {at for first, after, _ in names for at in range(first, after)}
    missed = [
        (first, after, _candidate(reading, first, after, [_SURE[number]], words))
        for first, after, number in reading.sure
        if taken.isdisjoint(range(first, after))
    ]
    return [found for _, _, found in sorted([*names, *missed], key=itemgetter(0))]


def _likely(near: NDArray[np.intp], scores: NDArray[np.int32]) -> tuple[list[int], NDArray[np.int32]]:
    """Keep stretches of tokens that may be of a name, if one of them is more likely of a name than of none."""
    lead = scores[:, 1:].max(axis=1, initial=-_LIKELY) - scores[:, 0]
    kept = np.flatnonzero(lead > -_LIKELY)
    tokens = near[kept]
    stretch = np.cumsum(np.diff(tokens, prepend=-2) != 1)
    won = np.bincount(stretch, lead[kept] > 0, minlength=1) > 0
    kept = kept[won[stretch]]
    return near[kept].tolist(), scores[kept]


def _shares(scores: NDArray[np.int32]) -> list[list[float]]:
    """Return the probability of each type for each token."""
    weights = np.exp((scores - scores.max(axis=1, keepdims=True, initial=-10_000)) / SCALE)
    weights /= weights.sum(axis=1, keepdims=True)
    shares: list[list[float]] = weights[:, 1:].reshape(len(scores), 3, 4).sum(axis=2).tolist()
    return shares


def _candidate(
    reading: Reading, first: int, after: int, shares: Sequence[Sequence[float]], words: Lexicon
) -> Candidate:
    start, end = reading.tokens.starts[first], reading.tokens.ends[after - 1]
    name = reading.whole[start:end]
    known = reading.known.get((start, end))
    shift = reading.shift if start >= reading.shift else 0
    key = tuple([stem(word, words.language).casefold() for word in name.split()])
    weight = _EVIDENCE / len(shares)
    person, place, organisation = (weight * sum(share) for share in zip(*shares, strict=True))
    return Candidate(
        start - shift,
        end - shift,
        key,
        name,
        "U",
        known=known,
        sure=True,
        person=person,
        place=place,
        organisation=organisation,
        field="text" if start >= reading.shift else "title",
    )


def _agree(candidates: Sequence[Candidate]) -> None:
    """Let the lists speak for a name only where they agree with its type by all its places together."""
    totals: dict[tuple[str, ...], list[float]] = {}
    for found in candidates:
        total = totals.setdefault(found.key, [0.0, 0.0, 0.0])
        for number, share in enumerate((found.person, found.place, found.organisation)):
            total[number] += share
        if found.known is not None:
            total[TYPES.index(found.known.type)] += _LISTED_EVIDENCE
    for found in candidates:
        total = totals[found.key]
        if found.known is not None and found.known.type != TYPES[total.index(max(total))]:
            found.known = None
