"""Tell one state of a model from another by the files that hold it."""

import hashlib
from pathlib import Path


def digest_of(folder: Path) -> str:
    """Return eight hex digits that change with any file below `folder`."""
    whole = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        with path.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()
        whole.update(f"{path.relative_to(folder)} {content}\n".encode())
    return whole.hexdigest()[:8]
