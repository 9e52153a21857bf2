"""Cut a run of capitalised words into candidate names and judge each by what it is made of.

Evidence is in one unit over all modules: 1 is a hint, 3 what a title or a given name says, 4 a head of organisations.
What single rules are worth on public sets stands in `docs/tuning.md`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from schemas.records import EntityType
from transforms.entities.gaps import weigh_before
from transforms.entities.gazetteer import Known
from transforms.entities.letters import is_acronym
from transforms.entities.lexicon import Gap, Lexicon
from transforms.entities.runs import Bare, Run, Unit

_ENGLISH_LINKS = frozenset(("of", "of the", "for", "for the", "and", "on"))
_QUIET = " "
# Evidence from the form of a word that needs no more: a stretched name has 5, endings and capitals within less.
_SURE = 4
_SHORTEST_INFLECTED = 8  # with 11 Finnish loses .005 typed on a public set, with 4 Ukrainian .004


@dataclass(slots=True)
class Candidate:
    """A possible name with the evidence for each type; `sure` needs no support from elsewhere in the text."""

    start: int
    end: int
    key: tuple[str, ...]  # stems of its words
    text: str
    roles: str = ""
    opens: bool = False  # stands where any word has a capital
    known: Known | None = None
    sure: bool = False
    person: float = 0.0
    place: float = 0.0
    organisation: float = 0.0
    field: Literal["title", "text"] = "text"
    type: EntityType | None = None  # of all places of the name together, once decided


def cut(run: Run, text: str, lexicon: Lexicon) -> Iterable[Candidate]:
    """Return the candidates of a run of two units and more, in order."""
    if len(run) == 2:  # The Hague aside, most runs of two are a small word that opens a sentence, and a name
        (_, _, first, _, _, facts), second = run
        if facts.role == "F" and first not in lexicon.particle_capital and not second[2].isupper():
            role = second[5].role
            before = second[4] if second[4].before else _after(first, lexicon)
            return () if role in "FCDT" else (judge_word(second, text, before, role, ""),)
    units = list(map(Unit._make, run))  # only the few runs that come here pay for names of parts
    if _is_shouted(units):
        return [judge_word(u, text, u.gap, u.facts.role, "") for u in units if u.known is not None]
    return _cut_run(units, text, lexicon)


def _cut_run(units: Sequence[Unit], text: str, lexicon: Lexicon) -> Iterator[Candidate]:
    roles: list[str] = []
    for at in range(len(units)):
        roles.append(_role(units, at, roles[-1] if at else "", lexicon))
    begin = 0
    title = ""
    for at in range(len(units) + 1):
        if at < len(units) and not _parts(units, roles, at, begin, lexicon):
            continue
        if at > begin:
            before = units[begin].gap
            if begin and not before.before:
                before = _after(units[begin - 1].text, lexicon)
            yield _piece(units[begin:at], text, "".join(roles[begin:at]), before, title)
            title = ""
        if at == len(units):
            return
        if roles[at] in "FCDT":
            # A title holds over a demonym, as in President Polish-born; any other word that is cut out ends it.
            title = units[at].text if roles[at] == "T" else title if roles[at] == "D" else ""
            begin = at + 1
        else:
            begin = at


def _after(word: str, lexicon: Lexicon) -> Gap:
    """Return the gap after a word of the same run, which says as much as a small one."""
    key = "\x01" + word  # in one table with gaps as they stand in texts, of which none begins so
    found = lexicon.gaps.get(key)
    if found is None:
        found = lexicon.gaps[key] = weigh_before(Gap(" ", before=word.casefold()), lexicon)
    return found


def _is_shouted(units: Sequence[Unit]) -> bool:
    """Tell whether a run belongs to a line in capitals, where case says nothing."""
    # Three letters or fewer are left to acronyms. Headlines in capitals: .015 typed on Spanish news.
    loud = [unit for unit in units if len(unit.text) > 3 and unit.text.isupper()]
    return len(loud) > 2 or (len(loud) > 1 and len(loud) == len(units))


def _role(units: Sequence[Unit], at: int, before: str, lexicon: Lexicon) -> str:
    """Return the role of a unit where it stands: Van in Van Roost is a name, July in Julio Rivera as well."""
    unit = units[at]
    role = unit.facts.role
    if role not in "FTCL" or not _followed(units, at, lexicon):
        return role
    if role in "FT":
        taken = unit.text in lexicon.particle_capital and (before in "GUI" if at else not unit.gap.opens)
        return "U" if taken else role
    return "G" if unit.text in lexicon.given and before != "L" else role


def _followed(units: Sequence[Unit], at: int, lexicon: Lexicon) -> bool:
    """Tell whether a unit is followed by what may be a surname: Paris Hilton, not Paris Opera House."""
    if at + 1 == len(units) or units[at + 1].gap.link != _QUIET:
        return False
    facts = units[at + 1].facts
    if facts.org_tail or facts.place_tail or facts.org_head:
        return False  # Jordan Corporation is no person
    return facts.role in "UGAP" or (units[at + 1].text in lexicon.particle_capital and at + 2 < len(units))


def _parts(units: Sequence[Unit], roles: Sequence[str], at: int, begin: int, lexicon: Lexicon) -> bool:
    """Tell whether the run is cut before or at a unit."""
    if roles[at] in "FC":
        return True
    if roles[at] in "DT":
        after = at + 1 < len(units) and units[at + 1].gap.link == _QUIET and units[at + 1].facts.org_tail
        return not (after or (at > begin and units[begin].facts.org_head))  # Polish Radio, Bank of Polish Trade
    if at == begin:
        return False
    if units[at].gap.link == _QUIET:
        return _parts_at_space(units, roles, at, begin, lexicon)
    return _parts_at_link(units, roles, at, begin, lexicon)


def _parts_at_link(units: Sequence[Unit], roles: Sequence[str], at: int, begin: int, lexicon: Lexicon) -> bool:
    link = units[at].gap.link
    headed = any(unit.facts.org_head for unit in units[begin:at])
    if link == "&":
        return False
    if link in lexicon.place_prep:
        return True  # particles are read in all languages; one that says where links nothing in its own
    if link in _ENGLISH_LINKS:
        if link == "and" and lexicon.language != "en":
            return not (units[begin].facts.org_head and at > begin + 1 and roles[at] in "UN")
        return not headed
    if units[begin].facts.org_head or link.isdigit():
        return not (units[begin].facts.org_head or units[begin].facts.club)
    # Where nouns have capitals, and for Portuguese and Italian "of the", two words are more often a thing and its place
    # than a person: without this .061 typed are lost in German.
    strict = lexicon.noun_suffixes or link in {"da", "do", "das", "dos", "di"}
    person = roles[begin] in "GPI" or (
        at == begin + 1 and roles[begin] == "U" and not strict and not units[begin].gap.opens
    )
    return not (person and roles[at] in "UGAL")


def _parts_at_space(  # noqa: PLR0911  one line a pattern
    units: Sequence[Unit], roles: Sequence[str], at: int, begin: int, lexicon: Lexicon
) -> bool:
    facts, before, role = units[at].facts, roles[at - 1], roles[at]
    tail = facts.org_tail or facts.place_tail
    # A known person or organisation is whole, so that what follows is another name, but for Interpol Foundation.
    if before in "PO" or (units[at - 1].known is not None and units[at].known is not None):
        return not tail
    if role in "GP" and before in "LNA":
        return True  # Berlin Anna Bell: without it .018 less on Russian news
    if at == begin + 1 and before in "UN" and _is_word_before_name(units, roles, at, lexicon):
        return True
    if roles[begin] == "G" and at - begin > 1 and (role in "AL" or facts.org_head):
        return True  # Ana Castro CPDA, Valerie Hardie Westerlo: a full name, then something else
    if lexicon.noun_suffixes and before == "L" and role in "UN":
        known = units[at - 1].facts.known
        return known is not None and known.key.startswith("iso:") and not tail  # Deutschlands Problem
    if role == "P":
        return " " in units[at].text or not all(other in "GIU" for other in roles[begin:at])
    return role == "O" and not units[begin].facts.org_head


def _is_word_before_name(units: Sequence[Unit], roles: Sequence[str], at: int, lexicon: Lexicon) -> bool:
    """Tell whether the first unit of a run is a common word: it opens a sentence, or a whole name follows it."""
    first, facts, role = units[at - 1], units[at].facts, roles[at]
    if role in "GP" and first.gap.opens:
        return True  # Yesterday Anna Bell: that it has a capital says nothing of a first word
    if roles[at - 1] == "N" and role == "U" and at + 1 < len(units) and units[at + 1].gap.link == _QUIET:
        return roles[at + 1] == "U"
    # A Hungarian surname comes before the given name.
    if role == "G" and lexicon.language != "hu" and at + 1 < len(units) and units[at + 1].gap.link == _QUIET:
        return roles[at + 1] in "UP"
    if lexicon.noun_suffixes:
        named = roles[at - 1] == "N" or role in "GPLO" or facts.club
        return named and not first.facts.place_head and not first.facts.org_head
    return False


def judge_word(unit: Bare, text: str, before: Gap, roles: str, title: str) -> Candidate:
    """Make a candidate of one word or one known name."""
    start, end, _, known, gap, facts = unit
    opens = gap.opens
    # A short inflected form at the head of a sentence is more often a word: Finnish Asiasta is no form of Asia.
    known = facts.known if known is not None or not opens or end - start >= _SHORTEST_INFLECTED else None
    found = Candidate(start, end, facts.key, text[start:end], roles, opens, known)
    found.person, found.place, found.organisation = facts.person, facts.place, facts.organisation
    if known is not None:
        found.sure = True
        return found
    if facts.organisation > _SURE:
        found.sure = True
    elif facts.role == "A":
        found.organisation += 2.5
    elif facts.role == "G":
        found.person += 2.0
    elif facts.org_head or facts.org_tail:
        found.organisation += 1.5
        found.opens = True  # the Ministry, the Bank: which one is not said, so that it needs support like a first word
    _weigh_gap(found, before, title)
    return found


def _weigh_gap(found: Candidate, before: Gap, title: str) -> None:
    found.person += before.person
    found.place += before.place
    found.organisation += before.organisation
    if title:
        found.sure = True
        if not before.titled:  # else the title's evidence is in what stands before already
            found.person += 3.0
    elif before.titled and len(found.key) > 1:
        found.sure = True


def _piece(units: Sequence[Unit], text: str, roles: str, before: Gap, title: str) -> Candidate:
    """Make one candidate of units that belong together."""
    if len(units) == 1:
        return judge_word(units[0], text, before, roles, title)
    start, end = units[0].start, units[-1].end
    key = tuple([unit.facts.stem for unit in units])
    found = Candidate(start, end, key, text[start:end], roles, units[0].gap.opens)
    _judge_words(found, units)
    _weigh_gap(found, before, title)
    return found


def _judge_words(found: Candidate, units: Sequence[Unit]) -> None:
    first, last = units[0].facts, units[-1].facts
    if first.org_head or last.org_tail or first.club:
        found.organisation += 4
        found.sure = True
    elif first.place_head or last.place_tail:
        found.place += 3.5 if last.place_tail else 2.0
    elif any(unit.facts.org_tail for unit in units[1:-1]):
        found.organisation += 2
    _weigh_roles(found, units)
    if last.surname and len(units) < 4:
        found.person += 1.0


def _weigh_roles(found: Candidate, units: Sequence[Unit]) -> None:
    kinds = found.roles
    first, last = kinds[0], kinds[-1]
    if first in "GI" and len(kinds) < 5:  # up to two words only: .017 less on Portuguese news
        found.person += 3.0
        found.sure = True
    elif first == "L":
        found.organisation += 1.5
    elif last == "L":
        found.place += 2.0
    if last == "P":
        found.person += 3.0
    if first == "P":
        found.organisation += 1.0
    if first not in "GI" and (
        any(len(unit.text) < 6 and is_acronym(unit.text) for unit in units) or "&" in [u.gap.link for u in units[1:]]
    ):
        found.organisation += 1.5
    if kinds in {"UU", "UUU", "UA"}:  # without it .009 less on Russian news, .001 more on Wikipedia
        found.person += 1.0
    if len(kinds) > 3:
        found.organisation += 1.0
