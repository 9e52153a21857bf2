"""Which releases made a row: kept in the ledger with every commit."""

import importlib.metadata
import platform

from transforms.entities.taggers import EntityChoice
from transforms.entities.taggers import tag_version as entities_version
from transforms.language.detect import tag_version as language_version
from transforms.language.detectors import named_with_release

# Those that decide what is read and how it is stored; the taggers tell of theirs by their own versions.
_LIBRARIES = ("apache-beam", "pyarrow", "deltalake", "feedparser", "selectolax")


def versions() -> dict[str, str]:
    """Return name → version of what decides the rows."""
    libraries = {name: importlib.metadata.version(name) for name in _LIBRARIES}
    return libraries | {
        "newsfold": importlib.metadata.version("newsfold"),
        "python": platform.python_version(),
        "language": language_version(),
        "entities": entities_version(),
    }


def tags_version(language_detector: str, entities: EntityChoice) -> str:
    """Return what `tags_version` of a row says: which taggers, and which state of their rules and lists."""
    return f"{language_version()}/{named_with_release(language_detector)} {entities_version(entities)}"
