"""The rules of the layout, as docs/architecture.md states them."""

import ast
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("schemas", "transforms", "pipelines")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
# Each outside library has one seam: a change of its API is a change of one file.
SEAMS = (
    "feedparser",
    "langdetect",
    "py3langid",
    "deltalake",
    "obstore",
    "selectolax",
    "duckdb",
    "ahocorasick_rs",
    "spacy",
    "transformers",
    "lingua",
    "charset_normalizer",
    "urllib3",
    "protego",
    "rjieba",
)
VAGUE = {"utils", "util", "helpers", "helper", "common", "misc", "base", "manager", "core"}
# The stages of a domain are wired in these modules alone; everything else is pure.
WIRING = {"stage.py"}
# Beam's file systems are how inputs with a scheme are opened, which is a matter of reading, not of wiring.
FILE_SYSTEMS = "apache_beam.io"


@cache
def nodes_of(path: Path) -> tuple[ast.AST, ...]:
    """Return all of a module's syntax, itself first; parsed once for all rules."""
    return tuple(ast.walk(ast.parse(path.read_text("utf-8"))))


@cache
def imports_of(path: Path) -> frozenset[str]:
    names: set[str] = set()
    for node in nodes_of(path):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return frozenset(names)


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_layers_import_downwards_only(path):
    above = PACKAGES[PACKAGES.index(path.relative_to(ROOT).parts[0]) + 1 :]
    wrong = {name for name in imports_of(path) if name.split(".")[0] in above}
    assert not wrong, f"{name_of(path)} imports from a layer above: {wrong}"


@pytest.mark.parametrize("library", SEAMS)
def test_an_outside_library_has_one_seam(library):
    users = [name_of(path) for path in MODULES if any(name.split(".")[0] == library for name in imports_of(path))]
    assert len(users) == 1, f"{library} is imported by {users}"


@pytest.mark.parametrize("path", [p for p in MODULES if p.parts[-3:-2] == ("transforms",)], ids=name_of)
def test_only_the_stage_module_of_a_domain_knows_beam(path):
    if path.name in WIRING:
        return
    beam = {n for n in imports_of(path) if n.startswith("apache_beam") and not n.startswith(FILE_SYSTEMS)}
    assert not beam, f"{name_of(path)} imports {beam}; wiring belongs in stage.py"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_stays_small_and_says_what_it_is(path):
    source = path.read_text("utf-8")
    assert len(source.splitlines()) <= 320, f"{name_of(path)} has grown beyond one subject"
    assert ast.get_docstring(nodes_of(path)[0]), f"{name_of(path)} has no docstring"
    assert path.stem not in VAGUE, f"{name_of(path)}: the name says nothing"


def test_nothing_catches_everything():
    loose = defaultdict(list)
    for path in MODULES:
        for node in nodes_of(path):
            if isinstance(node, ast.ExceptHandler) and getattr(node.type, "id", None) in {
                None,
                "Exception",
                "BaseException",
            }:
                named = isinstance(node.type, ast.Tuple | ast.Attribute)
                if not named:
                    loose[name_of(path)].append(node.lineno)
    assert not loose, f"catch the named errors only: {dict(loose)}"


def test_no_builtin_hash_decides_anything():
    users = [
        f"{name_of(path)}:{node.lineno}"
        for path in MODULES
        for node in nodes_of(path)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "hash"
    ]
    assert not users, f"hash() differs from process to process: {users}"
