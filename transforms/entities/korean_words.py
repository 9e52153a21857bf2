"""Where the words of a Korean text begin and end: stems, and the particles that are written with them.

There is no dictionary: a particle agrees with the sound before it, lists have common words, titles and the endings of
names, and what is left is told by its length and its first syllable.
"""

import re
from collections.abc import Iterable, Iterator

from transforms.entities import chinese_words, gazetteer
from transforms.entities.words import Words, joined, part, without_halves
from transforms.entities.worked_out import WorkedOut

LANGUAGE = "ko"
_WORDS_KEPT = 50_000
_PIECE = re.compile(r"[가-힣]+|[^\W\d_가-힣]+|\d+|\s+|.", re.DOTALL)
_KIND_NAMES = (
    "unknown short single surname person foreign title body place common compound verb latin number mark known "
    "topic subject object of at with to more"
)
_KINDS = {name: chinese_words.KINDS + at for at, name in enumerate(_KIND_NAMES.split())}
KINDS = chinese_words.KINDS + len(_KINDS)  # after the last one
_PARTICLES = {
    "topic": "은 는",
    "subject": "이 가 께서",
    "object": "을 를",
    "of": "의",
    "at": "에 에서 에는 에서는 에도 에게 에게서 한테 께 에서의 에서도 에만",
    "with": "와 과 와의 과의 와는 과는 이랑 랑 하고",
    "to": "로 으로 로는 으로는 로부터 으로부터 로서 으로서 로도 으로도",
    "more": (
        "까지 까지는 까지도 부터 보다 처럼 만 만이 만의 도 이나 나 이다 이라고 라고 이라며 라며 이며 며 이라는 "
        "라는 인 이었다 였다 마다 뿐 밖에 조차 이란 란 이자 입니다 이라도 라도 들 들이 들은 들을 들의 들에게 들과 들도"
    ),
}
_PARTICLE_KINDS = {particle: kind for kind, row in _PARTICLES.items() for particle in row.split()}
_LONGEST_PARTICLE = max(map(len, _PARTICLE_KINDS))
_AFTER_CONSONANT = ("은", "을", "이", "과", "으로")  # how particles begin that follow no vowel
_AFTER_VOWEL = frozenset(
    ["는", "가", "를", "와", "와의", "와는", "라고", "라며", "라는", "며", "였다", "란", "랑", "나", "라도"]
)
_RIEUL = 8  # the final ㄹ, after which it is 로 as after a vowel
_DOUBTFUL = frozenset("도나만인며란랑들")  # particles that names end with as well: 경기도
_VERBAL = re.compile(
    "[가-힣]다|[하되]는|[한된할될함됨했됐던]|[하되][고며게지자면]|해|돼|[해아어여]서|해야|면서|지만|려고|려는|도록|니까|는데|"
    "[다자냐]고|다며|다는|거나|[았었했였겠][던고]|[았었했였](?:으나|지만)|며는|려|기[로도에]|지[는도]|[게은을고며]"
)
_LONGEST_VERBAL = 3
_OPEN = frozenset("은을고게")  # endings that verbs have, but names with a particle or as they are too
_AFTER_NOUN = re.compile(
    "(?:하|되|시키|당하|받|했|됐|한|된|할|될|해|돼|함|됨|적|들|간|별|용|형|성|화|상|째|쯤|가량|이상|이하|여|씩|끼리|다운|스러|롭)"
    "[가-힣]{0,4}"
)
_LONGEST_ENDING = 6  # of names, as 노동조합
_NAME_LENGTHS = (3, 4)  # syllables of a full name: a surname of one or two, and two


def words(text: str) -> Words:
    """Return the words of a text."""
    return joined(map(_parts.__getitem__, _PIECE.findall(without_halves(text))))


def _describe(piece: str) -> bytes:
    return b"".join(part(form, _KINDS[kind], _rank(form)) for form, kind in cut(piece))


_parts = WorkedOut(_describe, _WORDS_KEPT)


def cut(piece: str) -> Iterator[tuple[str, str]]:
    """Yield the words of what stands between spaces or marks, each with its kind."""
    if not "가" <= piece[0] <= "힣":
        yield piece, "number" if piece.isdigit() else "latin" if piece.isalpha() else "mark"
        return
    stem, kind = _stem(piece)
    if stem[1:] == "씨" and stem[0] in gazetteer.listed("surname", LANGUAGE):
        yield stem[0], "surname"
        yield stem[1], "title"
    else:
        yield stem, kind
    if len(stem) < len(piece):
        yield piece[len(stem) :], _PARTICLE_KINDS[piece[len(stem) :]]


def _stem(piece: str) -> tuple[str, str]:
    """Return a piece without its particle, and the name of its kind."""
    stems = list(_stems(piece))
    for stem in (piece, *stems):
        kind = _known(stem)
        if kind:
            return stem, kind
    if _is_verbal(piece) and (piece[-1] not in _OPEN or not stems):
        return piece, "verb"
    for stem in stems:
        if len(stem) > (2 if piece[len(stem) :] in _DOUBTFUL else 1):
            return stem, _shape(stem)
    return piece, _shape(piece)


def _stems(piece: str) -> Iterator[str]:
    """Yield what may be left of a piece without a particle, the longest particle first."""
    for length in range(min(_LONGEST_PARTICLE, len(piece) - 1), 0, -1):
        stem, particle = piece[:-length], piece[-length:]
        if particle in _PARTICLE_KINDS and _agrees(stem, particle):
            yield stem


def _agrees(stem: str, particle: str) -> bool:
    """Tell whether a particle may follow the sound that a stem ends with."""
    final = (ord(stem[-1]) - ord("가")) % 28  # consonants by their place in Unicode's table, 0 for a vowel
    if particle.startswith("로"):
        return final in (0, _RIEUL)
    if particle.startswith("으로"):
        return final not in (0, _RIEUL)
    return final == 0 if particle in _AFTER_VOWEL else final != 0 or not particle.startswith(_AFTER_CONSONANT)


def _is_verbal(piece: str) -> bool:
    lengths = range(1, min(_LONGEST_VERBAL, len(piece) - 1) + 1)
    return any(_VERBAL.fullmatch(piece, len(piece) - length) and len(piece) > 2 // length for length in lengths)


def _known(stem: str) -> str:
    """Return the kind that the lists give a stem, "" for none."""
    for kind, listed in (("title", "person_title"), ("common", "common"), ("foreign", "foreign")):
        if stem in gazetteer.listed(listed, LANGUAGE):
            return kind
    if len(stem) > 1 and gazetteer.load().named(stem, LANGUAGE) is not None:
        return "known"
    common = gazetteer.listed("common", LANGUAGE)
    made = any(stem[:at] in common and _AFTER_NOUN.fullmatch(stem, at) for at in range(len(stem) - 1, 1, -1))
    return "verb" if made else ""


def _shape(stem: str) -> str:
    """Return the kind of a stem that no list has, by how it begins and ends."""
    surnames = gazetteer.listed("surname", LANGUAGE)
    kind = _ending(stem, range(_LONGEST_ENDING, 1, -1)) or ("compound" if _is_compound(stem) else _ending(stem, (1,)))
    if kind:
        return kind
    if len(stem) == 1:
        return "surname" if stem in surnames else "single"
    if len(stem) in _NAME_LENGTHS and stem[:-2] in surnames:
        return "person"
    return "short" if len(stem) < min(_NAME_LENGTHS) else "unknown"


def _ending(stem: str, lengths: Iterable[int]) -> str:
    """Return what a stem is the name of, by its ending; two syllables end so by chance."""
    for length in lengths:
        for kind, listed in (("body", "org_end"), ("place", "place_end")):
            if 2 < len(stem) > length and stem[-length:] in gazetteer.listed(listed, LANGUAGE):
                return kind
    return ""


def _is_compound(stem: str) -> bool:
    common = gazetteer.listed("common", LANGUAGE)
    return any(
        stem[:at] in common and (stem[at:] in common or _is_compound(stem[at:])) for at in range(2, len(stem) - 1)
    )


def _rank(form: str) -> int:
    """Return 1 for a town, 2 for a surname with one or two syllables, 0 for anything else."""
    if form in gazetteer.load().cautious:
        return 1
    surnames = gazetteer.listed("surname", LANGUAGE)
    return 2 if any(form[:at] in surnames and 1 <= len(form) - at <= 2 for at in (1, 2)) else 0
