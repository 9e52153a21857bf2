"""What the words around a candidate say about its type."""

from transforms.entities.letters import AGE, NEXT_WORD
from transforms.entities.lexicon import Lexicon
from transforms.entities.pieces import Candidate


def weigh_context(found: Candidate, text: str, lexicon: Lexicon) -> None:
    """Add the evidence of the neighbours to a candidate that no list decides."""
    if found.known is not None:
        return
    _weigh_before(found, lexicon)
    following = NEXT_WORD.match(text, found.end)
    if following:
        if following[1] in lexicon.say:
            found.person += 1.5
        if following[1] in lexicon.place_word:
            found.place += 2.0
    elif AGE.match(text, found.end):
        found.person += 3.0


def _weigh_before(found: Candidate, lexicon: Lexicon) -> None:
    before = found.before
    if found.title or before.rstrip(".") in lexicon.title:
        found.person += 3.0
        found.sure = found.sure or bool(found.title) or len(found.key) > 1
    if before in lexicon.say_before:
        found.person += 1.0
    if before in lexicon.org_word or found.earlier in lexicon.org_word:
        found.organisation += 3.0
    if before in lexicon.place_word or found.earlier in lexicon.place_word:
        found.place += 3.0
    elif before in lexicon.place_prep:
        found.place += 1.5
    if found.quoted:
        found.organisation += 1.5
