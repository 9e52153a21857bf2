"""Near twins are told apart by their words, and only where those are clear."""

import pytest

from transforms.language import close_words
from transforms.language.close_words import settle
from transforms.language.detect import detect_batch
from transforms.language.tags import LanguageTag

# Written for this test.
TEXTS = {
    "bs": "Općinski sud u Zenici saopćio je da će hiljade ljudi dobiti odgovor do kraja sedmice. Šta će biti poslije, niko ne zna, "
    "a evropski savjetnik kaže da su uslovi u kantonu teški.",
    "hr": "Općinski sud u Osijeku priopćio je da će tisuće ljudi dobiti odgovor do kraja tjedna. Što će biti poslije, nitko ne zna, "
    "a europski savjetnik kaže da su uvjeti u županiji teški.",
    "sr": "Opštinski sud u Nišu saopštio je da će hiljade ljudi dobiti odgovor do kraja nedelje. Šta će biti posle, niko ne zna, "
    "a evropski savetnik kaže da su uslovi u ovom delu sveta teški.",
    "ms": "Polis berkata lebih daripada dua ratus orang dipindahkan selepas banjir pada Jumaat. Syarikat elektrik itu mahu membaiki "
    "talian sebelum Ahad, bahawa kerajaan akan membayar.",
    "id": "Polisi mengatakan lebih dari dua ratus warga dipindahkan setelah banjir pada hari Jumat. Perusahaan listrik itu mau "
    "memperbaiki kabel sebelum Minggu karena pemerintah akan membayar.",
    "gl": "O concello dixo onte que a ponte non abrirá ata o luns. Unha veciña contou que xa agardan moito tempo, e que aínda "
    "teñen que dar a volta polo monte.",
    "pt": "A câmara disse ontem que a ponte não abrirá até segunda-feira. Uma vizinha contou que já esperam muito tempo, e que ainda "
    "têm de dar a volta pelo monte.",
    "es": "El ayuntamiento dijo ayer que el puente no abrirá hasta el lunes. Una vecina contó que ya esperan mucho tiempo, y que aún "
    "tienen que dar la vuelta por el monte.",
}


@pytest.mark.parametrize("language", TEXTS)
def test_a_paragraph_gets_its_own_language_and_not_its_twins(language):
    (tag,) = detect_batch([TEXTS[language]])
    assert tag.language == language
    assert tag.runner_up != language


def test_one_word_is_not_enough():
    tag = LanguageTag("hr", 0.9, "sl", 0.1)
    assert settle(tag, "Kupio je kahvu na kolodvoru.") is tag
    assert settle(tag, "Kahvu je kupio prije sedmicu dana, hiljadu puta.") == LanguageTag("bs", 0.9, "hr", 0.1)


def test_a_quotation_does_not_outvote_the_text():
    tag = LanguageTag("hr", 0.9, "sl", 0.1)
    text = "Tko je bio u vlaku ovoga tjedna? Nitko: tisuće ljudi rekle su: hiljadu puta, šta, niko ne zna ko."
    assert settle(tag, text) is tag


def test_other_languages_are_left_alone():
    tag = LanguageTag("sv", 0.9, "da", 0.1)
    assert settle(tag, TEXTS["gl"]) is tag


def test_each_word_speaks_for_one_twin_at_least_and_not_for_all():
    groups = close_words._groups()
    assert set(groups) == {"hr", "bs", "sr", "id", "ms", "pt", "es", "gl"}
    for words in groups.values():
        twins = frozenset().union(*words.values())
        assert all(users < twins and word == word.lower() for word, users in words.items())
