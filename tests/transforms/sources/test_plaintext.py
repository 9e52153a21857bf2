import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.reasons import Reason
from transforms.sources.fields import RefusedRecord
from transforms.sources.plaintext import read_text, split_title


def test_a_first_line_that_reads_as_a_title_is_one() -> None:
    article = read_text("Le pont rouvre vendredi\n\nLe maire l’a dit.\n\nDemain.\n".encode(), "a.txt")
    assert (article.title, article.text) == ("Le pont rouvre vendredi", "Le maire l’a dit.\n\nDemain.")
    assert (article.source_uri, article.source_kind, article.item_id, article.published) == (
        "a.txt",
        "text",
        None,
        None,
    )


@pytest.mark.parametrize(
    "text",
    [
        "The bridge opens on Friday.\n\nSo said the mayor.",  # a sentence
        "The bridge opens on Friday\nSo said the mayor.",  # no blank line
        "x" * 201 + "\n\nSo said the mayor.",  # long
        "Only a line",
        "Only a line\n\n  \n",
        "橋は金曜日に開通する。\n\n市長が発表した。",
        "पुल शुक्रवार को खुलेगा।\n\nमेयर ने कहा।",
        "“The bridge opens.”\n\nSo said the mayor.",
        "The mayor said this:\n\nThe bridge opens.",
        "- first point\n\n- second point",
        "***\n\nSo said the mayor.",
        "",
    ],
)
def test_other_first_lines_are_text(text: str) -> None:
    assert split_title(text) == (None, text)


@pytest.mark.parametrize(
    ("first", "title"),
    [
        ("Will the bridge open?", "Will the bridge open?"),
        ("The bridge opens!", "The bridge opens!"),
        ("The mayor waits...", "The mayor waits..."),
        ("  Bridge opens  ", "Bridge opens"),
        ("# Bridge opens", "Bridge opens"),
        ("## Bridge opens. ##", "Bridge opens."),
        ("橋は金曜日に開通", "橋は金曜日に開通"),
        ("\n\nBridge opens", "Bridge opens"),
    ],
)
def test_titles_of_many_kinds(first: str, title: str) -> None:
    assert split_title(first + "\n \t\nSo said the mayor.") == (title, " \t\nSo said the mayor.")


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_line_endings_do_not_matter(ending: str) -> None:
    payload = ending.join(["Bridge opens", "", "So said the mayor.", "", "Really."]).encode()
    article = read_text(payload, "a.txt")
    assert (article.title, article.text) == ("Bridge opens", "So said the mayor.\n\nReally.")


def test_the_charset_is_recorded_unless_it_is_utf8() -> None:
    assert read_text("Été".encode(), "a").extra == ()
    assert read_text("Le pont a été fermé à l'été".encode("cp1252"), "a").extra == (("newsfold:charset", "cp1252"),)
    assert read_text("Bridge".encode("utf-16"), "a").extra == (("newsfold:charset", "utf-16-le"),)


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"", Reason.EMPTY),
        (b" \n\t\r\n", Reason.EMPTY),
        (b"x" * 1_000_001, Reason.TOO_LARGE),
        (bytes(range(128, 256)) * 3 + b"\x81\x8d\x8f\x90\x9d" * 20, Reason.BAD_ENCODING),
    ],
)
def test_what_holds_no_article_is_refused(payload: bytes, reason: Reason) -> None:
    with pytest.raises(RefusedRecord) as caught:
        read_text(payload, "a.txt")
    assert caught.value.reason == reason


@given(st.text(alphabet="ab .\n\r#-", max_size=60))
def test_nothing_but_blanks_and_heading_marks_is_lost(text: str) -> None:
    title, body = split_title(text)
    kept = (title or "") + (body or "")
    assert [char for char in kept if char in "ab"] == [char for char in text if char in "ab"]
