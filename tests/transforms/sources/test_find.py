import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import pytest
from apache_beam.io.filesystem import FileMetadata, FileSystem
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import UsageError
from schemas.reasons import Reason
from transforms.sources.find import find, is_skipped


def tree(root: Path, *names: str) -> Path:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"Text of {name}")
    return root


def names(root: Path, *inputs: str | Path) -> list[str]:
    return [os.path.relpath(found.path, root) for found in find([str(given) for given in inputs or (root,)])]


def test_folders_are_walked_in_path_order(tmp_path: Path) -> None:
    tree(tmp_path, "b.txt", "a/z.txt", "a/c/d.txt", "a-b/e.txt", "A.txt")
    assert names(tmp_path) == ["A.txt", "a/c/d.txt", "a/z.txt", "a-b/e.txt", "b.txt"]


def test_files_come_once_in_one_order_however_they_are_named(tmp_path: Path) -> None:
    tree(tmp_path, "a.txt", "b/c.txt", "d.txt")
    given = (tmp_path / "d.txt", tmp_path, tmp_path / "b/../a.txt", f"{tmp_path}/b/", f"{tmp_path}/*.txt")
    assert names(tmp_path, *given) == ["a.txt", "b/c.txt", "d.txt"]


def test_size_and_time_are_told(tmp_path: Path) -> None:
    tree(tmp_path, "a.txt")
    [found] = find([str(tmp_path)])
    assert (found.bytes, found.modified_ns) == (13, (tmp_path / "a.txt").stat().st_mtime_ns)


@pytest.mark.parametrize(
    "name",
    [
        ".x",
        ".hidden/a.txt",
        "x~",
        "a.tmp",
        "a.PART",
        "a.crdownload",
        "~$x.docx",
        ".DS_Store",
        "Thumbs.db",
        "__MACOSX/a.txt",
    ],
)
def test_hidden_and_temporary_files_are_skipped_in_folders(tmp_path: Path, name: str) -> None:
    tree(tmp_path, "a.txt", name)
    assert names(tmp_path) == ["a.txt"]


def test_a_hidden_file_that_is_named_is_read(tmp_path: Path) -> None:
    tree(tmp_path, ".a.txt")
    assert names(tmp_path, tmp_path / ".a.txt") == [".a.txt"]


@pytest.mark.parametrize("pattern", ["*.txt", "?.txt", "[a]*", "**/a.txt", "*/*.txt", "**"])
def test_globs_match_as_a_shell_does(tmp_path: Path, pattern: str) -> None:
    tree(tmp_path, "a.txt", "sub/a.txt", ".h.txt", "b.tmp")
    expected = {
        "*.txt": ["a.txt"],
        "?.txt": ["a.txt"],
        "[a]*": ["a.txt"],
        "**/a.txt": ["a.txt", "sub/a.txt"],
        "*/*.txt": ["sub/a.txt"],
        "**": ["a.txt", "sub/a.txt"],
    }
    assert names(tmp_path, f"{tmp_path}/{pattern}") == expected[pattern]


def test_a_file_with_a_pattern_for_a_name_is_that_file(tmp_path: Path) -> None:
    tree(tmp_path, "a[1].txt", "a1.txt")
    assert names(tmp_path, tmp_path / "a[1].txt") == ["a[1].txt"]


@pytest.mark.parametrize(
    "given", ["missing.txt", "no/such/*.txt", "", "nothing://bucket/a", "https://example.org/feed"]
)
def test_what_is_not_there_is_a_usage_error_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError):
        find([given])


def test_only_temporary_files_is_a_usage_error(tmp_path: Path) -> None:
    tree(tmp_path, "a.tmp")
    with pytest.raises(UsageError, match="hidden and temporary"):
        find([f"{tmp_path}/*.tmp"])


def test_links_out_of_the_folder_are_refused_and_never_opened(tmp_path: Path, read_all: Callable[..., Any]) -> None:
    tree(tmp_path, "secret.txt", "secrets/a.txt", "in/a.txt", "in/b/c.txt")
    (tmp_path / "in/out.txt").symlink_to(tmp_path / "secret.txt")
    (tmp_path / "in/out").symlink_to(tmp_path / "secrets")
    (tmp_path / "in/b/up").symlink_to("../../secrets/a.txt")
    (tmp_path / "in2").mkdir()
    (tmp_path / "in/twin.txt").symlink_to(tmp_path / "in2")
    articles, rejects = read_all(tmp_path / "in")
    assert [a.text for a in articles] == ["Text of in/a.txt", "Text of in/b/c.txt"]
    assert {r.reason for r in rejects} == {Reason.OUTSIDE_TREE}
    assert len(rejects) == 4
    assert not any(r.payload for r in rejects)


def test_links_inside_the_folder_do_not_loop(tmp_path: Path) -> None:
    tree(tmp_path, "a/b.txt")
    (tmp_path / "a/loop").symlink_to(tmp_path)
    (tmp_path / "a/self").symlink_to("self")
    (tmp_path / "a/same.txt").symlink_to("b.txt")
    (tmp_path / "a/gone").symlink_to("nowhere")
    found = {os.path.relpath(entry.path, tmp_path): entry.refusal for entry in find([str(tmp_path)])}
    assert found == {
        "a/b.txt": None,
        "a/same.txt": None,
        "a/gone": Reason.UNREADABLE,
        "a/self": Reason.UNREADABLE,
    }


def test_links_matched_by_a_glob_stay_in_its_folder(tmp_path: Path) -> None:
    tree(tmp_path, "secret.txt", "in/a.txt")
    (tmp_path / "in/out.txt").symlink_to(tmp_path / "secret.txt")
    found = [(Path(entry.path).name, entry.refusal) for entry in find([f"{tmp_path}/in/*.txt"])]
    assert found == [("a.txt", None), ("out.txt", Reason.OUTSIDE_TREE)]


def test_a_link_that_the_user_names_is_followed(tmp_path: Path) -> None:
    tree(tmp_path, "real/a.txt")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert names(tmp_path, tmp_path / "link") == ["link/a.txt"]


def test_pipes_are_refused_not_opened(tmp_path: Path, read_all: Callable[..., Any]) -> None:
    os.mkfifo(tmp_path / "pipe")
    _, [refused] = read_all(tmp_path)
    assert (refused.reason, refused.detail) == (Reason.UNREADABLE, "not a regular file")


def test_names_that_are_no_utf8_are_shown_as_escapes(tmp_path: Path, read_all: Callable[..., Any]) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt")).write_text("Text")
    [article], _ = read_all(tmp_path)
    assert article.source_uri == f"{tmp_path}/caf\\xe9.txt"


@given(st.text(min_size=1))
def test_skipping_is_decided_for_any_name(name: str) -> None:
    assert isinstance(is_skipped(name), bool)


class _Shelf(FileSystem):
    """A file system of three files, under shelf://."""

    files: ClassVar = {
        "shelf://b/a.jsonl": b'{"title": "A"}\n',
        "shelf://b/c/d.txt": b"Text",
        "shelf://b/.h/e.txt": b"Text",
    }

    @classmethod
    def scheme(cls) -> str:
        return "shelf"

    def _list(self, dir_or_prefix: str) -> Any:
        matching = (path for path in sorted(self.files) if path.startswith(dir_or_prefix))
        return (FileMetadata(path, len(self.files[path]), 1.5) for path in matching)

    def has_dirs(self) -> bool:
        return False

    def open(self, path: str, mime_type: str = "", compression_type: str = "") -> Any:
        if path not in self.files:
            raise FileNotFoundError(2, "no such object", path)
        return io.BytesIO(self.files[path])

    def exists(self, path: str) -> bool:
        return path in self.files

    def split(self, path: str) -> tuple[str, str]:
        return os.path.split(path)

    def join(self, basepath: str, *paths: str) -> str:
        return "/".join((basepath, *paths))

    def metadata(self, path: str) -> Any:
        return FileMetadata(path, len(self.files[path]), 1.5)


for _name in ("create", "mkdirs", "copy", "rename", "size", "last_updated", "checksum", "delete"):
    setattr(_Shelf, _name, lambda *_args, **_kwargs: None)
_Shelf.__abstractmethods__ = frozenset()


@pytest.mark.parametrize("given", ["shelf://b", "shelf://b/", "shelf://b/**", "shelf://b/a.jsonl"])
def test_urls_of_beam_file_systems_are_read(read_all: Callable[..., Any], given: str) -> None:
    articles, rejects = read_all(given)
    expected = ["shelf://b/a.jsonl#line=1", "shelf://b/c/d.txt"]
    assert [a.source_uri for a in articles] == (expected[:1] if given.endswith("jsonl") else expected)
    assert not rejects


def test_a_url_without_files_is_a_usage_error() -> None:
    with pytest.raises(UsageError):
        find(["shelf://nothing/*"])


def test_a_file_url_is_a_local_path(tmp_path: Path) -> None:
    tree(tmp_path, "a b.txt")
    assert names(tmp_path, f"file://{tmp_path}/a%20b.txt") == ["a b.txt"]
