"""The whole decision on slices: against brute force, and under every order in which articles may come."""

import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.fold.compare import Relation, judge
from transforms.fold.evidence import measure
from transforms.fold.refold import bridged
from transforms.fold.settings import FoldSettings, Thresholds
from transforms.fold.signature import sign

DAY = 86_400_000_000


def varied(words, seed, count=24):
    """Return texts of which many are copies of each other, changed a little, cut or extended, and their days."""
    chance = random.Random(seed)
    made = []
    for place in range(count):
        if made and chance.random() < 0.6:
            text = list(chance.choice(made)[0])
            change = chance.choice(["none", "replace", "cut", "extend"])
            if change == "replace":
                for at in chance.sample(range(len(text)), max(1, len(text) // chance.choice([5, 12, 50]))):
                    text[at] = f"x{seed}y{place}z{at}"
            elif change == "cut":
                text = text[: max(8, int(len(text) * chance.uniform(0.4, 0.95)))]
            elif change == "extend":
                text = text + words(seed * 1000 + place, chance.randint(1, 60))
        else:
            text = words(seed * 1000 + place, chance.randint(30, 320))
        made.append((text, chance.uniform(0, 6)))
    return made


def stories_of(story, words, seed, count=24):
    texts = varied(words, seed, count)
    return [
        story(f"{place:03}", " ".join(text), title=f"Title {place}", day=day) for place, (text, day) in enumerate(texts)
    ]


def brute_force(stories):
    """Return the families by comparing every pair, with rule 7 written out plainly."""
    ordered = sorted(stories, key=lambda one: one.day)
    signatures = sign(
        [one.title for one in ordered],
        [one.text for one in ordered],
        np.array([round(one.day * DAY) for one in ordered], dtype=np.int64),
    )
    size = len(ordered)
    left, right = (side.ravel() for side in np.meshgrid(np.arange(size), np.arange(size), indexing="ij"))
    evidence = measure(signatures, left, right, Thresholds(), whole=True)
    relation = judge(evidence, FoldSettings()).reshape(size, size)
    jaccard = np.where(evidence.same_text, 1.0, evidence.jaccard).reshape(size, size)
    strength = np.where(relation == Relation.EXACT, 2.0, jaccard)
    canonical = list(range(size))
    for node in range(size):
        accepted = [other for other in range(node) if relation[node, other] > Relation.LOOKALIKE]
        accepted.sort(key=lambda other: (-strength[node, other], other))
        direct = [other for other in accepted if canonical[other] == other]
        if direct and strength[node, direct[0]] < 2:
            direct = sorted(other for other in direct if jaccard[node, other] >= jaccard[node, direct[0]] - 0.1)
        close = [
            other
            for other in accepted
            if jaccard[node, other] >= 0.8
            and jaccard[node, canonical[other]] >= 0.4
            and relation[node, canonical[other]] != Relation.LOOKALIKE
        ]
        if direct or close:
            canonical[node] = canonical[(direct or close)[0]]
    return {ordered[node].id: ordered[canonical[node]].id for node in range(size)}


@pytest.mark.parametrize("seed", range(12))
def test_families_are_those_of_comparing_every_pair(fold, story, words, seed):
    stories = stories_of(story, words, seed)
    assert fold(stories).families == brute_force(stories)


@settings(max_examples=25)
@given(st.integers(0, 5), st.randoms(use_true_random=False))
def test_the_order_within_a_slice_does_not_matter(fold, story, words, seed, chance):
    stories = stories_of(story, words, seed)
    expected = fold(stories)
    shuffled = list(stories)
    chance.shuffle(shuffled)
    folded = fold(shuffled)
    assert (folded.families, folded.outcomes) == (expected.families, expected.outcomes)
    names = {name: decision.links for name, decision in folded.decisions.items()}
    assert names == {name: decision.links for name, decision in expected.decisions.items()}


def test_slices_agree_with_one_run_on_nearly_all_pairs(fold, story, words):
    same = different = 0
    for seed in range(20, 32):
        stories = sorted(stories_of(story, words, seed), key=lambda one: one.day)
        whole, parts = fold(stories).families, fold(stories[:8], stories[8:16], stories[16:]).families
        for one in stories:
            for other in stories:
                if one.id < other.id:
                    together = whole[one.id] == whole[other.id], parts[one.id] == parts[other.id]
                    same += all(together)
                    different += together[0] != together[1]
    # These texts lie at the thresholds on purpose, where a fingerprint of 507 bytes cannot always tell.
    assert same > 100
    assert different <= 0.12 * same


_PROGRAM = """
import importlib.util, sys
spec = importlib.util.spec_from_file_location("fold_conftest", sys.argv[1])
conftest = importlib.util.module_from_spec(spec)
sys.modules["fold_conftest"] = conftest
spec.loader.exec_module(conftest)
words = [["a%d" % (n * seed % 97) for n in range(150)] for seed in (1, 2, 1, 3, 2)]
folded = conftest.Folded()
folded.add([conftest.Story(str(n), " ".join(text) + str(n), day=n) for n, text in enumerate(words)])
rows = folded.memory.segments[0].rows
print(sorted(folded.families.items()), rows.article_id.tolist(), rows.fingerprint.tobytes().hex())
"""


def test_hash_seed_and_time_zone_do_not_matter():
    conftest = Path(__file__).with_name("conftest.py")
    root = Path(__file__).parents[3]
    outputs = {
        subprocess.run(
            [sys.executable, "-c", _PROGRAM, str(conftest)],
            env={"PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": str(root)},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed, zone in (("0", "UTC"), ("77", "Asia/Tokyo"))
    }
    assert len(outputs) == 1


def test_the_canonical_is_the_first_published(fold, story, words):
    text = " ".join(words(1, 200))
    folded = fold([story("late", text, day=2), story("undated", text, day=None), story("early", text, day=1)])
    assert set(folded.families.values()) == {"early"}
    assert folded.outcomes == {"early": "new", "late": "exact", "undated": "exact"}


def test_what_is_committed_stays_canonical(fold, story, words):
    text = " ".join(words(1, 200))
    folded = fold([story("late", text, day=2)], [story("early", text, day=1)])
    assert set(folded.families.values()) == {"late"}


def test_a_late_original_joins_one_family_and_bridges_to_the_other(fold, story, words):
    # Two cuts of one text, of which neither holds the other, each began a family before their original came.
    text = words(1, 300)
    first, second = story("first", " ".join(text[:200]), day=1), story("second", " ".join(text[90:]), day=2)
    folded = fold([first], [second], [story("original", " ".join(text), day=0)])
    assert not folded.together("first", "second")
    assert folded.outcomes["original"] == "expansion"
    links = {folded.names[partner] for partner, *_ in folded.decisions["original"].links}
    assert links == {"first", "second"}
    published = {"original": 0, "first": 1, "second": 2}
    assert len(set(bridged(folded.families, [("original", one) for one in links], published).values())) == 1


def test_relations_are_seen_from_the_later_article(fold, story, words):
    text = words(1, 300)
    part = " ".join(text[:180])
    folded = fold([story("whole", " ".join(text), day=0), story("part", part, day=1)])
    assert folded.outcomes["part"] == "excerpt"
    folded = fold([story("part", part, day=0), story("whole", " ".join(text), day=1)])
    assert folded.outcomes["whole"] == "expansion"
    assert folded.decisions["whole"].by.containment > 0.99


def test_links_name_every_accepted_pair_and_look_alikes_stay_out(fold, story, words):
    text = words(1, 300)
    folded = fold([story(str(n), " ".join([*text, f"end{n}"]), day=n / 10) for n in range(4)])
    assert [len(folded.decisions[str(n)].links) for n in range(4)] == [0, 1, 2, 3]


def test_an_item_without_text_folds_by_its_title(fold, story, words):
    title = "Council approves the harbour plan"
    folded = fold(
        [
            story("full", " ".join(words(1, 150)), title=title, day=0),
            story("bare", "", title=title, day=1),
            story("bare again", "", title=title, day=2),
            story("much later", "", title=title, day=40),
            story("other", "", title="Council rejects the harbour plan", day=1),
            story("word", "", title="News", day=1),
            story("word again", "", title="News", day=1),
        ]
    )
    assert folded.outcomes["bare"] == "excerpt"
    assert folded.together("full", "bare", "bare again")
    alone = {folded.families[name] for name in ("much later", "other", "word", "word again")}
    assert len(alone) == 4


def test_tiny_texts_that_are_equal_are_exact(fold, story):
    same = [story(str(n), "Match off: rain", title="Cricket today", day=0) for n in range(3)]
    assert sorted(fold(same).outcomes.values()) == ["exact", "exact", "new"]


def test_a_form_letter_seen_often_makes_one_family(fold, story, words):
    text = " ".join(words(1, 150))
    folded = fold([story(f"{n:04}", f"{text} number{n}", day=n / 1000) for n in range(600)])
    assert len(set(folded.families.values())) == 1
    links = [len(decision.links) for decision in folded.decisions.values()]
    assert max(links) <= 200


def test_nothing_is_decided_about_nothing(fold):
    assert fold([]).outcomes == {}
