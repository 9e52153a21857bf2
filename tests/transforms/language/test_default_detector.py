"""Scripts, votes, trust and the second witness put together; `und` where the guess does not fit."""

import numpy as np
import pytest

from transforms.language import default_detector as module
from transforms.language import scripts, trust
from transforms.language.default_detector import Findings, detect, examine
from transforms.language.pieces import pieces
from transforms.language.tags import LanguageTag
from transforms.language.votes import Ballot

ENGLISH = "The harbour was closed for two days after the storm, and the ferries stayed in port until the wind fell. "
GERMAN = "Der Hafen blieb nach dem Sturm zwei Tage lang geschlossen, und die Fähren liefen erst danach wieder aus. "
CHINESE = "暴风雨过后，港口关闭了两天，渡轮停在港内，直到风停。"


@pytest.mark.parametrize("text", ["", " ", "12 345", "!?…", "🙂🙂"])
def test_without_letters_there_is_no_guess(text):
    assert detect([text]) == [LanguageTag("und")]


def test_of_a_text_that_a_script_decides_the_model_names_the_runner_up():
    (tag,) = detect(["Η θέρμανση κοστίζει όλο και περισσότερο"])
    assert tag.language == "el"
    assert tag.score >= 0.999
    assert tag.runner_up != "el"


@pytest.mark.parametrize(
    ("text", "favourite", "shares", "decided"),
    [
        ("Ελλάδα", "en", {"el": 0.999, "en": 0.001}, True),
        ("Ελλάδα", "el", {"el": 1.0}, True),
        ("東京", "en", {"zh": 0.999, "en": 0.001}, True),
        ("東京", "ja", {"ja": 1.0}, False),
        ("Порт", "ru", {"ru": 1.0}, False),
    ],
    ids=["the script", "both", "not the other language of the script", "the other language", "no script decides"],
)
def test_a_script_decides_against_the_model_but_for_the_other_language_of_the_script(text, favourite, shares, decided):
    codes = module._codes()
    chances = np.array([[float(code == favourite) for code in codes]])
    assert module._let_scripts_decide(chances, scripts.judge([text])).tolist() == [decided]
    assert {code: share for code, share in zip(codes, chances[0], strict=True) if share} == pytest.approx(shares)


@pytest.fixture
def scored(monkeypatch):
    """Collect the pieces that the model is asked about."""
    asked = []
    evaluate = module.naive_bayes.evaluate

    def count(texts):
        asked.extend(texts)
        return evaluate(texts)

    monkeypatch.setattr(module.naive_bayes, "evaluate", count)
    return asked


def test_the_model_is_asked_about_the_first_piece_alone_where_scripts_decide(scored):
    detect([CHINESE * 60])
    assert len(scored) == 1


def test_the_model_is_asked_about_every_piece_that_a_script_leaves_open_or_in_doubt(scored):
    detect([ENGLISH, "東京"])
    assert len(scored) == 2


@pytest.mark.parametrize(
    ("text", "count"), [(ENGLISH * 14, 3), (ENGLISH * 7 + GERMAN * 7, 10), (ENGLISH * 4, 2), (ENGLISH * 3 + GERMAN * 2, 3), (CHINESE * 60, 1)],
    ids=["three agree", "they differ: all seven after them", "two pieces", "three that differ", "a script decides"],
)  # fmt: skip
def test_all_pieces_are_scored_only_where_a_sample_of_three_is_not_clear(scored, text, count):
    detect([text])
    assert len(scored) == count


def test_three_pieces_that_agree_stand_for_all_of_a_text():
    whole = [pieces(text) for text in (ENGLISH * 14, GERMAN * 14)]
    few, every = examine([ENGLISH * 14, GERMAN * 14]).outcome, module._examined(whole).outcome
    assert few.first.tolist() == every.first.tolist()
    assert few.first_score == pytest.approx(every.first_score, abs=0.001)


@pytest.mark.parametrize("share", [0.2, 0.4, 0.6, 0.8])
def test_where_three_pieces_differ_all_are_asked(share):
    size = int(len(ENGLISH) * 14 * share)
    mixed = (ENGLISH * 14)[:size] + (GERMAN * 14)[size:]
    asked, every = examine([mixed]), module._examined([pieces(mixed)])
    assert [column.tolist() for column in asked.outcome] == [column.tolist() for column in every.outcome]
    assert detect([mixed])[0].language == ("en" if share > 0.5 else "de")


def test_a_text_of_one_letter_has_the_score_of_its_piece():
    found = examine(["я"])
    assert found.letters.tolist() == [1]
    assert found.score[0] == pytest.approx(found.outcome.first_score[0])


@pytest.mark.parametrize(("text", "cyrillic"), [("жжxx", False), ("жжжxx", True), ("ж", True), ("x", False)])
def test_a_piece_is_in_cyrillic_where_most_of_its_letters_are(monkeypatch, text, cyrillic):
    told = []
    probabilities = module.scores.probabilities
    monkeypatch.setattr(
        module.scores, "probabilities", lambda *given: told.append(given[3].tolist()) or probabilities(*given)
    )
    examine([text])
    assert told == [[cyrillic]]


def test_votes_for_another_language_do_not_count_in_the_fit():
    every = module._examined([[ENGLISH[:80], GERMAN[:80], ENGLISH[:80]]])
    alone = module._examined([[ENGLISH[:80]]])
    assert (every.score[0], every.fit[0]) == pytest.approx((alone.score[0], alone.fit[0]))


def findings(score=1.0, fit=0.0, by_script=False, letters=100):
    outcome = Ballot(*(np.array([value]) for value in (0, score, 1, 0.0)))
    return Findings(outcome, np.array([letters]), np.array([score]), np.array([fit]), np.array([by_script]))


@pytest.mark.parametrize(
    ("score", "fit", "by_script", "clear"),
    [
        (0.99, -0.5, False, True),
        (0.989, -0.5, False, False),
        (0.99, -0.51, False, False),
        (0.999, -9.0, True, True),
        (0.998, -9.0, True, False),
        (0.999, -9.0, False, False),
    ],
)
def test_a_sample_is_clear_by_score_and_fit_or_by_its_script(score, fit, by_script, clear):
    assert module._is_clear(findings(score, fit, by_script)).tolist() == [clear]


def test_a_mixed_article_is_trusted_by_the_pieces_that_voted_for_the_winner():
    mixed = ENGLISH * 11 + "qzx wvkj qqpf zxv kwqj pfg bnm xqz " * 9
    alone, together = examine([ENGLISH * 11]), examine([mixed])
    assert together.outcome.first_score[0] < 0.9  # its share of the letters
    assert together.score[0] > 0.99
    assert together.fit[0] == pytest.approx(alone.fit[0], abs=0.5)


class Witness:
    """Stands in for the second witness: says one language of all it is asked about."""

    def __init__(self, language):
        self.language = language
        self.asked = []

    def __call__(self, texts):
        self.asked.extend(texts)
        return [LanguageTag(self.language, 1.0)] * len(texts)


@pytest.fixture
def asked_of(monkeypatch):
    def tag_with(witness, text, verdict):
        monkeypatch.setattr(module.langdetect_detector, "detect", witness)
        monkeypatch.setattr(module.trust, "judge", lambda **told: verdict)
        return detect([text])[0]

    return tag_with


@pytest.mark.parametrize(
    ("verdict", "says", "language", "asked"),
    [
        (trust.Verdict.SAY, "de", "en", 0),
        (trust.Verdict.ASK, "en", "en", 1),
        (trust.Verdict.ASK, "de", "und", 1),
        (trust.Verdict.KEEP_BACK, "en", "und", 0),
    ],
)
def test_in_doubt_the_second_witness_must_agree_and_only_then_is_asked(asked_of, verdict, says, language, asked):
    witness = Witness(says)
    tag = asked_of(witness, ENGLISH, verdict)
    assert (tag.language, len(witness.asked)) == (language, asked)
    assert (tag.runner_up == "en") == (language == "und")


@pytest.mark.parametrize(("chars", "read"), [(1999, 1999), (2000, 2000), (2001, 2000)])
def test_the_witness_reads_the_first_two_thousand_characters(asked_of, chars, read):
    witness = Witness("en")
    asked_of(witness, (ENGLISH * 20)[:chars], trust.Verdict.ASK)
    assert [len(text) for text in witness.asked] == [read]


def test_what_is_judged_is_the_text_its_score_its_fit_and_its_script(monkeypatch):
    told = []
    monkeypatch.setattr(module.trust, "judge", lambda **given: told.append(given) or trust.Verdict.SAY)
    detect([ENGLISH, "Ελλάδα", "Ubi bene, ibi patria, dixit senex et abiit in silvam magnam"])
    english, greek, latin = told
    assert (english["chars"], english["familiar"], english["by_script"]) == (len(ENGLISH), True, False)
    assert (greek["familiar"], greek["by_script"]) == (True, True)
    assert (latin["familiar"], latin["by_script"]) == (False, False)
    assert english["score"] > 0.99
    assert english["fit"] > -0.5


def test_near_twins_are_settled_by_their_words_at_the_end():
    (tag,) = detect(["Kahvu je kupio prije sedmicu dana, hiljadu puta, i niko nije znao šta će biti poslije toga."])
    assert (tag.language, tag.runner_up) == ("bs", "hr")
