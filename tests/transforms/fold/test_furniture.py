import numpy as np

from transforms.fold.furniture import Furniture, latest, learn, lines_of, no_furniture, touched, without
from transforms.fold.signature import sign

FOOTER = "Follow our paper on all channels and never miss a story from the region"


def signed(texts):
    return sign([""] * len(texts), texts, np.zeros(len(texts), dtype=np.int64))


def furniture_of(signatures):
    return learn(lines_of(signatures, np.arange(len(signatures))), no_furniture()).hashes


def pages(words, count, footer=FOOTER, body=80):
    return [f"{' '.join(words(seed, body))}\n\n{footer}" for seed in range(count)]


def test_a_line_of_strangers_is_furniture(words):
    signatures = signed(pages(words, 4))
    assert len(furniture_of(signatures)) == 1
    assert len(touched(signatures, furniture_of(signatures))) == 4


def test_three_articles_do_not_prove_it(words):
    assert len(furniture_of(signed(pages(words, 3)))) == 0


def test_paragraphs_of_one_story_are_no_furniture(words):
    body, paragraph = words(1, 150), " ".join(words(2, 30))
    copies = [f"{' '.join(body)}\n{paragraph}\n{' '.join(words(seed, 5))}" for seed in range(10, 30)]
    assert len(furniture_of(signed(copies))) == 0


def test_it_is_masked_from_windows_only(words):
    signatures = signed(pages(words, 5))
    bare = without(signatures, np.arange(5), furniture_of(signatures))
    plain = signed([" ".join(words(seed, 80)) for seed in range(5)])
    assert bare.shingles.values.tolist() == plain.shingles.values.tolist()
    assert bare.keys.tolist() == plain.keys.tolist()
    assert bare.text_hash.tolist() == signatures.text_hash.tolist()


def test_enough_of_an_article_remains(words):
    signatures = signed(pages(words, 5, body=20))
    assert len(furniture_of(signatures)) == 1
    assert len(touched(signatures, furniture_of(signatures))) == 0


def test_strangers_with_one_footer_stay_apart_and_copies_with_other_footers_together(fold, story, words):
    long_footer = " ".join(words(99, 30))
    other_footer = " ".join(words(98, 30))
    texts = pages(words, 8, long_footer, body=70) + pages(words, 8, other_footer, body=70)
    folded = fold([story(str(place), text, day=place / 100) for place, text in enumerate(texts)])
    for seed in range(8):
        assert folded.together(str(seed), str(seed + 8))
    assert len(set(folded.families.values())) == 8


def test_furniture_longer_than_the_item_is_recognised(words):
    footer = " ".join(words(999, 60))
    signatures = signed(pages(words, 6, footer, body=35))
    assert len(furniture_of(signatures)) == 1
    assert len(touched(signatures, furniture_of(signatures))) == 6


def test_copies_of_one_short_story_with_other_beginnings_are_no_strangers(words):
    story = " ".join(words(1, 40))
    titles = ["The ferry comes back to the quay"] * 6
    texts = [f"{' '.join(words(seed, 18))}\n\n{story}" for seed in range(10, 16)]
    assert len(furniture_of(sign(titles, texts, np.zeros(6, dtype=np.int64)))) == 0


def test_what_was_known_is_not_learned_again(words):
    signatures = signed(pages(words, 5))
    lines = lines_of(signatures, np.arange(5))
    known = learn(lines, no_furniture()).hashes
    assert len(learn(lines, Furniture(known, no_furniture().recent)).hashes) == 0


def test_recent_articles_count_and_name_an_article_of_the_slice(words):
    lines = lines_of(signed(pages(words, 7)), np.arange(7))
    before, now = lines.take(np.arange(3)), lines.take(np.arange(3, 7))
    learned = learn(now, Furniture(no_furniture().known, latest(before)))
    assert learned.articles.tolist() == [7]
    assert 0 <= learned.row[0] < 4
