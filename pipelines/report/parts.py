"""The small parts that all sections of the report are made of: numbers, moments, tables, keys."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from pipelines.report.elements import Attributes, Markup, element, plain

_NAMES = (
    "af Afrikaans,ar Arabic,az Azerbaijani,be Belarusian,bg Bulgarian,bn Bengali,bs Bosnian,ca Catalan,cs Czech,"
    "cy Welsh,da Danish,de German,el Greek,en English,es Spanish,et Estonian,eu Basque,fa Persian,fi Finnish,"
    "fr French,ga Irish,gl Galician,gu Gujarati,he Hebrew,hi Hindi,hr Croatian,hu Hungarian,hy Armenian,"
    "id Indonesian,is Icelandic,it Italian,ja Japanese,ka Georgian,kk Kazakh,km Khmer,kn Kannada,ko Korean,"
    "lt Lithuanian,lv Latvian,mk Macedonian,ml Malayalam,mn Mongolian,mr Marathi,ms Malay,mt Maltese,my Burmese,"
    "ne Nepali,nl Dutch,no Norwegian,pa Punjabi,pl Polish,ps Pashto,pt Portuguese,ro Romanian,ru Russian,si Sinhala,"
    "sk Slovak,sl Slovene,so Somali,sq Albanian,sr Serbian,sv Swedish,sw Swahili,ta Tamil,te Telugu,th Thai,"
    "tl Tagalog,tr Turkish,uk Ukrainian,und undetermined,ur Urdu,uz Uzbek,vi Vietnamese,zh Chinese"
)
_LANGUAGES = {entry.split(" ")[0]: entry.split(" ")[1] for entry in _NAMES.split(",")}
_BYTES = ("bytes", "kB", "MB", "GB", "TB")


@dataclass(frozen=True, slots=True)
class Heading:
    """A column of a table: its heading, and its kind as a class (n number, w unbroken, drawn a bar, or none)."""

    name: str
    kind: str = ""


def section(name: str, title: str, *content: Markup) -> Markup:
    """Return a section that the contents can point at."""
    heading = element("h2", {"id": f"{name}-title"}, plain(title))
    return element("section", {"id": name, "aria-labelledby": f"{name}-title"}, heading, *content)


def paragraph(*content: Markup, kind: str = "") -> Markup:
    """Return a paragraph of some class."""
    return element("p", {"class": kind} if kind else None, *content)


def table(caption: str, headings: Sequence[Heading], rows: Sequence[Sequence[Markup]], name: str = "") -> Markup:
    """Return a table whose first column heads its rows; what is too wide for a phone scrolls inside its frame."""
    top = [element("th", {"scope": "col", **_kind(column)}, plain(column.name)) for column in headings]
    head = element("thead", None, element("tr", None, *top))
    body = element("tbody", None, *(_table_row(headings, row) for row in rows))
    whole = element("table", {"id": name} if name else None, element("caption", None, plain(caption)), head, body)
    frame: Attributes = {"class": "wide", "role": "region", "aria-label": caption, "tabindex": 0}
    return element("div", frame, whole)


def key(entries: Sequence[tuple[str, str]]) -> Markup:
    """Return the key of a chart, of (colour, words)."""
    items = (element("li", None, swatch(colour), plain(words)) for colour, words in entries)
    return element("ul", {"class": "key"}, *items)


def swatch(colour: str) -> Markup:
    """Return a small square of one colour."""
    box = element("rect", {"class": colour, "width": 10, "height": 10, "rx": 2})
    return element("svg", {"class": "swatch", "viewBox": "0 0 10 10", "aria-hidden": "true"}, box)


def number(value: float) -> Markup:
    """Return a count with commas."""
    return plain(f"{value:,.0f}")


def percent(part: float, whole: float) -> str:
    """Return a share; one that is not 0 is never shown as 0, and one that is not all never as 100 %."""
    if not whole:
        return "none"
    if part in (0, whole):
        return f"{100 if part else 0} %"
    # Rounded to "0.0 %" or "100.0 %", one reject in a million or one record lost would not be seen.
    share = 100 * part / whole
    if 0 < share < 0.1:
        return "< 0.1 %"
    return "> 99.9 %" if 99.9 < share < 100 else f"{share:.1f} %"


def size_of(count: int) -> str:
    """Return a number of bytes, rounded, in powers of 1,000."""
    amount, unit = float(count), 0
    while amount >= 1000 and unit < len(_BYTES) - 1:
        amount, unit = amount / 1000, unit + 1
    return f"{amount:,.0f} {_BYTES[unit]}" if not unit or amount >= 100 else f"{amount:.1f} {_BYTES[unit]}"


def day(value: date | None) -> str:
    """Return a day as 6 Oct 2025."""
    return f"{value.day} {value:%b} {value.year}" if value else "no date"


def moment(value: datetime | None) -> str:
    """Return a time as 6 Oct 2025 05:40; all times here are UTC."""
    return f"{day(value)} {value:%H:%M}" if value else "no date"


def language(code: str | None) -> str:
    """Return the English name of a language code, or the code."""
    return _LANGUAGES.get(code or "", code or "none")


def plural(count: int, one: str, many: str) -> str:
    """Return a count with its noun."""
    return f"{count:,} {one if count == 1 else many}"


def _table_row(headings: Sequence[Heading], row: Sequence[Markup]) -> Markup:
    first, *others = zip(headings, row, strict=True)
    head = element("th", {"scope": "row", **_kind(first[0])}, first[1])
    return element("tr", None, head, *(element("td", _kind(column), cell) for column, cell in others))


def _kind(column: Heading) -> Attributes:
    return {"class": column.kind} if column.kind else {}
