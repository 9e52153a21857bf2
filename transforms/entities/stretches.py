"""Names that go on in small letters: Министерство обороны, Верховного суда, Европейского союза.

Languages that inflect names write organisations so; a known phrase is met in any case by the beginnings of its words.
"""

import re
from collections.abc import Sequence

from transforms.entities.gazetteer import Known
from transforms.entities.lexicon import Facts, Lexicon

Word = tuple[int, int, str, Known | None]
_SPACE = r"[^\S\n]"  # a name ends with its line: what follows a heading without a full stop is another sentence
_NEXT_WORD = re.compile(rf"{_SPACE}*([^\W\d_][\w'\u2019-]*)")
_LETTERS = r"[а-яёіїєґў'\u2019-]"
_ADJECTIVE = rf"{_LETTERS}+(?:ого|его|ой|ей|ых|их|ої|ьої|ьої)"
_NOUN = rf"(?!\w+(?:ла|ло|ли|лся|лась|ись|ася)\b){_LETTERS}{{3,}}"
# Endings of a genitive, singular and plural; a past tense has some of them too, and is excluded by its own.
_NOUN += r"(?:ы|и|а|я|ов|ев|ей|ий|ств|ань|ень|ів|їв|ї|ту|зку|ти|рядку|порту)"
# What a ministry is of: adjectives and a noun in the genitive, and a second such pair after "and".
_PAIR = rf"{_SPACE}(?:{_ADJECTIVE}{_SPACE}){{0,2}}{_NOUN}\b"
_GENITIVE = re.compile(rf"{_PAIR}(?:{_SPACE}(?:и|й|і|та){_PAIR})?")
_ADJECTIVE_ENDINGS: tuple[str, ...] = (
    "ий",
    "ый",
    "ой",
    "ая",
    "яя",
    "ое",
    "ее",
    "ого",
    "его",
    "ому",
    "ему",
    "ым",
    "им",
    "ом",
    "ем",
)
_ADJECTIVE_ENDINGS += ("ую", "юю", "ої", "ій", "у", "ські", "а", "е", "не")
# What follows a legal form. Bounded: of marks that are never closed each would be read to the end of its line.
_QUOTED = re.compile(rf"{_SPACE}?(?:«[^«»\n]{{2,60}}»|\"[^\"\n]{{2,60}}\"|„[^„“”\n]{{2,60}}[“”])")
_WORDS_KEPT = 30_000  # word types cached per process and language
_PREFIX_SLACK = 3  # letters at the end of a word that inflection may change; 2 and 4 find the same but for .001


def lengthen(words: Sequence[Word], text: str, lexicon: Lexicon) -> tuple[list[Word], dict[int, Facts]]:
    """Return the words with stretched names in place of their first words, and the facts of those no list knows."""
    longer: list[Word] = []
    forced: dict[int, Facts] = {}
    reached = 0
    for word in words:
        start, end, form, known = word
        if start < reached:
            continue
        if known is not None or not _may_go_on(form, lexicon):
            longer.append(word)
            reached = end
            continue
        found = _phrase(form, end, text, lexicon)
        if found is not None:
            end, known = found
        elif lexicon.org_nouns:
            stop = _organisation(form, end, text, lexicon)
            if stop > end:
                end = stop
                base = text[start:end].casefold()
                # 5 is more than pieces._SURE: heads and endings together leave no doubt.
                forced[start] = Facts("U", base, None, org_head=True, organisation=5.0, key=(base,))
        longer.append((start, end, text[start:end] if end != word[1] else form, known))
        reached = end
    return longer, forced


def _may_go_on(form: str, lexicon: Lexicon) -> bool:
    """Tell whether a word can begin a stretched name at all: worked out once per word type."""
    found = lexicon.stretches.get(form)
    if found is None:
        if len(lexicon.stretches) >= _WORDS_KEPT:
            lexicon.stretches.clear()
        found = lexicon.stretches[form] = (
            form[:3].casefold() in lexicon.phrase_starts
            or form in lexicon.legal_form
            or form in lexicon.org_head
            or (form.casefold().endswith(_ADJECTIVE_ENDINGS) and form.casefold() not in lexicon.function)
        )
    return found


def _phrase(form: str, end: int, text: str, lexicon: Lexicon) -> tuple[int, Known] | None:
    following = _NEXT_WORD.match(text, end)
    if following is None:
        return None
    key = (form[:3].casefold(), following[1][:3].casefold())
    for parts, known in lexicon.gazetteer.phrases.get(key, ()):
        stop = _follows(parts, form, end, text)
        if stop:
            return stop, known
    return None


def _follows(parts: tuple[str, ...], form: str, end: int, text: str) -> int:
    """Return where a phrase ends that begins with a form, 0 if the text goes on differently."""
    if not _alike(parts[0], form):
        return 0
    for part in parts[1:]:
        following = _NEXT_WORD.match(text, end)
        if following is None or not _alike(part, following[1]):
            return 0
        end = following.end()
    return end


def _alike(name: str, form: str) -> bool:
    shared = max(3, min(len(name), len(form)) - _PREFIX_SLACK)
    return abs(len(name) - len(form)) <= _PREFIX_SLACK and name[:shared].casefold() == form[:shared].casefold()


def _organisation(form: str, end: int, text: str, lexicon: Lexicon) -> int:  # noqa: PLR0911  one line a pattern
    if form in lexicon.legal_form:  # worth .057 typed on Ukrainian news
        quoted = _QUOTED.match(text, end)
        return quoted.end() if quoted else end
    if form in lexicon.org_head and not form.isupper():
        stop = _genitive(end, text, lexicon)
        if stop > end:
            return stop
    if not form.casefold().endswith(_ADJECTIVE_ENDINGS) or form.casefold() in lexicon.function:
        return end
    at = end
    for _ in range(3):  # Центральный городской банк; with one word .012 typed are lost on Ukrainian news
        following = _NEXT_WORD.match(text, at)
        if following is None or not following[1][0].islower():
            return end
        at = following.end()
        if following[1].startswith(lexicon.org_nouns):
            return _genitive(at, text, lexicon)
        if not following[1].endswith(_ADJECTIVE_ENDINGS):
            return end
    return end


def _genitive(end: int, text: str, lexicon: Lexicon) -> int:
    found = _GENITIVE.match(text, end)
    if found is None or any(word in lexicon.function for word in found[0].split()[:1]):
        return end
    return found.end()
