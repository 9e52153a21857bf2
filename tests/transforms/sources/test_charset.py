import codecs
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.sources import charset, latin

TEXTS = {
    "cp1252": "Según el señor alcalde, mañana habrá más autobuses y también más trenes en la región; así será todo el año.",
    "iso8859-15": "L'œuvre coûte 20 €, et la sœur du maire était là où l'été finit; déjà, à cinq heures, le cœur y était.",
    "cp1250": "Większość mieszkańców już wie, że most będzie zamknięty; wójt prosi o cierpliwość i życzliwość, źle nie będzie.",
    "iso8859-2": "Příští týden začne oprava mostu, řekl starosta; žádné zpoždění nečeká, ale šťastné řidiče také ne.",
    "cp1254": "Belediye başkanı, köprünün açılışının gecikeceğini söyledi; öğrenciler için ücretsiz ulaşım sağlanacağını da.",
    "cp1257": "Šiąnakt miesto gatvėse įvyko didžiulė šventė, į kurią susirinko žmonės iš visų apylinkių; ūžė ir grojo.",
    "cp1251": "Мэр города сообщил, что мост откроют в пятницу утром, а движение трамваев восстановят к вечеру.",
    "koi8-r": "Мэр города сообщил, что мост откроют в пятницу утром, а движение трамваев восстановят к вечеру.",
    "cp1253": "Ο δήμαρχος ανακοίνωσε ότι η γέφυρα θα ανοίξει την Παρασκευή το πρωί για όλα τα οχήματα.",
    "cp1256": "أعلن رئيس البلدية أن الجسر سيفتح صباح يوم الجمعة أمام جميع السيارات والحافلات في المدينة.",
    "gb18030": "市长表示，大桥将于星期五上午开放，所有车辆均可通行，公共汽车也将恢复正常运营。",
    "big5": "市長表示，大橋將於星期五上午開放，所有車輛均可通行，公共汽車也將恢復正常營運。",
    "cp932": "市長は、橋が金曜日の朝に開通すると発表した。すべての車両が通行できるようになる。",
    "euc_jp": "市長は、橋が金曜日の朝に開通すると発表した。すべての車両が通行できるようになる。",
    "cp949": "시장은 다리가 금요일 아침에 개통된다고 발표했다. 모든 차량이 다닐 수 있게 된다.",
}


@pytest.mark.parametrize("name", TEXTS)
def test_legacy_charsets_are_detected(name: str) -> None:
    payload = TEXTS[name].encode(name)
    text, found = charset.decode(payload)
    assert text == TEXTS[name]
    assert codecs.lookup(found) == codecs.lookup(name)
    assert charset.decide(payload).rule == "detection"


@pytest.mark.parametrize("name", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_mark_decides(name: str) -> None:
    assert charset.decode("Été à Łódź".encode(name))[0] == "Été à Łódź"
    assert charset.decide("Été".encode(name), "cp1251").rule == "bom"


@pytest.mark.parametrize("name", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_wide_text_without_a_mark_gives_itself_away(name: str) -> None:
    assert charset.decode("It rained all day.".encode(name)) == ("It rained all day.", name)


def test_a_declaration_counts_if_the_bytes_agree() -> None:
    assert charset.decide("Мост".encode("cp1251"), "windows-1251").rule == "declaration"
    assert charset.decide("été".encode(), "ascii").name in {"cp1252", "utf-8"}
    assert charset.decide("Мост".encode("koi8-r"), "utf-8").rule == "detection"


@pytest.mark.parametrize(
    "name", ["base64", "zlib", "rot13", "punycode", "idna", "unicode_escape", "no-such", "a\0b", ""]
)
def test_what_is_no_charset_of_text_cannot_be_declared(name: str) -> None:
    assert charset.known(name) is None


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("ISO-8859-1", "cp1252"),
        ("us-ascii", "cp1252"),
        ("GB2312", "gb18030"),
        ('"Shift_JIS"', "shift_jis"),
        ("UTF8", "utf-8"),
        ("Windows-874", "cp874"),
    ],
)
def test_labels_mean_what_browsers_take_them_for(label: str, name: str) -> None:
    assert charset.known(label) == name


def test_a_marked_document_with_a_bad_byte_is_read() -> None:
    assert charset.decode(codecs.BOM_UTF8 + b"rain \xff day") == ("rain \ufffd day", "utf-8")


def test_random_bytes_are_no_text() -> None:
    with pytest.raises(charset.UndecodableError):
        charset.decode(bytes(range(128, 256)) * 3 + b"\x81\x8d\x8f\x90\x9d" * 20)


def test_detection_looks_where_something_can_be_told() -> None:
    payload = b"plain words " * 20_000 + TEXTS["cp1251"].encode("cp1251")
    assert charset.decode(payload)[1] == "cp1251"


def test_detection_of_a_large_file_takes_no_longer() -> None:
    payload = TEXTS["cp1252"].encode("cp1252") * 100_000
    started = time.process_time()
    charset.decode(payload)
    assert time.process_time() - started < 2


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_utf8_is_read_as_such(text: str) -> None:
    payload = text.encode()
    if charset.bom_of(payload) is None:
        assert charset.decode(payload) == (text, "utf-8")


@given(st.binary(max_size=200))
def test_any_bytes_are_decoded_or_refused(payload: bytes) -> None:
    try:
        text, _ = charset.decode(payload)
    except charset.UndecodableError:
        return
    assert isinstance(text, str)


def test_letters_decide_among_latin_charsets() -> None:
    assert latin.fitting("mañana, también".encode("cp1252")) == "cp1252"
    assert latin.fitting("będzie źle, większość chciała żółtą łódź".encode("cp1250")) == "cp1250"
    assert latin.fitting(b"plain") is None
