"""A vocabulary of a few words, so that a test shows all that its rule goes by."""

from dataclasses import replace
from typing import Any

from transforms.entities.gazetteer import Known, gazetteer_of
from transforms.entities.inflect import inflects
from transforms.entities.lexicon import Lexicon

_SETS = """function calendar demonym noun title given org_head org_tail place_head place_tail place_word org_word
    place_prep say_before club particle_capital legal_form article phrase_starts""".split()
_ENDINGS = ("org_suffixes", "org_nouns", "noun_suffixes", "surname_suffixes", "place_suffixes")


def known(kind: str, name: str, identifier: str | None = None) -> Known:
    """Return a known thing, as the lists have it."""
    return Known(kind, name, identifier, identifier or f"{kind}:{name}")


def small_lexicon(language: str = "en", names: dict[str, Known] | None = None, **words: Any) -> Lexicon:
    """Return a lexicon that knows some names, and of each kind of word the given ones, parted by spaces.

    `cautious` names are of its gazetteer, `after` is a mapping as the lexicon has it.
    """
    cautious = frozenset(words.get("cautious", "").split())
    told = {kind: words.get(kind, "").split() for kind in (*_SETS, *_ENDINGS)}
    return Lexicon(
        language=language,
        gazetteer=replace(gazetteer_of(names or {}), cautious=cautious),
        after=words.get("after", {}),
        inflected=inflects(language),
        **{kind: frozenset(told[kind]) for kind in _SETS},
        **{kind: tuple(sorted(told[kind])) for kind in _ENDINGS},
    )
