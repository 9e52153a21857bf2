"""The vocabulary of the rules for one language, and what it says about each word, worked out once per word type."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from transforms.entities import gazetteer
from transforms.entities.gazetteer import Gazetteer, Known
from transforms.entities.inflect import bases, inflects, stem
from transforms.entities.letters import has_camel, is_acronym
from transforms.entities.worked_out import WorkedOut

# Languages that we have no words of, and the nearest one that we have.
_SAME = {"no": "nb", "sh": "hr", "bs": "hr", "sr": "hr", "sl": "hr", "sk": "cs", "ms": "id", "be": "ru", "gl": "pt"}
_FACTS_KEPT = 30_000  # word types cached per process and language: 8 MB
_KNOWN_ROLES = {"person": "P", "place": "L", "organisation": "O"}


class Facts(NamedTuple):
    """What is known of a word (or a known name) wherever it stands.

    `role`: K(nown) as P, L, O; F(unction), C(alendar), D(emonym), N(oun), T(itle), G(iven), I(nitial), A(cronym),
    U(nknown). The numbers are evidence from the form of the word for each type.
    """

    role: str
    stem: str
    known: Known | None
    org_head: bool = False
    org_tail: bool = False
    place_head: bool = False
    place_tail: bool = False
    club: bool = False
    surname: bool = False
    person: float = 0.0
    place: float = 0.0
    organisation: float = 0.0
    key: tuple[str, ...] = ()  # the stem alone, ready for a candidate of one word


class Gap(NamedTuple):
    """What stands between two words: a link ("" for none), whether a sentence opens, and the last small word."""

    link: str
    opens: bool = False
    quoted: bool = False
    before: str = ""
    earlier: str = ""  # the word before that, where the last one only links: ville de
    titled: bool = False  # the last small word is a title
    person: float = 0.0  # the evidence of all this for what follows
    place: float = 0.0
    organisation: float = 0.0


class _Ends(NamedTuple):
    """What words of a kind end with, of that which ends with one letter: few enough to be tried one by one."""

    surname: tuple[str, ...] = ()
    place: tuple[str, ...] = ()
    organisation: tuple[str, ...] = ()
    noun: tuple[str, ...] = ()


_NO_ENDS = _Ends()
_Part = tuple[bool, bool, bool, bool, bool]  # of names: whether a word is a head or tail of firms, of places, a club
_NO_PART: _Part = False, False, False, False, False


@dataclass(eq=False)
class Lexicon:
    """Sets of words by role, lower-cased where case says nothing."""

    language: str
    gazetteer: Gazetteer
    function: frozenset[str]
    calendar: frozenset[str]
    demonym: frozenset[str]
    noun: frozenset[str]
    title: frozenset[str]
    given: frozenset[str]
    org_head: frozenset[str]
    org_tail: frozenset[str]
    place_head: frozenset[str]
    place_tail: frozenset[str]
    place_word: frozenset[str]
    org_word: frozenset[str]
    place_prep: frozenset[str]
    after: Mapping[str, tuple[float, float]]  # evidence of a word for the name before it: a person, a place
    say_before: frozenset[str]
    club: frozenset[str]
    particle_capital: frozenset[str]
    org_suffixes: tuple[str, ...]
    legal_form: frozenset[str]
    org_nouns: tuple[str, ...]
    article: frozenset[str]  # of a language that writes nouns with a capital: a noun follows it, hardly a person
    noun_suffixes: tuple[str, ...]
    surname_suffixes: tuple[str, ...]
    place_suffixes: tuple[str, ...]
    inflected: bool
    phrase_starts: frozenset[str]
    gaps: dict[str, Gap] = field(default_factory=dict)  # filled by gaps.gap_of
    last_words: dict[str, Gap] = field(default_factory=dict)  # by the last word of a long gap
    stretches: dict[str, bool] = field(default_factory=dict)  # filled by stretches.lengthen
    facts: dict[str, Facts] = field(init=False)  # what is known of a word
    _known_facts: dict[str, Facts] = field(default_factory=dict)
    _parts: Mapping[str, _Part] = field(init=False)  # by word: what it is as part of a name
    _ends: Mapping[str, _Ends] = field(init=False)  # by last letter

    def __post_init__(self) -> None:
        """Begin with no word worked out."""
        self.facts = WorkedOut(self._work_out, _FACTS_KEPT)
        parts = self.org_head.union(self.org_tail, self.place_head, self.place_tail, self.club)
        self._parts = {word: self._part(word) for word in parts}
        kinds = (self.surname_suffixes, self.place_suffixes, self.org_suffixes, self.noun_suffixes)
        lasts = {ending[-1] for endings in kinds for ending in endings}
        self._ends = {last: _Ends(*(_with_last(last, endings) for endings in kinds)) for last in lasts}

    def _part(self, word: str) -> _Part:
        of_place = word in self.place_head, word in self.place_tail
        return word in self.org_head, word in self.org_tail, *of_place, word in self.club

    def known_facts(self, word: str, known: Known) -> Facts:
        """Return the facts of a name that the lists gave."""
        found = self._known_facts.get(word)
        if found is None or found.known is not known:
            if len(self._known_facts) > _FACTS_KEPT:
                self._known_facts.clear()
            found = self._known_facts[word] = self._know(word, known)
        return found

    def _know(self, word: str, known: Known) -> Facts:
        folded = stem(word, self.language).casefold()
        tail, head = word in self.org_tail, word in self.org_head
        return Facts(_KNOWN_ROLES[known.type], folded, known, org_head=head, org_tail=tail, key=(folded,))

    def _work_out(self, word: str) -> Facts:
        folded = word.casefold()
        forms = (word, *bases(word, self.language))
        ends = self._ends.get(folded[-1], _NO_ENDS)
        role = self._role(word, folded, forms, ends)
        known = self._inflected(forms) if role in "UG" else None
        if known is not None and role == "G" and known.type == "place":
            known = None  # a given name in another case, not a town that is spelt alike: .002 typed in Russian
        if known is not None and role == "U":
            role = _KNOWN_ROLES[known.type]
        base = stem(word, self.language).casefold()
        # Not of words that are hardly longer than the ending.
        place = 1.0 if len(word) > 5 and folded.endswith(ends.place) else 0.0
        if role == "U" and self._cautious(forms):
            place += 1.0  # worth .016 typed on texts of Wikipedia
        organisation = 1.0 if has_camel(word) else 0.0
        if len(word) > 6 and folded.endswith(ends.organisation):
            organisation += 1.5
        surname = len(word) > 5 and folded.endswith(ends.surname)
        part = self._parts.get(word, _NO_PART)
        return Facts(role, base, known, *part, surname, 1.0 if surname else 0.0, place, organisation, (base,))

    # The order decides: words that are of no name first, then what makes persons, then what is only a form.
    def _role(self, word: str, folded: str, forms: tuple[str, ...], ends: _Ends) -> str:  # noqa: PLR0911  one line a role
        if folded in self.function:
            return "F"
        if word in self.calendar:
            return "C"
        if word in self.demonym:
            return "D"
        if folded.rstrip(".") in self.title and not word.isupper():
            return "T"
        if len(word) == 1 or (len(word) == 2 and word[1] == ".") or (len(word) < 6 and word.count(".") > 1):
            return "I"
        if self._is_given(word, forms):
            return "G"
        if "-" in word and word[word.rfind("-") + 1].isdigit():
            return "C"  # Tu-95, Covid-19
        if word in self.noun or (self.noun_suffixes and self._german_noun(folded, ends)):
            return "N"
        return "A" if is_acronym(word) else "U"

    def _german_noun(self, folded: str, ends: _Ends) -> bool:
        return folded in self.place_word or folded in self.org_word or folded.endswith(ends.noun)

    def _inflected(self, forms: tuple[str, ...]) -> Known | None:
        if len(forms[0]) < 4:
            return None  # three letters are a form of too many things; five as the least would lose Latvian .006
        names = self.gazetteer.names
        for base in forms[1:]:
            if base in names and base[0].isupper():
                return names[base]
        return None

    def _is_given(self, word: str, forms: tuple[str, ...]) -> bool:
        if not self.given.isdisjoint(forms):
            return True
        return "-" in word and all(part in self.given for part in word.split("-"))

    def _cautious(self, forms: tuple[str, ...]) -> bool:
        cautious = self.gazetteer.cautious
        return not cautious.isdisjoint(forms) if self.inflected else forms[0] in cautious


def _with_last(letter: str, endings: Iterable[str]) -> tuple[str, ...]:
    return tuple(ending for ending in endings if ending[-1] == letter)


def _after(say: frozenset[str], place_word: frozenset[str]) -> dict[str, tuple[float, float]]:
    return {w: (1.5 if w in say else 0.0, 2.0 if w in place_word else 0.0) for w in sorted(say | place_word)}


@lru_cache(maxsize=256)
def lexicon(language: str) -> Lexicon:
    """Return the lexicon of a language; one we have no words for takes those of all."""
    lists = gazetteer.load()
    home = _SAME.get(language, language)

    def own(kind: str) -> frozenset[str]:
        return lists.vocabulary(kind, home) if home in lists.words["function"] else lists.pooled(kind)

    return Lexicon(
        language=home,
        gazetteer=lists,
        function=own("function"),
        calendar=lists.pooled("calendar"),
        demonym=own("demonym"),
        noun=own("noun"),
        title=lists.pooled("title") | {"l'ex", "ex"},  # former, before any office
        given=lists.pooled("given"),
        org_head=lists.pooled("org_head") if home not in {"en", "de", "nl"} else own("org_head"),
        # English tails in every language, as in Harrow Holding: .006 typed in Dutch and Russian.
        org_tail=own("org_tail") | lists.vocabulary("org_tail", "en"),
        place_head=lists.vocabulary("place_head", home),
        place_tail=lists.vocabulary("place_tail", home),
        place_word=own("place_word"),
        org_word=lists.pooled("org_word"),
        place_prep=own("place_prep"),
        after=_after(lists.pooled("say"), own("place_word")),
        say_before=lists.pooled("say_before"),
        club=lists.pooled("club"),
        particle_capital=lists.pooled("particle_capital"),
        org_suffixes=tuple(sorted(lists.pooled("org_suffix"))),
        legal_form=lists.pooled("legal_form"),
        org_nouns=tuple(sorted(lists.vocabulary("org_noun", home))),
        article=lists.vocabulary("article", home),
        noun_suffixes=tuple(sorted(lists.vocabulary("noun_suffix", home))),
        surname_suffixes=tuple(sorted(lists.pooled("surname_suffix"))),
        place_suffixes=tuple(sorted(lists.pooled("place_suffix"))),
        inflected=inflects(home),
        phrase_starts=frozenset(first for first, _ in lists.phrases) if inflects(home) else frozenset(),
    )
