"""Persian words as they are compared."""

import pytest

from transforms.entities.persian import folded, stems


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("كتاب‌هائي", "کتابهایی"),
        ("ادارهٔ", "اداره"),
        ("ادارۀ", "اداره"),
        ("گفت‌وگو", "گفتوگو"),
        ("مؤسسه", "موسسه"),
        ("اَعضاء", "اعضا"),
        ("آرا", "آرا"),
    ],
)
def test_spellings_of_one_word_are_compared_as_one(written, compared):
    assert folded(written) == compared


@pytest.mark.parametrize(
    ("form", "word"),
    [
        ("نویسندگانی", "نویسنده"),
        ("کتاب‌هایشان", "کتاب"),
        ("خبرنگاران", "خبرنگار"),
        ("می‌گوید", "گوید"),
        ("نمی‌توانند", "توان"),
        ("رفته‌اند", "رفت"),
        ("بزرگ‌ترین", "بزرگ"),
        ("خانه‌ای", "خانه"),
        ("تعطیلات", "تعطیل"),
    ],
)
def test_prefixes_and_endings_are_taken_off(form, word):
    assert word in stems(folded(form))


@pytest.mark.parametrize("word", ["ما", "شام", "نان"])
def test_nothing_is_left_of_a_word_that_is_hardly_longer_than_its_ending(word):
    assert stems(word) == {word}
