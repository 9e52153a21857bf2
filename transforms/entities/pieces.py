"""Cut a run of capitalised words into candidate names and judge each by what it is made of."""

from collections.abc import Iterator
from dataclasses import dataclass

from transforms.entities.gazetteer import Known
from transforms.entities.letters import is_acronym
from transforms.entities.lexicon import Lexicon
from transforms.entities.runs import Run, Unit

_ENGLISH_LINKS = frozenset(("of", "of the", "for", "for the", "and", "on"))
_QUIET = " "


@dataclass(slots=True)
class Candidate:
    """A possible name with the evidence for each type; `sure` needs no support from elsewhere in the text."""

    start: int
    end: int
    text: str
    known: Known | None = None
    sure: bool = False
    opens: bool = False  # stands where any word has a capital
    words: tuple[str, ...] = ()
    person: float = 0.0
    place: float = 0.0
    organisation: float = 0.0
    before: str = ""
    title: str = ""
    quoted: bool = False
    field: str = "text"
    roles: str = ""


def role(unit: Unit, lexicon: Lexicon) -> str:
    """Name what a unit is: K(nown) P L O, F(unction), C(alendar), D(emonym), T(itle), G(iven), I(nitial), A, U."""
    word = unit.text
    if unit.known is not None:
        return {"person": "P", "place": "L", "organisation": "O"}[unit.known.type]
    folded = word.casefold()
    if folded in lexicon.function:
        return "F"
    if word in lexicon.calendar:
        return "C"
    if word in lexicon.demonym:
        return "D"
    if folded.rstrip(".") in lexicon.title:
        return "T"
    if len(word) == 1 or (len(word) == 2 and word[1] == ".") or (len(word) < 6 and word.count(".") > 1):
        return "I"
    if lexicon.is_given(word):
        return "G"
    return "A" if is_acronym(word) else "U"


def cut(run: Run, lexicon: Lexicon) -> Iterator[Candidate]:
    """Yield the candidates of a run, in order."""
    units = run.units
    roles = [role(unit, lexicon) for unit in units]
    begin = 0
    title = ""
    for at in range(len(units) + 1):
        if at < len(units) and not _parts(units, roles, at, begin, lexicon):
            continue
        if at > begin:
            yield from _piece(units[begin:at], roles[begin:at], title, lexicon)
            title = ""
        if at == len(units):
            return
        if roles[at] in "FCDT":
            title = units[at].text if roles[at] == "T" else title if roles[at] == "D" else ""
            begin = at + 1
        else:
            begin = at


def _parts(units: list[Unit], roles: list[str], at: int, begin: int, lexicon: Lexicon) -> bool:
    """Tell whether the run is cut before or at a unit."""
    unit, mine = units[at], roles[at]
    if mine in "FC":
        return True
    if mine in "DT":
        after = at + 1 < len(units) and units[at + 1].gap.link == _QUIET and units[at + 1].text in lexicon.org_tail
        headed = at > begin and units[begin].text in lexicon.org_head and unit.gap.link != ""
        return not (after or headed)
    if at == begin:
        return False
    link = unit.gap.link
    if link == _QUIET:
        return _parts_at_space(units, roles, at, begin, lexicon)
    first = units[begin].text
    if link == "&":
        return False
    if link in _ENGLISH_LINKS:
        return not (first in lexicon.org_head or units[at - 1].text in lexicon.org_head) or (
            link == "and" and lexicon.language != "en"
        )
    if first in lexicon.org_head:
        return False
    person = roles[begin] in "GP" or roles[begin] == "I" or (at == begin + 1 and roles[begin] == "U" and link != "y")
    return not (person and mine in "UGAL" and link not in {"and"})


def _parts_at_space(units: list[Unit], roles: list[str], at: int, begin: int, lexicon: Lexicon) -> bool:
    mine, previous = roles[at], roles[at - 1]
    tail = units[at].text in lexicon.org_tail or units[at].text in lexicon.place_tail
    if previous == "P":
        return not (
            tail or (units[at - 1].known is not None and " " not in units[at - 1].text and mine in "U" and False)
        )
    if mine == "P":
        return not all(r in "GIU" for r in roles[begin:at]) or roles[at - 1] not in "GI"
    if previous == "O":
        return not tail
    if mine == "O":
        return units[begin].text not in lexicon.org_head
    return False


def _piece(units: list[Unit], roles: list[str], title: str, lexicon: Lexicon) -> Iterator[Candidate]:
    """Make one candidate of units that belong together, or several where a known name stands beside a stranger."""
    start, end = units[0].start, units[-1].end
    kinds = "".join(roles)
    words = tuple(unit.text for unit in units)
    found = Candidate(start, end, "", words=words, title=title, roles=kinds, opens=units[0].gap.opens)
    found.before, found.quoted = units[0].gap.before, units[0].gap.quoted
    if len(units) == 1:
        _judge_word(found, units[0], lexicon)
    else:
        _judge_words(found, units, lexicon)
    yield found


def _judge_word(found: Candidate, unit: Unit, lexicon: Lexicon) -> None:
    found.known = unit.known or (lexicon.known(unit.text) if found.roles in "UG" else None)
    if found.known is not None and found.roles == "G" and found.known.type == "place":
        found.known = None
    if found.known is not None:
        found.sure = True
    elif found.roles == "A":
        found.organisation += 2.5
        found.sure = len(unit.text) < 7 and not found.opens
    elif found.roles == "G":
        found.person += 2.0
    elif unit.text in lexicon.org_head or unit.text in lexicon.org_tail:
        found.organisation += 1.5
        found.opens = True


def _judge_words(found: Candidate, units: list[Unit], lexicon: Lexicon) -> None:
    kinds, words = found.roles, found.words
    inner_tail = any(word in lexicon.org_tail for word in words[1:])
    if words[0] in lexicon.org_head or words[-1] in lexicon.org_tail:
        found.organisation += 4
        found.sure = True
    elif words[0] in lexicon.place_head or words[-1] in lexicon.place_tail:
        found.place += 3.5 if words[-1] in lexicon.place_tail else 2.0
    elif inner_tail:
        found.organisation += 2
    _weigh_roles(found, kinds, units)
    if words[-1].casefold().endswith(lexicon.surname_suffixes) and len(words) < 4:
        found.person += 1.0


def _weigh_roles(found: Candidate, kinds: str, units: list[Unit]) -> None:
    first, last = kinds[0], kinds[-1]
    if first in "GI" and len(kinds) < 5:
        found.person += 3.0
        found.sure = True
    elif first == "L" and units[0].text in {"Paris", "Jordan", "Sydney", "Austin", "Georgia", "Chelsea", "Israel"}:
        found.person += 2.0
    elif first == "L":
        found.organisation += 1.5
    elif last == "L" and first != "G":
        found.place += 2.0
    if last == "P":
        found.person += 3.0
    if first == "P":
        found.organisation += 1.0
    if "A" in kinds or any(unit.gap.link == "&" for unit in units[1:]):
        found.organisation += 1.5
    if kinds in {"UU", "UUU"}:
        found.person += 1.0
    if len(kinds) > 3:
        found.organisation += 1.0
