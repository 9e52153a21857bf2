"""The vocabulary of the rules for one language, and look-ups that see through inflection."""

from dataclasses import dataclass, field
from functools import lru_cache

from transforms.entities import gazetteer
from transforms.entities.gazetteer import Gazetteer, Known
from transforms.entities.inflect import bases, inflects

_SAME = {"no": "nb", "sh": "hr", "bs": "hr", "sr": "hr", "sl": "hr", "sk": "cs", "ms": "id", "be": "ru", "gl": "pt"}
_WORDS_KEPT = 200_000  # word types cached per process and language, some 20 MB


@dataclass(eq=False)
class Lexicon:
    """Sets of words by role, lower-cased where case says nothing."""

    language: str
    gazetteer: Gazetteer
    function: frozenset[str]
    calendar: frozenset[str]
    demonym: frozenset[str]
    title: frozenset[str]
    given: frozenset[str]
    org_head: frozenset[str]
    org_tail: frozenset[str]
    place_head: frozenset[str]
    place_tail: frozenset[str]
    place_word: frozenset[str]
    org_word: frozenset[str]
    place_prep: frozenset[str]
    say: frozenset[str]
    say_before: frozenset[str]
    surname_suffixes: tuple[str, ...]
    place_suffixes: tuple[str, ...]
    inflected: bool
    _known: dict[str, Known | None] = field(default_factory=dict)
    _given: dict[str, bool] = field(default_factory=dict)

    def known(self, word: str) -> Known | None:
        """Return what a word names that is no exact name: an inflected form of a sure one."""
        if word not in self._known:
            if len(self._known) > _WORDS_KEPT:
                self._known.clear()
            self._known[word] = self._look_up(word)
        return self._known[word]

    def _look_up(self, word: str) -> Known | None:
        names = self.gazetteer.names
        if len(word) < 4 or word.casefold() in self.function or word in self.calendar or word in self.demonym:
            return None
        return next((names[base] for base in bases(word, self.language) if base in names and base[0].isupper()), None)

    def is_given(self, word: str) -> bool:
        """Tell whether a word is a given name, in any case."""
        if word not in self._given:
            if len(self._given) > _WORDS_KEPT:
                self._given.clear()
            found = word in self.given or any(base in self.given for base in bases(word, self.language))
            self._given[word] = found or ("-" in word and all(p in self.given for p in word.split("-")))
        return self._given[word]

    def cautious(self, word: str) -> Known | None:
        """Return what a word may name if the text supports it."""
        found = self.gazetteer.cautious.get(word)
        if found is None and self.inflected:
            options = (self.gazetteer.cautious.get(base) for base in bases(word, self.language))
            found = next((option for option in options if option is not None), None)
        return found


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
        title=lists.pooled("title") | {"l'ex", "ex"},
        given=lists.pooled("given"),
        org_head=lists.pooled("org_head") if home not in {"en", "de", "nl"} else own("org_head"),
        org_tail=own("org_tail") | lists.vocabulary("org_tail", "en"),
        place_head=lists.vocabulary("place_head", home),
        place_tail=lists.vocabulary("place_tail", home),
        place_word=own("place_word"),
        org_word=lists.pooled("org_word"),
        place_prep=own("place_prep"),
        say=lists.pooled("say"),
        say_before=lists.pooled("say_before"),
        surname_suffixes=tuple(sorted(lists.pooled("surname_suffix"))),
        place_suffixes=tuple(sorted(lists.pooled("place_suffix"))),
        inflected=inflects(home),
    )
