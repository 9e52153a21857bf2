"""A slice decided: one row a spilled article, in order, with what speaks for the decision."""

from dataclasses import replace

import pyarrow as pa
import pytest

from schemas.tables import DECISION, FURNITURE
from tests.transforms.fold.ingested import START, article, batch
from transforms.fold.fingerprint import BYTES
from transforms.fold.memory import Memory, remember
from transforms.fold.settings import FoldSettings
from transforms.fold.signature import UNDATED
from transforms.fold.slices import IDENTITY, decision_table, fold_slice, identities_of
from transforms.fold.spills import write_spill
from transforms.fold.texts import StoredText

SETTINGS = FoldSettings()
COLUMNS = ["article_id", "outcome", "duplicate_of", "family_id", "similarity", "differences"]


def spilled(folder, *parts):
    return [write_spill(batch(part, ordinal, 3), str(folder)) for ordinal, part in enumerate(parts)]


def rows_of(decided):
    return decided.decisions.select(COLUMNS).to_pylist()


@pytest.fixture
def original(words):
    return article(1, " ".join(words(1, 200)), title="Rain over the town")


def edited(original, number=2, **given):
    return article(number, f"{original.text} and 7 more", **({"title": original.title} | given))


def test_rows_follow_the_spills_in_order_of_their_ordinals_however_they_are_given(tmp_path, words):
    parts = [[article(number, " ".join(words(number, 50)))] for number in range(4)]
    spills = spilled(tmp_path, *parts)
    for given in (spills, spills[::-1], [spills[place] for place in (2, 0, 3, 1)]):
        decided = fold_slice(3, given, Memory(), SETTINGS)[0]
        assert [row["article_id"] for row in rows_of(decided)] == [part[0].article_id for part in parts]
        assert [spill.ordinal for spill in decided.spills] == [0, 1, 2, 3]
        assert decided.slice_number == 3


def test_what_folded_says_into_what_how_alike_and_by_which_words(tmp_path, original):
    copy = edited(original)
    decided = fold_slice(3, spilled(tmp_path, [copy, original]), Memory(), SETTINGS)[0]
    first, second = rows_of(decided)
    assert (second["outcome"], second["duplicate_of"], second["differences"]) == ("new", None, None)
    assert (first["outcome"], first["duplicate_of"], first["family_id"]) == ("near", *[original.article_id] * 2)
    assert first["differences"] == ["7", "and", "more"]
    assert first["similarity"] == pytest.approx(198 / 201)
    assert decided.counts == {"new": 1, "near": 1}


def test_an_exact_copy_differs_by_no_word_and_a_title_counts(tmp_path, original):
    exact, renamed = replace(original, **_other(2)), replace(edited(original, 3, title="Sun"), text=original.text)
    decided = fold_slice(3, spilled(tmp_path, [original, exact, renamed]), Memory(), SETTINGS)[0]
    assert [row["differences"] for row in rows_of(decided)] == [None, [], ["sun", "rain", "over", "the", "town"]]


def _other(number):
    known = article(number, "x")
    return {"article_id": known.article_id, "item_key": known.item_key, "raw_sha256": known.raw_sha256} | {
        "published_at": known.published_at
    }


def test_words_that_differ_from_a_stored_story_are_told_where_its_text_was_read(tmp_path, original):
    stored = fold_slice(0, spilled(tmp_path / "old", [original]), Memory(), SETTINGS)[1]
    memory, copy = remember(Memory(), stored.rows), edited(original)
    # Near the threshold: another opening, and every 20th word.
    words = [f"new{at}" if at < 7 or at % 20 == 0 else word for at, word in enumerate(original.text.split())]
    doubtful = article(3, " ".join(words), title="Sun")
    spills = spilled(tmp_path / "new", [copy], [doubtful])

    def texts(ids, _published):
        return {one: StoredText(original.title, original.text, original.content_hash) for one in ids.tolist()}

    told = [row["differences"] for row in rows_of(fold_slice(1, spills[1:], memory, SETTINGS, None, texts)[0])]
    assert set(told[0][:7]) <= {f"new{at}" for at in range(200)}
    assert rows_of(fold_slice(1, spills[:1], memory, SETTINGS)[0])[0]["differences"] is None  # by fingerprint alone


def test_what_was_seen_has_a_row_of_nothing_else(tmp_path, original):
    spills = spilled(tmp_path, [original], [original])
    decided = fold_slice(3, spills, Memory(), SETTINGS)[0]
    assert decided.counts == {"new": 1, "seen": 1}
    (row,) = [row for row in decided.decisions.to_pylist() if row["outcome"] == "seen"]
    assert {name for name, value in row.items() if value is not None} == {"article_id", "outcome"}


def test_every_decided_row_has_a_fingerprint_of_one_size(tmp_path, original):
    decided = fold_slice(3, spilled(tmp_path, [original, edited(original)]), Memory(), SETTINGS)[0]
    assert decided.decisions.schema.equals(DECISION)
    assert [len(value) for value in decided.decisions.column("fingerprint").to_pylist()] == [BYTES, BYTES]


def test_a_slice_whose_outcomes_do_not_sum_up_is_not_decided(tmp_path, original):
    (spill,) = spilled(tmp_path, [original])
    with pytest.raises(ValueError, match=r"slice 3: .* do not sum up to the articles given"):
        fold_slice(3, [replace(spill, articles=2)], Memory(), SETTINGS)


def test_learned_furniture_is_told_with_an_article_that_holds_it(tmp_path, words):
    footer = "Follow our paper on all channels and never miss a story"
    pages = [
        replace(article(number, f"{' '.join(words(number, 80))}\n{footer}"), source="Herald") for number in range(4)
    ]
    decided = fold_slice(3, spilled(tmp_path, pages[:1], pages[1:]), Memory(), SETTINGS)[0]
    (row,) = decided.furniture.to_pylist()
    assert (row["scope"], row["sample"], row["articles"]) == ("Herald", footer, 4)
    assert decided.furniture.schema.equals(FURNITURE)


def test_a_slice_without_articles_is_decided(tmp_path):
    for spills in ([], spilled(tmp_path, [])):
        decided, decisions = fold_slice(3, spills, Memory(), SETTINGS)
        assert (len(decided.decisions), decided.counts, len(decided.furniture), len(decisions.rows)) == (0, {}, 0, 0)


def test_who_articles_are_is_read_from_their_columns(original):
    rows = {
        name: [getattr(original, name), None if name.endswith(("_at", "item_id")) else "f" * 32] for name in IDENTITY
    }
    times = pa.timestamp("us", "UTC")
    found = identities_of(
        pa.table(
            {name: pa.array(values, times if name.endswith("_at") else pa.string()) for name, values in rows.items()}
        )
    )
    assert found.article_id.tolist() == [original.article_id.encode(), b"f" * 32]
    assert found.item_id == ["1", None]
    assert found.published.tolist() == [int(START.timestamp() + 3600) * 1_000_000, UNDATED]
    assert found.updated.tolist() == [UNDATED, UNDATED]
    assert found.raw_sha256.dtype == "S64"


def test_a_table_of_decisions_has_a_row_for_each_id(tmp_path, original):
    decisions = fold_slice(3, spilled(tmp_path, [original]), Memory(), SETTINGS)[1]
    ids = pa.chunked_array([[original.article_id, "0" * 32]])
    table = decision_table(ids, decisions, [["word"]])
    assert table.column("article_id").to_pylist() == ids.to_pylist()
    assert table.column("outcome").to_pylist() == ["new", "seen"]
    assert table.column("differences").to_pylist() == [["word"], None]
