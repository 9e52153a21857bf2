"""What the words after a candidate say about its type."""

from transforms.entities.letters import AGE, NEXT_WORD
from transforms.entities.lexicon import Lexicon
from transforms.entities.pieces import Candidate


def weigh_after(found: Candidate, text: str, lexicon: Lexicon) -> None:
    """Add the evidence of what follows a candidate that no list decides."""
    following = NEXT_WORD.match(text, found.end)
    if following:
        said = lexicon.after.get(following[1])
        if said is not None:
            found.person += said[0]
            found.place += said[1]
    elif text[found.end : found.end + 2].lstrip()[:1] in {",", "("} and AGE.match(text, found.end):
        found.person += 3.0  # whose age follows is a person, as sure as after a title
