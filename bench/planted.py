"""Articles with planted copies of known kinds, for measuring: `planted`, and `wire` shaped like real copy.

    planted.py planted|wire N SEED OUT

writes OUT/articles.jsonl and OUT/truth.csv (id, cluster, kind). Articles of one cluster are one story told again; a
form letter, bulletin or follow-up (kinds in APART) is a story of its own, however much it looks like another.
"""

import argparse
import csv
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

import numpy as np
from corpus import FIRST_DAY, UNSPACED, article, vocabularies

COPIES = ("exact", "headline", "edit03", "edit10", "edit20", "cut", "paragraph", "furniture", "capitals")
APART = ("form", "bulletin", "follow-up")
SOURCES = 8  # of each language
LETTERS = {"zh": 2, "ja": 2, "th": 4}  # of a word, about
NOTICES = Path(__file__).parent.parent / "tests" / "golden" / "lookalikes.json"


@dataclass(frozen=True)
class Made:
    """One article and what is known of it."""

    cluster: int
    kind: str
    language: str
    title: str
    text: str
    day: float


class Words:
    """Running words of each language, and what the sites of a language print around a story."""

    def __init__(self, dice: np.random.Generator) -> None:
        self.known = vocabularies()
        self.languages = sorted(self.known)
        self.furniture = {
            language: [[self.text(language, dice, size) for size in dice.integers(8, 60, 2)] for _ in range(SOURCES)]
            for language in self.languages
        }

    def text(self, language: str, dice: np.random.Generator, size: int) -> str:
        """Return about `size` words in one paragraph."""
        whole = " ".join(article(self.known[language], language, dice)[1].split("\n\n"))
        return joint(language).join(parts(language, whole)[:size])


def joint(language: str) -> str:
    """Return what stands between words."""
    return "" if language in UNSPACED else " "


def parts(language: str, text: str) -> list[str]:
    """Return words, characters where words are not spaced."""
    return list(text) if language in UNSPACED else text.split(" ")


def edited(language: str, text: str, share: float, words: Words, dice: np.random.Generator) -> str:
    """Return the text with a share of its words replaced, left out or added to."""
    pieces, fresh, width = parts(language, text), words.known[language], LETTERS.get(language, 1)
    starts = dice.choice(len(pieces) // width, max(1, round(share * len(pieces) / width)), replace=False) * width
    for start in starts.tolist():
        old, source = joint(language).join(pieces[start : start + width]), int(dice.integers(len(fresh) - width))
        new = joint(language).join(fresh[source : source + width])
        # A break between paragraphs stays, or an edit would make other lines of it.
        rest = "".join(old.partition("\n\n")[1:])
        pieces[start] = str(dice.choice([new, new, new, "", old + joint(language) + new])) + rest
        pieces[start + 1 : start + width] = [""] * (width - 1)
    return joint(language).join(piece for piece in pieces if piece)


def copied(kind: str, story: Made, words: Words, dice: np.random.Generator) -> tuple[str, str]:
    """Return title and text of a copy."""
    title, text, language = story.title, story.text, story.language
    paragraphs = text.split("\n\n")
    if kind == "headline":
        return article(words.known[language], language, dice)[0], text
    if kind.startswith("edit"):
        return title, edited(language, text, int(kind[4:]) / 100, words, dice)
    if kind == "cut":
        return title, joint(language).join(parts(language, text)[: max(8, int(0.6 * len(parts(language, text))))])
    if kind == "paragraph":
        # Of a single paragraph nothing would be left.
        place = int(dice.integers(len(paragraphs))) if len(paragraphs) > 1 else 1
        return title, "\n\n".join([*paragraphs[:place], *paragraphs[place + 1 :], words.text(language, dice, 30)])
    if kind == "furniture":
        head, foot = words.furniture[language][int(dice.integers(SOURCES))]
        return title, f"{head}\n\n{text}\n\n{foot}"
    return title, text[:20].upper() + text[20:] if kind == "capitals" else text


def told_again(story: Made, count: int, words: Words, dice: np.random.Generator) -> Iterator[Made]:
    """Yield a story and so many copies of it, some hours later; a bulletin is sent again as it is."""
    yield story
    for number in range(count):
        kind = str(dice.choice(["exact", "capitals"] if story.kind == "bulletin" else COPIES))
        title, text = copied(kind, story, words, dice)
        day = story.day + (number + 1) * float(dice.uniform(0.01, 0.4))
        yield Made(story.cluster, kind, story.language, title, text, day)


def planted(count: int, seed: int) -> Iterator[Made]:
    """Yield stories of the length of news with copies of every kind; one in 25 is a form letter."""
    dice = np.random.default_rng(seed)
    words = Words(dice)
    forms = {language: parts(language, words.text(language, dice, 170)) for language in words.languages}
    made = cluster = 0
    while made < count:
        language, day = str(dice.choice(words.languages)), float(dice.uniform(0, 28))
        title, text = article(words.known[language], language, dice)
        if form := dice.random() < 0.04:
            text = filled(language, forms[language], words.text(language, dice, 170))
        elif dice.random() < 0.3:
            text += "\n\n" + words.furniture[language][int(dice.integers(SOURCES))][1]
        copies = 0 if form else int(dice.choice([0, 0, 0, 0, 1, 1, 2, 3, 8]))
        for one in told_again(
            Made(cluster, "form" if form else "original", language, title, text, day), copies, words, dice
        ):
            yield one
            made += 1
        cluster += 1


def filled(language: str, form: Sequence[str], own: str) -> str:
    """Return a form letter: three blocks of eight words in five are the form's."""
    pairs = zip(form, parts(language, own), strict=False)
    return joint(language).join(a if place // 8 % 5 < 3 else b for place, (a, b) in enumerate(pairs))


def wire(count: int, seed: int) -> Iterator[Made]:
    """Yield what a wire sends: bulletins of one form day after day, briefs of 20 to 60 words, stories, follow-ups."""
    dice = np.random.default_rng(seed)
    words, notices = Words(dice), json.loads(NOTICES.read_text("utf-8"))
    made, cluster, bulletins = 0, 0, set[str]()
    while made < count:
        for story in _sent(cluster, words, notices, dice):
            copies = int(dice.choice([0, 1] if story.kind == "bulletin" else [0, 0, 1, 2, 5]))
            if story.text in bulletins:
                continue  # the same facts drawn again
            bulletins |= {story.text} if story.kind == "bulletin" else set()
            for one in told_again(story, copies, words, dice):
                yield one
                made += 1
            cluster = story.cluster + 1


def _sent(cluster: int, words: Words, notices: Sequence[dict[str, object]], dice: np.random.Generator) -> list[Made]:
    language, day, form = str(dice.choice(words.languages)), float(dice.uniform(0, 28)), float(dice.random())
    if form < 0.3:
        return [_bulletin(cluster, notices[int(dice.integers(len(notices)))], day, dice)]
    title, text = article(words.known[language], language, dice)
    if form < 0.6:
        return [Made(cluster, "original", language, title, words.text(language, dice, int(dice.integers(20, 61))), day)]
    story = Made(cluster, "original", language, title, text, day)
    if form < 0.9:
        return [story]
    # The next day's story ends in what was known before.
    new_title, new = article(words.known[language], language, dice)
    background = text.split("\n\n")[-max(1, text.count("\n\n") // 3) :]
    lede = new.split("\n\n")[: max(2, 2 * len(background))]
    return [story, Made(cluster + 1, "follow-up", language, new_title, "\n\n".join([*lede, *background]), day + 1)]


def _bulletin(cluster: int, notice: dict[str, object], day: float, dice: np.random.Generator) -> Made:
    """Return a notice of ours with facts drawn anew: places of one of its two examples, other figures."""
    facts: list[object] = [_drawn(fact, dice) for fact in notice["facts"][int(dice.integers(2))]]  # type: ignore[index]
    title, text = (str(notice[name]).format(*facts) for name in ("title", "text"))
    return Made(cluster, "bulletin", str(notice["language"]), title, text, day)


def _drawn(fact: object, dice: np.random.Generator) -> object:
    shown = str(fact)
    if not any(map(str.isdigit, shown)):
        return fact
    return "".join(str(dice.integers(1, 10)) if letter.isdigit() else letter for letter in shown)


def write(made: Iterator[Made], seed: int, out: Path) -> None:
    """Write articles in the order of publication, and what is known of them."""
    out.mkdir(parents=True, exist_ok=True)
    articles = sorted(enumerate(made), key=lambda numbered: numbered[1].day)
    with (
        (out / "articles.jsonl").open("w", encoding="utf-8") as file,
        (out / "truth.csv").open("w", encoding="utf-8", newline="") as known,
    ):
        truth = csv.writer(known)
        truth.writerow(["id", "cluster", "kind"])
        for number, one in articles:
            named = f"{seed}-{number}"
            published = (FIRST_DAY + timedelta(days=one.day)).isoformat()
            record = {"id": named, "title": one.title, "text": one.text, "published": published}
            file.write(json.dumps(record | {"source": f"{one.language}-desk"}, ensure_ascii=False) + "\n")
            truth.writerow([named, one.cluster, one.kind])


SETS: dict[str, Callable[[int, int], Iterator[Made]]] = {"planted": planted, "wire": wire}


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", choices=SETS)
    parser.add_argument("count", type=int)
    parser.add_argument("seed", type=int)
    parser.add_argument("out", type=Path)
    args = parser.parse_args()
    write(partial(SETS[args.name], args.count)(args.seed), args.seed, args.out)


if __name__ == "__main__":
    main()
