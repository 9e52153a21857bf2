"""Base forms of inflected names: an ending is taken off and what the nominative may have put back.

The rules over-generate on purpose: a base form counts only where a list knows it. Endings are those of nouns, of
adjectives used as surnames, and of places; written from the grammars of the languages, longest first.
"""

from collections.abc import Mapping
from dataclasses import dataclass

_RUSSIAN = (
    "ского:ский,ской,ск|скому:ский,ской,ск|ским:ский,ск|ском:ский,ск|скую:ская|ской:ская,ск,ский|ого:ый,ий,ой,ое|"
    "ому:ый,ий,ой,ое|его:ий,ее|ему:ий,ее|ыми:ые|ими:ие|ами:,а,ы|ями:я,ь,и|ах:,а,ы|ях:я,ь,и|ых:ые|их:ие|ией:ия|иям:ии|"
    "иях:ии|ию:ия,ий|ии:ия,ий|ия:ий|ием:ий|ие:ий|ым:,ый,ые|им:ий,ие|ом:,о,ый|ем:,й,ь,е|ём:ь|ой:а,ая,ый|"
    "ей:а,я,ь,ея,ей,и|ою:а|ую:ая|ью:ь|ам:ы,а|ям:и,я|"
    "ов:ы,|ев:ы,|а:,о,й|я:ь,й,е|у:,а,о|ю:я,ь,й|е:,а,о,я,ь|ы:а,|и:а,я,ь,й,|ею:я"
)
_UKRAINIAN = (
    "ського:ський,ськ|ському:ський,ськ|ським:ський,ськ|ської:ська|ській:ська|ську:ська,ськ|ською:ська|ого:ий|ому:ий|"
    "ова:ів,ов|ову:ів,ов|ові:,ів,ов|овом:ів|єва:їв|єву:їв|єві:їв|евом:ев|ева:ів,ев|еві:,ь,й|ами:и,а|ями:і,я|"
    "ах:и,а|ях:і,я|ою:а|ею:а,я|єю:я|їв:ї|"
    "ією:ія|ії:ія|ію:ія,ій|ія:ій|ом:,о|ем:,ь|єм:й|им:,ий|ій:а,ь|ої:а|їм:їв|а:,о|я:ь,й|у:,а,о|ю:я,ь,й|"
    "і:,а,о,ь,я|и:а,|ї:я|ки:ка|ці:ка|зі:га|сі:ха|е:"
)
_POLISH = (
    "skiego:ski,sko|skiemu:ski|skim:ski,sko|skiej:ska|ską:ska|cego:cy|iego:i|iemu:i|ego:y,e|emu:y|owie:ów|"
    "owi:|owa:ów|em:,o|iem:,ie|ami:,a|"
    "ach:,y,a|om:,y|ii:ia,io|ię:ia|ią:ia|ji:ja|ję:ja|ją:ja|nie:n,na,no,ń|cie:t,ta,to|dzie:d,da|wie:w,wa,wo|"
    "mie:m,ma|bie:b,ba|pie:p,pa|"
    "sie:s,sa|zie:z,za|rze:r,ra|le:ł,ła,l,la|ce:ka,ca|dze:ga,dz|sce:ska|iej:ia,a|ie:,a,ie|ej:a|ów:y,|ą:a|ę:a|"
    "a:,o|u:,o,a|y:a,|i:a,,ia|o:|ia:,ie|iu:,ie|kiem:k|giem:g|"
    "kę:ka|ka:ek|kiem:ek|nia:ń|niu:ń"
)
_CZECH = (
    "ského:ský,sko|skému:ský,sko|ským:ský|ském:ský,sko|ské:ská|skou:ská|ého:ý|ému:ý|ým:ý|ém:ý|ou:a,á|ovi:,a|"
    "em:,o|ech:y|ích:y|ách:y,a|ům:y|"
    "ami:y|y:,a|e:,a,o|ě:a,o,|i:,a,e|u:,a,o|a:,o|ii:ie|ií:ie|í:e|ze:ha,ga|ce:ka|ře:ra|s:"
)
_SOUTH_SLAVIC = "skog:ski,ska|skom:ski,ska|om:,a,o|em:,e|ama:e,a|ima:i|ovi:|oj:a|u:,a,o|a:,o|i:a,|e:a,|ja:j,|ju:ja"
_BULGARIAN = "ския:ски|ът:|та:|то:|те:|ия:и|а:|я:й"
_FINNISH = (
    "ssa:,i|ssä:,i|sta:,i|stä:,i|lla:|llä:|lta:|ltä:|lle:|ksi:|na:|nä:|iin:i|issa:,i|issä:,i|ista:,i|istä:,i|"
    "ille:,i|illa:,i|"
    "in:,i|een:e|en:,i,nen|seen:nen|sen:nen|aan:a|ään:ä|oon:o|n:|a:|ä:|ta:|tä:|ia:,i|iä:,i|ltä:|lainen:|lla:|"
    "han:|hin:|hun:|hon:|kin:"
)
_ESTONIAN = "ga:|st:|sse:|le:|lt:|l:|s:|ks:|ni:|na:|ta:|i:|a:|u:|e:"
_LATVIAN = (
    "am:s,a|ā:a,s|u:s,a|a:s,is|ē:e,is|ei:e|es:e,is|i:s,is,e|ai:a|as:a|im:is|ei:e|ā:a|us:i|iem:i|os:i|ām:as|"
    "ās:as,a|ija:ija|ijas:ija|ijā:ija|iju:ija|ijai:ija|ņa:nis|ļa:lis|ša:sis,tis|ža:zis,dis"
)
_LITHUANIAN = "o:as|e:as,is,a|ui:as|ą:as,a|u:as|os:a|oje:a|ai:a|ės:ė|ėje:ė|ę:ė|io:is|iui:is|į:is|yje:is|iaus:ius|ių:is"
_HUNGARIAN = (
    "ban:|ben:|ból:|ből:|ba:|be:|nak:|nek:|val:|vel:|tól:|től:|hoz:|hez:|ról:|ről:|ra:|re:|on:|en:|ön:|n:|t:|"
    "ot:|et:|at:|"
    "ának:a|ának:|ában:a|ából:a|ára:a|ának:a|át:a|ával:a|ért:|ig:|i:"
)
_TURKISH = (
    "nın:|nin:|nun:|nün:|ın:|in:|un:|ün:|da:|de:|ta:|te:|dan:|den:|tan:|ten:|ya:|ye:|yı:|yi:|yu:|yü:|a:|e:|ı:|"
    "i:|u:|ü:|la:|le:|yla:|yle:"
)
_GREEK = "ου:ος,ο|ο:ος|ον:ος|η:ης|α:ας,|ς:|ας:α|ης:η|ων:ες|ίας:ία|εως:η"
_ROMANIAN = "ului:,ul,u|ul:,u|ei:a,ea|ii:ia|ilor:i|a:ă,|i:a|lui:"
_GENITIVE = "s:|'s:|\u2019s:|'s:|':|\u2019:|ens:en|sin:"
_TURKIC_CYRILLIC = "ның:|нің:|ға:|ге:|да:|де:|нан:|нен:"

_TABLES = {
    "ru": _RUSSIAN, "be": _RUSSIAN, "uk": _UKRAINIAN, "bg": _BULGARIAN, "mk": _BULGARIAN, "pl": _POLISH, "cs": _CZECH,
    "sk": _CZECH, "hr": _SOUTH_SLAVIC, "sr": _SOUTH_SLAVIC, "bs": _SOUTH_SLAVIC, "sl": _SOUTH_SLAVIC, "fi": _FINNISH,
    "et": _ESTONIAN, "lv": _LATVIAN, "lt": _LITHUANIAN, "hu": _HUNGARIAN, "tr": _TURKISH, "az": _TURKISH,
    "el": _GREEK, "ro": _ROMANIAN, "kk": _TURKIC_CYRILLIC, "de": _GENITIVE, "sv": _GENITIVE, "nb": _GENITIVE,
    "da": _GENITIVE, "nl": _GENITIVE, "lb": _GENITIVE, "af": _GENITIVE,
}  # fmt: skip
_FEW_ENDINGS = frozenset(("de", "sv", "nb", "da", "nl", "lb", "af"))


@dataclass(frozen=True, slots=True)
class _Rules:
    """What is put back for each ending, and the lengths of endings by their last letter, longest first."""

    put_back: Mapping[str, tuple[str, ...]]
    lengths: Mapping[str, tuple[int, ...]]


def _parse(table: str) -> _Rules:
    rules: dict[str, tuple[str, ...]] = {}
    lengths: dict[str, set[int]] = {}
    for rule in table.split("|"):
        ending, _, put_back = rule.partition(":")
        others = tuple(end for end in put_back.split(",") if end != ending)
        rules[ending] = rules.get(ending, ()) + others
        lengths.setdefault(ending[-1], set()).add(len(ending))
    return _Rules(rules, {last: tuple(sorted(found, reverse=True)) for last, found in lengths.items()})


_RULES = {language: _parse(table) for language, table in _TABLES.items()}
_SHORTEST_STEM = 3


def inflects(language: str) -> bool:
    """Tell whether names of a language change so much that phrases must be matched by stems."""
    return language in _RULES and language not in _FEW_ENDINGS


def bases(word: str, language: str) -> list[str]:
    """Return what a word may be an inflected form of, without the word itself; likelier forms first."""
    rules = _RULES.get(language)
    if rules is None:
        return []
    found: list[str] = []
    for length in rules.lengths.get(word[-1:], ()):
        put_back = rules.put_back.get(word[-length:], ())
        if put_back and len(word) - length >= _SHORTEST_STEM - 1:
            kept = word[:-length]
            found += [kept + end for end in put_back if end or len(kept) >= _SHORTEST_STEM]
    return found


def stem(word: str, language: str) -> str:
    """Return what stays of a word under inflection, for comparing two forms of one name."""
    rules = _RULES.get(language)
    if rules is None:
        return word
    for length in rules.lengths.get(word[-1:], ()):
        if word[-length:] in rules.put_back and len(word) - length >= _SHORTEST_STEM:
            return word[:-length]
    if inflects(language) and len(word) > _SHORTEST_STEM and word[-1] in "аоеяьйїіыуюиaeoiyuąęěáéíýōāēī":
        return word[:-1]
    return word
