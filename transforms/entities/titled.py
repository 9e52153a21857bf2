"""What a tagger is given of an article."""

from typing import NamedTuple


class Titled(NamedTuple):
    """The two fields in which names are looked for, and the language that they are in."""

    title: str
    text: str
    language: str
