"""What the words around a candidate say about its type."""

from transforms.entities.letters import AGE, NEXT_WORD
from transforms.entities.lexicon import Lexicon
from transforms.entities.pieces import Candidate


def weigh_context(found: Candidate, text: str, lexicon: Lexicon) -> None:
    """Add the evidence of the neighbours to a candidate."""
    before = found.before
    if found.title or before.rstrip(".") in lexicon.title:
        found.person += 3.0
        found.sure = found.sure or bool(found.title) or len(found.words) > 1
    if before in lexicon.say_before:
        found.person += 1.0
    if before in lexicon.org_word:
        found.organisation += 3.0
    if before in lexicon.place_word:
        found.place += 3.0
    elif before in lexicon.place_prep:
        found.place += 1.5
    if found.quoted:
        found.organisation += 1.5
    _weigh_after(found, text, lexicon)
    _weigh_form(found, lexicon)


def _weigh_after(found: Candidate, text: str, lexicon: Lexicon) -> None:
    following = NEXT_WORD.match(text, found.end)
    if following:
        word = following[1]
        if word in lexicon.say:
            found.person += 1.5
        if word in lexicon.place_word:
            found.place += 2.0
    elif AGE.match(text, found.end):
        found.person += 3.0


def _weigh_form(found: Candidate, lexicon: Lexicon) -> None:
    if len(found.words) != 1 or found.known is not None:
        return
    word = found.words[0]
    folded = word.casefold()
    if any(c.isdigit() for c in word) or any(c.isupper() for c in word[2:]):
        found.organisation += 1.0
    if folded.endswith(lexicon.place_suffixes) and len(word) > 5:
        found.place += 1.0
    if folded.endswith(lexicon.surname_suffixes) and len(word) > 5:
        found.person += 1.0
    if lexicon.cautious(word) is not None:
        found.place += 1.0
