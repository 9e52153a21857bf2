"""Find the entities of articles with the trained tagger: rules first, then its own decision about each token."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from schemas.records import Entity
from transforms.entities.find import find_all, scan_all
from transforms.entities.inflect import stem
from transforms.entities.lexicon import lexicon
from transforms.entities.links import mask_links
from transforms.entities.pieces import Candidate
from transforms.entities.resolve import resolve
from transforms.entities.titled import Titled
from transforms.entities.trained.decode import PER_TYPE, TYPES, best_spans
from transforms.entities.trained.elsewhere import add_elsewhere
from transforms.entities.trained.features import COMMON_WITHOUT_CASE, MAY_BE_NAMED, QUOTE
from transforms.entities.trained.marks import mark
from transforms.entities.trained.model import SCALE, Model
from transforms.entities.trained.reading import Reading, Whole, read
from transforms.entities.trained.vocabulary import Vocabulary

_AT_ONCE = 100_000  # code points that are read at once: a third of it takes a seventh longer, three times as much 60 MB
_LIKELY = 3 * SCALE  # a token whose best label of a name is e⁻³ times as likely as none is not looked at
_MORE_NAMES = SCALE // 2  # taken off no name: as many names as rules find, by cross-validation over `knowledge/gold`
# Names that nothing tells apart get the type that is frequent in our texts, which are made up; in those of others more
# of them are persons, fewer organisations. Half a nat each, chosen on public sets of Wikipedia and of small languages;
# three quarters cost our own texts .006 typed.
_MORE_PERSONS = SCALE // 2
_FEWER_ORGANISATIONS = SCALE // 2
_MOST_ELSEWHERE = 5 * SCALE  # of one place of a word for its others; 3 to 8 nats are alike
_LISTED_EVIDENCE = 8.0  # for the type in the lists, most of what the tagger can say: 4 to 8 are alike on our texts
_EVIDENCE = 10.0  # a name of the tagger needs no support: more than the rules ask of any
_SURE = _EVIDENCE * np.eye(len(TYPES))  # by type
_PERSON, _ORGANISATION = slice(1, 5), slice(9, 13)  # columns of labels, as of `decode.TYPES`
_CLOSING = {"«": "»", "„": "“”", "“": "”", '"': '"'}


class _Names(NamedTuple):
    """Names in a row of tokens, rising."""

    firsts: NDArray[np.intp]  # tokens
    afters: NDArray[np.intp]  # the token after the last
    evidence: NDArray[np.float64]  # for each type


def tag(articles: Sequence[Titled], model: Model) -> list[tuple[Entity, ...]]:
    """Return the entities of each article, by first mention; offsets count code points of each field as given.

    In a language that the model was not trained on they are those of the rules.
    """
    masked = [Titled(mask_links(title), mask_links(text), language) for title, text, language in articles]
    learnt = {at for at, article in enumerate(masked) if lexicon(article.language).language in model.languages}
    others = [at for at in range(len(masked)) if at not in learnt]
    found = dict(zip(others, find_all([articles[at] for at in others]), strict=True))
    for part in _parts(masked, learnt):
        model.make_room()
        read_now = [masked[at] for at in part]
        reading = read(read_now, scan_all(read_now, mark), model.vocabulary)
        found.update(zip(part, _entities(reading, model), strict=True))
    return [found[at] for at in range(len(masked))]


def _parts(articles: Sequence[Titled], chosen: Iterable[int]) -> Iterator[list[int]]:
    """Yield the articles that are chosen, by language, as many as are read at once."""
    part: list[int] = []
    size = 0
    for at in sorted(chosen, key=lambda at: (articles[at].language, at)):
        if part and size + len(articles[at].text) > _AT_ONCE:
            yield part
            part, size = [], 0
        part.append(at)
        size += len(articles[at].text)
    if part:
        yield part


def _entities(reading: Reading, model: Model) -> Iterator[tuple[Entity, ...]]:
    names = _with_sure(_names(reading, model), reading, model.vocabulary)
    starts, ends = reading.tokens.starts[names.firsts].tolist(), reading.tokens.ends[names.afters - 1].tolist()
    placed = list(zip(starts, ends, names.evidence.tolist(), strict=True))
    begin = 0
    for whole in reading.wholes:
        after = bisect_left(starts, whole.position + len(whole.string))
        candidates = _candidates(placed[begin:after], whole)
        begin = after
        _agree(candidates)
        yield resolve(candidates, whole.words)


def _names(reading: Reading, model: Model) -> _Names:
    near, scores = model.scores(reading)
    scores[:, 0] -= _MORE_NAMES
    scores[:, _PERSON] += _MORE_PERSONS
    scores[:, _ORGANISATION] -= _FEWER_ORGANISATIONS
    _agree_in_article(near, scores, reading, model.vocabulary)
    tokens, kept = _likely(near, scores)
    spans = np.array(best_spans(kept, tokens), np.intp).reshape(-1, 2)
    firsts, afters = tokens[spans[:, 0]], tokens[spans[:, 1] - 1] + 1
    _close_quotes(firsts, afters, reading.tokens.words, model.vocabulary)
    return _Names(firsts, afters, _evidence(kept, spans))


def _agree_in_article(
    near: NDArray[np.intp], scores: NDArray[np.int16], reading: Reading, vocabulary: Vocabulary
) -> None:
    """Let words that may be names, single characters apart, be told by their other places too."""
    words = reading.tokens.words[near]
    at = np.flatnonzero((words >= 0) & (vocabulary.coarse(words) >= MAY_BE_NAMED))
    articles = np.searchsorted([whole.first for whole in reading.wholes], near[at], "right")
    some = scores[at]
    add_elsewhere(some, articles, words[at], _MOST_ELSEWHERE)
    scores[at] = some


def _close_quotes(
    firsts: NDArray[np.intp], afters: NDArray[np.intp], words: NDArray[np.intp], vocabulary: Vocabulary
) -> None:
    """Let names that open a quotation after their first word end with it: ТОВ «Обрій» has both marks or none."""
    quotes = np.cumsum(vocabulary.coarse(words) == QUOTE)
    for at in np.flatnonzero(quotes[afters - 1] > quotes[firsts]).tolist():
        afters[at] += _goes_on([vocabulary.form(word) for word in words[firsts[at] : afters[at] + 1].tolist()])


def _goes_on(forms: Sequence[str]) -> bool:
    """Tell whether the last form closes a quotation that is opened after the first one."""
    *inside, after = forms
    opened = next((at for at in range(len(inside) - 1, 0, -1) if inside[at] in _CLOSING), 0)
    closing = _CLOSING[inside[opened]] if opened else ()
    return after in closing and not any(form in closing for form in inside[opened + 1 :])


def _likely(near: NDArray[np.intp], scores: NDArray[np.int16]) -> tuple[NDArray[np.intp], NDArray[np.int16]]:
    """Keep stretches of tokens that may be of a name, if one of them is more likely of a name than of none."""
    none, *of_names = np.ascontiguousarray(scores.T)  # a row of each label is gone through ten times as fast
    lead = np.maximum.reduce(of_names) - none
    kept = np.flatnonzero(lead > -_LIKELY)
    tokens = near[kept]
    stretch = np.cumsum(np.diff(tokens, prepend=-2) != 1)
    won = np.bincount(stretch, lead[kept] > 0, minlength=1) > 0
    kept = kept[won[stretch]]
    return near[kept], scores[kept]


def _evidence(scores: NDArray[np.int16], spans: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return for each span of tokens the mean probability of each type, times what a name of the tagger weighs."""
    firsts, lengths = spans[:, 0], spans[:, 1] - spans[:, 0]
    shares = _shares(scores)
    totals = shares[firsts]
    for place in range(1, lengths.max(initial=0)):
        longer = lengths > place
        totals[longer] += shares[firsts[longer] + place]
    evidence: NDArray[np.float64] = totals * (_EVIDENCE / lengths)[:, None]
    return evidence


def _shares(scores: NDArray[np.int16]) -> NDArray[np.float64]:
    """Return the probability of each type for each token."""
    columns = np.ascontiguousarray(scores.T)
    weights = np.exp((columns - columns.max(axis=0)) / np.float64(SCALE))
    weights /= weights.sum(axis=0)
    shares: NDArray[np.float64] = weights[1:].reshape(len(TYPES), PER_TYPE, len(scores)).sum(axis=1).T
    return shares


def _with_sure(names: _Names, reading: Reading, vocabulary: Vocabulary) -> _Names:
    """Add the names of the lists that the tagger left out: the news has many of them, its texts have few.

    Not those that are common words where no capital tells them: المدينة is Medina, and any town.
    """
    firsts, afters, numbers = reading.sure
    # Both rise: as many names end before it as begin before its end.
    free = np.searchsorted(names.afters, firsts, "right") == np.searchsorted(names.firsts, afters, "left")
    coarse = vocabulary.coarse(reading.tokens.words[firsts])
    common = (coarse >= COMMON_WITHOUT_CASE.start) & (coarse < COMMON_WITHOUT_CASE.stop) & (afters - firsts == 1)
    missed = free & ~common
    found = np.concatenate([names.firsts, firsts[missed]])
    order = np.argsort(found, kind="stable")
    return _Names(
        found[order],
        np.concatenate([names.afters, afters[missed]])[order],
        np.concatenate([names.evidence, _SURE[numbers[missed]]])[order],
    )


@lru_cache(maxsize=1 << 15)
def _key(name: str, language: str) -> tuple[str, ...]:
    return tuple([stem(word, language).casefold() for word in name.split()])


def _candidates(names: Sequence[tuple[int, int, Sequence[float]]], whole: Whole) -> list[Candidate]:
    position, language, known = whole.position, whole.words.language, whole.marks.known
    candidates: list[Candidate] = []
    for first, after, (person, place, organisation) in names:
        start, end = first - position, after - position
        name = whole.string[start:end]
        in_text = start >= whole.text_at
        shift = whole.text_at if in_text else 0
        key, listed = _key(name, language), known.get((start, end))
        found = Candidate(start - shift, end - shift, key, name, "U", False, listed, True, person, place, organisation)  # noqa: FBT003  fields by their order: half the time, and there are many
        found.field = "text" if in_text else "title"
        candidates.append(found)
    return candidates


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
