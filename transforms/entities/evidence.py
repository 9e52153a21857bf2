"""What the words after a candidate say about its type."""

from transforms.entities.letters import AGE, NEXT_WORD
from transforms.entities.lexicon import Lexicon
from transforms.entities.pieces import Candidate


def weigh_after(found: Candidate, text: str, lexicon: Lexicon) -> None:
    """Add the evidence of what follows a candidate that no list decides."""
    following = NEXT_WORD.match(text, found.end)
    if following:
        word = following[1]
        if word in lexicon.say:
            found.person += 1.5
        if word in lexicon.place_word:
            found.place += 2.0
    elif text[found.end : found.end + 2].lstrip()[:1] in {",", "("} and AGE.match(text, found.end):
        found.person += 3.0
