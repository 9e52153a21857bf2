"""Make a corpus of mixed articles with planted copies from the project's own seed texts.

Word runs of the seed stories are shuffled into new articles of the length of real news (median about 2,500
characters), so that unrelated articles share words but hardly a shingle. Three in ten are copies: exact, re-headlined,
trimmed, or with one word in twenty replaced.

    corpus.py N OUT.jsonl [SEED]
"""

import argparse
import gzip
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import zstandard

SEEDS = Path(__file__).parent.parent / "seeds" / "wire"
FIRST_DAY = datetime(2025, 1, 1, tzinfo=UTC)
COPIES = ("exact", "headline", "trimmed", "edited")
OPENERS: dict[str, Callable[[Path], bytes]] = {
    ".jsonl": Path.read_bytes,
    ".gz": lambda path: gzip.decompress(path.read_bytes()),
    ".zst": lambda path: zstandard.ZstdDecompressor().decompressobj().decompress(path.read_bytes()),
}
UNSPACED = {"zh", "ja", "th"}


def vocabularies() -> dict[str, list[str]]:
    """Return the running words of the seed stories by language; characters where words are not spaced."""
    words: dict[str, list[str]] = {}
    for path in sorted(SEEDS.glob("*.jsonl*")):
        for line in OPENERS[path.suffix](path).splitlines():
            try:
                record = json.loads(line)
            except ValueError:
                continue  # a seed that is broken on purpose
            text, language = record.get("text") or record.get("body"), record.get("language") or record.get("lang")
            if isinstance(text, str) and isinstance(language, str):
                words.setdefault(language, []).extend(list(text) if language in UNSPACED else text.split())
    return {language: found for language, found in words.items() if len(found) >= 150}


def article(words: list[str], language: str, dice: np.random.Generator) -> tuple[str, str]:
    """Return title and text: runs of one to four words, sentences of about 19, paragraphs of three."""
    joint = "" if language in UNSPACED else " "
    size = int(np.clip(np.exp(dice.normal(np.log(2450), 0.7)), 300, 30_000) / (np.mean([len(w) for w in words]) + 1))
    starts = dice.integers(0, len(words) - 5, size)
    lengths = dice.integers(1, 5, size)
    running = [word for start, length in zip(starts, lengths, strict=True) for word in words[start : start + length]][
        :size
    ]
    # A story has names of its own, which tell it from others made of the same words.
    names = ["".join(dice.choice(list("aeiouklmnrst"), 7)).capitalize() for _ in range(6)]
    for position in dice.integers(0, len(running), len(running) // 14):
        running[position] = names[int(dice.integers(6))]
    sentences = [joint.join(running[at : at + 19]) + "." for at in range(0, len(running), 19)]
    paragraphs = [" ".join(sentences[at : at + 3]) for at in range(0, len(sentences), 3)]
    return joint.join(running[3:11]), "\n\n".join(paragraphs)


def copy_of(title: str, text: str, kind: str, dice: np.random.Generator) -> tuple[str, str]:
    """Return title and text of a copy."""
    if kind == "headline":
        return f"{title} 2", text
    if kind == "trimmed":
        return title, text[: int(len(text) * 0.65)]
    if kind == "edited":
        words = text.split(" ")
        for position in dice.integers(0, len(words), max(1, len(words) // 20)):
            words[position] = words[int(dice.integers(len(words)))]
        return title, " ".join(words)
    return title, text


def records(count: int, seed: int) -> Iterator[dict[str, str]]:
    """Yield articles in the order of their publication."""
    dice = np.random.default_rng(seed)
    known = vocabularies()
    languages = sorted(known)
    recent: list[tuple[str, str]] = []
    for number in range(count):
        if recent and dice.random() < 0.3:
            title, text = copy_of(*recent[int(dice.integers(len(recent)))], str(dice.choice(COPIES)), dice)
        else:
            language = languages[int(dice.integers(len(languages)))]
            title, text = article(known[language], language, dice)
            recent = [*recent[-500:], (title, text)]
        source = f"paper{int(dice.integers(60)):02d}"
        yield {
            "id": f"{seed}-{number}",
            "url": f"https://{source}.example/{seed}/{number}",
            "title": title,
            "text": text,
            "published": (FIRST_DAY + timedelta(seconds=number * 2_500_000 / count)).isoformat(),
            "source": source,
        }


def write(count: int, path: Path, seed: int = 1) -> None:
    """Write `count` records as JSON lines."""
    with path.open("w", encoding="utf-8") as file:
        for record in records(count, seed):
            file.write(json.dumps(record, ensure_ascii=False) + "\n")


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", type=int)
    parser.add_argument("out", type=Path)
    parser.add_argument("seed", type=int, nargs="?", default=1)
    args = parser.parse_args()
    write(args.count, args.out, args.seed)


if __name__ == "__main__":
    main()
