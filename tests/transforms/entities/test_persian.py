"""Persian words as they are compared."""

import pytest

from transforms.entities.persian import folded, is_compound, stems


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


@pytest.mark.parametrize("word", ["خصوصی\u200cسازی", "شهرک\u200cنشینان", "تعیین\u200cکننده"])
def test_a_word_that_ends_like_a_quality_or_a_doing_is_a_compound(word):
    assert is_compound(folded(word))


@pytest.mark.parametrize("word", ["تبریزی", "جهانگیری", "سازی"])
def test_surnames_and_last_parts_alone_are_no_compounds(word):
    assert not is_compound(word)


@pytest.mark.parametrize("word", ["ما", "شام", "نان"])
def test_nothing_is_left_of_a_word_that_is_hardly_longer_than_its_ending(word):
    assert stems(word) == {word}
