import itertools


def test_the_same_record_twice_is_seen(fold, story):
    text = "A short text about the new bridge over the river"
    folded = fold([story("b", text, url="u"), story("a", text, url="u")])
    assert folded.outcomes == {"a": "new", "b": "seen"}


def test_what_an_earlier_slice_stored_is_seen(fold, story):
    first = [story("a", "Some text", url="u"), story("b", "Some other text", url="v")]
    assert set(fold(first, first).outcomes.values()) == {"seen"}


def test_an_earlier_version_that_returns_is_seen(fold, story):
    versions = [story(str(n), text, url="u", updated=n) for n, text in enumerate(("one text", "two texts", "one text"))]
    folded = fold(*([version] for version in versions))
    assert folded.outcomes == {"0": "new", "1": "revision", "2": "seen"}


def test_new_content_under_the_same_address_is_a_revision(fold, story, words):
    text = words(1, 200)
    versions = [story(str(n), " ".join([*text, *words(n + 2, 5 * n)]), url="u", updated=n) for n in range(3)]
    for slices in ([versions], [versions[:1], versions[1:]], [[version] for version in versions]):
        folded = fold(*slices)
        assert folded.outcomes == {"0": "new", "1": "revision", "2": "revision"}
        assert [folded.decisions[n].revision for n in "012"] == [1, 2, 3]
        assert folded.together("0", "1", "2")
        assert folded.names[folded.decisions["2"].revision_of] == "1"
        assert all(decision.by is None and not decision.links for decision in folded.decisions.values())


def test_versions_are_ordered_by_update_then_publication(fold, story, words):
    made = [
        story("first", " ".join(words(1, 80)), url="u", day=5, updated=None),
        story("second", " ".join(words(2, 80)), url="u", day=9, updated=1),
        story("third", " ".join(words(3, 80)), url="u", day=1, updated=2),
    ]
    for order in itertools.permutations(made):
        folded = fold(order)
        assert [folded.decisions[name].revision for name in ("first", "second", "third")] == [1, 2, 3]


def test_a_rewritten_version_leaves_the_family(fold, story, words):
    folded = fold([story("old", " ".join(words(1, 200)), url="u")], [story("new", " ".join(words(2, 200)), url="u")])
    assert folded.outcomes["new"] == "revision"
    assert not folded.together("old", "new")


def test_a_revision_may_be_a_copy_of_another_item(fold, story, words):
    other = " ".join(words(3, 200))
    folded = fold(
        [story("item", " ".join(words(1, 200)), url="u"), story("other", other)],
        [story("item2", other, url="u", day=1)],
    )
    assert folded.outcomes["item2"] == "exact"
    assert folded.decisions["item2"].revision == 2
    assert folded.names[folded.decisions["item2"].revision_of] == "item"
    assert folded.together("item2", "other")


def test_a_revision_of_a_copy_stays_a_copy(fold, story, words):
    text = words(1, 200)
    copy = [*text[:198], "end", "here"]
    folded = fold(
        [story("original", " ".join(text)), story("copy", " ".join(copy), url="u", day=0.1)],
        [story("copy2", " ".join([*copy, "corrected"]), url="u", day=0.2)],
    )
    assert folded.outcomes == {"original": "new", "copy": "near", "copy2": "near"}
    assert folded.decisions["copy2"].revision == 2
    assert folded.together("original", "copy", "copy2")


def test_time_does_not_part_versions(fold, story, words):
    text = words(1, 60)
    folded = fold([story("a", " ".join(text), url="u", day=0)], [story("b", " ".join([*text, "x"]), url="u", day=900)])
    assert folded.together("a", "b")


def test_counts_cover_every_article(fold, story, words):
    stories = [story(str(n), " ".join(words(n % 7, 90)), url=str(n % 11), day=n / 50) for n in range(60)]
    folded = fold(stories[:30], stories[20:])
    assert len(folded.outcomes) == 60
    # A revision that is a copy of another item is counted as one.
    assert set(folded.outcomes.values()) == {"exact", "new", "seen"}
    assert len(folded.decisions) + sum(outcome == "seen" for outcome in folded.outcomes.values()) >= 60


def test_a_revision_that_stops_being_a_copy_begins_its_own_family(fold, story, words):
    text = words(1, 200)
    folded = fold(
        [story("original", " ".join(text)), story("copy", " ".join([*text, "more"]), url="u", day=0.1)],
        [story("other", " ".join(words(2, 200)), url="u", day=0.2)],
    )
    assert folded.outcomes == {"original": "new", "copy": "near", "other": "revision"}
    assert folded.families["other"] == "other"
    assert folded.names[folded.decisions["other"].revision_of] == "copy"
    assert folded.decisions["other"].by is None


def test_a_revision_that_folds_elsewhere_names_its_partner_and_its_version(fold, story, words):
    one, two = " ".join(words(1, 200)), " ".join(words(2, 200))
    made = [story("one", one, day=0), story("two", two, day=0), story("item", f"{one} more", url="u", day=0.1)]
    moved = story("moved", f"{two} more", url="u", day=0.2)
    for slices in ([[*made, moved]], [made, [moved]]):
        folded = fold(*slices)
        assert folded.outcomes["moved"] == "near"
        decision = folded.decisions["moved"]
        assert (folded.families["moved"], folded.names[decision.partner], decision.revision) == ("two", "two", 2)
        assert folded.names[decision.revision_of] == "item"


def test_no_version_is_a_copy_of_an_earlier_one_whatever_came_between(fold, story, words):
    text = words(1, 200)
    folded = fold(
        [story("v1", " ".join(text), url="u", day=0)],
        [story("v2", " ".join(words(2, 200)), url="u", day=1)],
        [story("v3", " ".join([*text, "again"]), url="u", day=2)],
    )
    assert set(folded.outcomes.values()) == {"new", "revision"}
    assert [folded.decisions[name].revision for name in ("v1", "v2", "v3")] == [1, 2, 3]
    assert all(not decision.links and decision.by is None for decision in folded.decisions.values())


def test_versions_without_text_stay_one_item(fold, story):
    made = [story(str(n), "", title=f"Harbour plan approved {n}", url="u", day=n) for n in range(2)]
    for slices in ([made], [[one] for one in made]):
        folded = fold(*slices)
        assert folded.outcomes == {"0": "new", "1": "revision"}
        assert folded.decisions["1"].revision == 2


def test_undated_items_are_inside_every_horizon(fold, story, words):
    short, long = " ".join(words(1, 60)), " ".join(words(2, 200))
    folded = fold(
        [story("short", short, day=0), story("long", long, day=0)],
        [story("short undated", short, day=None), story("long undated", f"{long} more", day=None)],
        [story("short late", short, day=200), story("long late", long, day=400)],
    )
    assert folded.together("short", "short undated")
    assert folded.together("long", "long undated")
    assert folded.outcomes["short undated"] == "exact"
    # Through the undated member the guard still parts what is dated, the horizon does not.
    assert not folded.together("short", "short late")
    assert folded.together("long", "long late")
