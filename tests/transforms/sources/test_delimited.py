import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from schemas.errors import UsageError
from schemas.reasons import Reason
from transforms.sources.plan import PlanLimits


def table(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def test_rows_become_articles_with_their_place(tmp_path: Path, read_all: Callable[..., Any]) -> None:
    path = table(tmp_path / "a.csv", 'id,title,text,mood\n1,Rain,"Wet,\nvery wet.",grey\n\n2,Sun,Dry.,\n')
    articles, rejects = read_all(path)
    assert [(a.source_uri.split("/")[-1], a.item_id, a.text) for a in articles] == [
        ("a.csv#row=1", "1", "Wet,\nvery wet."),
        ("a.csv#row=2", "2", "Dry."),
    ]
    assert articles[0].extra == (("mood", "grey"),)
    assert articles[0].source_kind == "csv"
    assert not rejects


def test_a_broken_row_costs_only_itself(tmp_path: Path, read_all: Callable[..., Any]) -> None:
    path = table(tmp_path / "a.csv", 'id,title\n1,a\n2,b,c,d\n3\n4,"open\n5,"e"\n6,f,,\n')
    articles, rejects = read_all(path)
    assert [a.item_id for a in articles] == ["1", "5", "6"]
    assert [r.reason for r in rejects] == [Reason.BROKEN_RECORD] * 3
    assert rejects[0].detail == "4 fields where the header has 2"


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("last", [True, False])
def test_any_line_ending_is_read(tmp_path: Path, read_all: Callable[..., Any], ending: str, last: bool) -> None:
    text = ending.join(["id,title", "1,a", "2,b"]) + (ending if last else "")
    articles, _ = read_all(table(tmp_path / "a.csv", text))
    assert [a.title for a in articles] == ["a", "b"]


@pytest.mark.parametrize(
    ("encoding", "charset"),
    [("utf-8-sig", None), ("utf-16", "utf-16-le"), ("utf-16-be", "utf-16-be"), ("cp1252", "cp1252")],
)
def test_other_charsets_are_read_and_recorded(
    tmp_path: Path, read_all: Callable[..., Any], encoding: str, charset: str | None
) -> None:
    rows = "".join(
        f"{n},Überraschung für Bürger,Die Straße war gesperrt; später öffnete die Brücke.\n" for n in range(9)
    )
    articles, rejects = read_all(table(tmp_path / "a.csv", "id,title,text\n" + rows, encoding))
    assert not rejects
    assert {a.title for a in articles} == {"Überraschung für Bürger"}
    assert dict(articles[0].extra).get("newsfold:charset") == charset


def test_a_field_of_megabytes_is_read(tmp_path: Path, read_all: Callable[..., Any]) -> None:
    [article], _ = read_all(table(tmp_path / "a.csv", f'title,text\nx,"{"word " * 180_000}"\n'))
    assert len(article.text or "") == 900_000


def test_a_table_without_text_or_title_names_its_columns(tmp_path: Path, read_all: Callable[..., Any]) -> None:
    path = table(tmp_path / "a.csv", "id,headlin,when\n1,a,b\n")
    with pytest.raises(UsageError, match=r"columns found: id, headlin, when\. .*--map title=headlin"):
        read_all(path)
    articles, _ = read_all(path, mapping={"title": "headlin"})
    assert [a.title for a in articles] == ["a"]


def test_a_large_table_is_cut_and_numbered_through(tmp_path: Path, read_all: Callable[..., Any]) -> None:
    file = io.StringIO(newline="")
    csv.writer(file).writerows([["id", "text"], *([str(n), f'Text "{n}"\nand\n\nmore, {n}'] for n in range(1, 501))])
    path = table(tmp_path / "a.csv", file.getvalue())
    articles, rejects = read_all(path, limits=PlanLimits(chunk_records=37, chunk_bytes=2_000))
    assert [a.item_id for a in articles] == [str(n) for n in range(1, 501)]
    assert [a.source_uri.split("=")[1] for a in articles] == [str(n) for n in range(1, 501)]
    assert not rejects
