"""Site furniture: what a page prints below its story ("Read more", "Related News :", notices of rights).

Only the very end of a text is looked at, and only lines that match a rule as a whole go, so that no story loses
a sentence: a cut too few costs a line of noise, a cut too many costs text. What goes is recorded by the caller.
"""

import re

from transforms.normalize.furniture_phrases import HEADINGS, LINES, RIGHTS_RESERVED

MAX_LINE_CHARS = 400  # a longer line is a paragraph, whatever it begins with
_MAX_PHRASE_CHARS = 80
_MAX_LINK_CHARS = 160
_MAX_LINKS = 40  # below one heading
# A list of links that outweighs a story this short may be the story: a digest of headlines.
_MIN_STORY_CHARS = 100

_BULLETS = "•·●▪◦‣▶►→➜»>*-–—|#+✔■□◆◇○※"
_EDGES = _BULLETS + " \t"
_TAIL = ":：….。!！、" + _EDGES + "<«›▼▾↓↑"
_YEAR = r"(?:19|20)\d\d"
_MARK = re.compile(rf"[©ⓒ]|\(c\)|copyright|{_YEAR}")
_ALSO = (
    r"read (?:more|also|next)|also read|see also|more from|watch"
    r"|related(?: (?:news|story|stories|articles?|coverage|links?))?"
    r"|(?:à )?lire aussi|à lire également|lesen sie (?:auch|mehr)|mehr zum thema|le[ae] también|te puede interesar"
    r"|leia (?:também|mais)|veja também|leggi anche|lees ook|läs (?:också|även|mer)|læs også|les også|lue myös"
    r"|czytaj (?:także|też|więcej)|zobacz także|čtěte také|читайте также|по теме|читайте також|baca juga|soma pia"
    r"|ilgili haber(?:ler)?|اقرأ أيض[اًا]+|διαβάστε επίσης|citește și|यह भी पढ़ें|ये भी पढ़ें"
    r"|相关(?:新闻|阅读|报道)|延伸阅读|関連記事|관련\s?기사"
)
_NETWORKS = "facebook|twitter|instagram|x|telegram|whatsapp|youtube|linkedin|google news"
_FOLLOW = (
    r"suivez-nous|folgen sie uns|síguenos|siga-nos|seguici|volg ons|подпис\w+ на (?:наш|нас)|підпис\w+ на (?:наш|нас)"
    r"|bizi takip"
)
_COUNTED = r"comments?|commentaires?|kommentare?|comentarios?|commenti|reacties|комментари\w{1,3}"
_BUTTONS = r"connect|tweet|linkedin|email|more|print|share|facebook|twitter|whatsapp|telegram|pinterest|google\+|reddit"
# Each is matched against a whole line, and bounded: no two unbounded repeats stand next to each other.
_RULES = re.compile(
    rf"(?:©|\(c\)|ⓒ|copyright\b)\s?(?:©|ⓒ|\(c\)|by\b)?\s?(?:.{{0,80}}\b)?{_YEAR}.{{0,120}}"
    r"|[©ⓒ]\s?\w.{0,80}"
    rf"|(?:{_ALSO})\s?[:：>»|].{{0,200}}"
    r"|more (?:from|on|in) (?:the )?[^.,!?]{2,40}"
    rf"|(?:follow|like|find|join) (?:us|@?\w{{1,30}}(?: \w{{1,30}})?) on (?:{_NETWORKS})\b.{{0,80}}"
    r"|follow @\w{1,30}"
    r"|(?:sign up|subscribe|register) (?:for|to) (?:our|the|your|daily|free)\b[^.!?]{0,80}newsletters?\b[^.!?]{0,60}"
    r"|(?:abonnez-vous|inscrivez-vous)\b[^.!?]{0,80}newsletters?\b[^.!?]{0,40}"
    rf"|(?:{_FOLLOW})\b[^.!?]{{0,80}}"
    r"|(?:share|tweet|share this(?: article| story)?) (?:on|via|with) [^.!?]{2,40}"
    r"|read or share this story: \S{1,120}"
    rf"|\(?\d{{1,5}}\)? (?:{_COUNTED})|(?:{_COUNTED}) ?\(\d{{1,5}}\)"
    rf"|(?:{_BUTTONS}|\d{{0,5}}\s?comment|[\s|,/•·])+"
)


def strip_trailing(text: str) -> tuple[str, str]:
    """Return (`text` without the site furniture at its end, what was cut off; empty when nothing was).

    A text that would lose everything is left alone. Expects normalized text; linear in its length.
    """
    lines = text.split("\n")
    end = _story_end(lines)
    if end == len(lines):
        return text, ""
    kept, removed = "\n".join(lines[:end]).rstrip("\n"), "\n".join(lines[end:]).strip("\n")
    return (kept, removed) if kept.strip(_EDGES + "_=~") else (text, "")


def _story_end(lines: list[str]) -> int:
    """Return the number of lines that are left when furniture lines and link lists are cut off in turn."""
    # In turn, for they stand in turn: a heading with links, a line of rights, another heading.
    end = len(lines)
    while True:
        cut = _list_start(lines, _line_start(lines, end))
        if cut == end:
            return end
        end = cut


def _line_start(lines: list[str], end: int) -> int:
    """Return where the furniture lines that end before `end` begin; rules drawn above them go with them."""
    start = end
    for index in range(end - 1, -1, -1):
        line = lines[index].strip()
        if is_furniture(line):
            start = index
        elif line.strip(_EDGES + "_=~"):
            break
        elif start < len(lines):
            start = index
    return start


def is_furniture(line: str) -> bool:
    """Return whether a line at the end of a text is, as a whole, something a site prints below its stories."""
    if not line or len(line) > MAX_LINE_CHARS:
        return False
    folded = line.casefold().lstrip(_EDGES)
    return (
        _is_phrase(folded, LINES)
        or _is_phrase(folded, HEADINGS)
        or _RULES.fullmatch(folded) is not None
        or _is_notice(folded)
    )


def _is_notice(folded: str) -> bool:
    """Return whether a line claims rights; a sentence that only speaks of them has no mark and goes on after them."""
    notice = next((notice for notice in RIGHTS_RESERVED if notice in folded), None)
    if notice is None:
        return False
    bare = folded.strip(_TAIL)
    return bare.startswith(notice) or bare.endswith(notice) or _MARK.search(folded) is not None


def _is_phrase(folded: str, phrases: frozenset[str]) -> bool:
    return len(folded) <= _MAX_PHRASE_CHARS and folded.replace("’", "'").strip(_TAIL) in phrases


def _list_start(lines: list[str], end: int) -> int:
    """Return where the heading stands below which only links follow up to `end`; `end` when there is none."""
    start = end
    for index in range(end - 1, max(-1, end - 1 - _MAX_LINKS), -1):
        line = lines[index].strip()
        if _is_phrase(line.casefold().lstrip(_EDGES), HEADINGS):
            start = index
        elif not _reads_as_link(line):
            break
    if start == end:
        return end
    # What is below the heading may be the story, where there is next to nothing above it.
    story, links = (sum(map(len, part)) for part in (lines[:start], lines[start:end]))
    return start if story >= min(links, _MIN_STORY_CHARS) else end


def _reads_as_link(line: str) -> bool:
    """Return whether a line could be a headline in a list: marked as an item, or short and without a full stop."""
    if len(line) > _MAX_LINK_CHARS:
        return False
    return (
        not line
        or line[0] in _BULLETS
        or not line.endswith((".", "。", "।", "؟.", ".”", '."', ".»"))
        or line.endswith("...")
    )
