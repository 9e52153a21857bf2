"""Build the parts of person names that the trained tagger knows, from the lists of the packages Faker and mimesis.

    python knowledge/build_person_names.py [OUT]

The same packages give the same bytes. Only single words are kept, with the case they have; which of them are also
common words does not matter here, since the tagger learns how much a listed word says.
"""

import gzip
import importlib
import json
import pkgutil
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import mimesis
from faker.providers import person

OUT = Path(__file__).parent.parent / "transforms" / "entities" / "data" / "person_names.json.gz"


def faker_lists() -> Iterator[tuple[str, Iterable[str]]]:
    """Yield (given or surname, names) of every locale of Faker."""
    for found in pkgutil.iter_modules(person.__path__):
        provider = importlib.import_module(f"faker.providers.person.{found.name}").Provider
        for attribute in sorted(vars(provider)):
            for start, kind in (("first_names", "given"), ("last_names", "surname")):
                names = getattr(provider, attribute)
                if attribute.startswith(start) and isinstance(names, dict | list | tuple | set):
                    yield kind, names


def mimesis_lists() -> Iterator[tuple[str, Iterable[str]]]:
    """Yield (given or surname, names) of every locale of mimesis."""
    for path in sorted((Path(mimesis.__file__).parent / "datasets").glob("*/person.json")):
        document = json.loads(path.read_text("utf-8"))
        for key, kind in (("names", "given"), ("surnames", "surname")):
            lists = document.get(key, [])
            for names in lists.values() if isinstance(lists, dict) else [lists]:
                yield kind, names


def build() -> bytes:
    """Return the data file: {given: words, surname: words}, sorted."""
    words: dict[str, set[str]] = {"given": set(), "surname": set()}
    for kind, names in (*faker_lists(), *mimesis_lists()):
        for name in names:
            words[kind].update(w for w in name.replace("-", " ").split() if w.isalpha() and w == w[:1].upper() + w[1:])
    document = {kind: " ".join(sorted(w for w in found if len(w) > 1 or w > "\u3000")) for kind, found in words.items()}
    return gzip.compress(json.dumps(document, ensure_ascii=False, sort_keys=True).encode(), 9, mtime=0)


if __name__ == "__main__":
    (Path(sys.argv[1]) if len(sys.argv) > 1 else OUT).write_bytes(build())
