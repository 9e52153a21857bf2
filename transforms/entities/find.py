"""Find persons, places and organisations in an article: known names, then rules, then a look at the whole.

known names → runs of capitals → pieces of a run → evidence around each → one decision for the article
"""

from schemas.records import Entity
from transforms.entities.caseless import find_caseless
from transforms.entities.evidence import weigh_context
from transforms.entities.gazetteer import KnownSpan
from transforms.entities.lexicon import Lexicon, lexicon
from transforms.entities.pieces import Candidate, cut
from transforms.entities.resolve import resolve
from transforms.entities.runs import find_runs


def find_entities(title: str, text: str, language: str) -> tuple[Entity, ...]:
    """Return the entities of an article, by first mention; offsets count code points of each field as given."""
    words = lexicon(language)
    return resolve([*_scan("title", title, words), *_scan("text", text, words)], words)


def _scan(field: str, text: str, words: Lexicon) -> list[Candidate]:
    if not text:
        return []
    spans = list(words.gazetteer.spans(text, words.language))
    candidates = [found for run in find_runs(text, words, spans) for found in cut(run, words)]
    for found in candidates:
        found.text = text[found.start : found.end]
        found.field = field
        weigh_context(found, text, words)
    longer = list(find_caseless(text, words.language, spans))
    if longer:
        candidates = [c for c in candidates if not any(c.start < f.end and f.start < c.end for f in longer)] + longer
        for found in longer:
            found.field = field
        candidates.sort(key=lambda c: c.start)
    return candidates
