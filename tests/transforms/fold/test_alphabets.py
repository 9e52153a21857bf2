"""Scripts of few letters without spaces: a bag of letters is alike in any two texts, so windows tell what was kept."""

import random

import pytest

LETTERS = {"Thai": "กขคงจชซดตถทนบปผพมยรลวสหอ", "Khmer": "កខគងចឆជដតថទនបផពមយរលវសហអ", "Lao": "ກຂຄງຈຊຍດຕຖທນບປຜພມຢຣລວສຫອ"}


def written(chance, letters, count):
    return ["".join(chance.choices(letters, k=chance.choice([2, 3, 3, 4, 5]))) for _ in range(count)]


@pytest.mark.parametrize("letters", LETTERS.values(), ids=LETTERS.keys())
@pytest.mark.parametrize("slices", [1, 2])
def test_a_form_filled_in_anew_is_another_story(fold, story, letters, slices):
    for seed in range(8):
        chance = random.Random(seed)
        form, title = written(chance, letters, 170), "".join(written(chance, letters, 8))
        filled = [
            "".join(
                word if place // 8 % 5 < 3 else fresh
                for place, (word, fresh) in enumerate(zip(form, written(chance, letters, len(form)), strict=True))
            )
            for _ in range(2)
        ]
        made = [story(str(number), text, title, day=number) for number, text in enumerate(filled)]
        folded = fold(*([made] if slices == 1 else ([one] for one in made)))
        assert not folded.together("0", "1")


@pytest.mark.parametrize("letters", LETTERS.values(), ids=LETTERS.keys())
@pytest.mark.parametrize("slices", [1, 2])
def test_a_text_with_one_word_in_ten_replaced_is_the_same_story(fold, story, letters, slices):
    for seed in range(8):
        chance = random.Random(seed)
        text, title = written(chance, letters, 170), "".join(written(chance, letters, 8))
        places = set(chance.sample(range(170), 17))
        edited = [written(chance, letters, 1)[0] if place in places else word for place, word in enumerate(text)]
        made = [story("first", "".join(text), title), story("edited", "".join(edited), title, day=0.2)]
        folded = fold(*([made] if slices == 1 else ([one] for one in made)))
        assert folded.together("first", "edited")
