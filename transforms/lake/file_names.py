"""The names of data files: what a file's name tells, so that it need not be opened.

    part-NUMBER-INDEX-PROOF.parquet                 of a commit
    part-NEWEST-INDEX-mNUMBER-PROOF.parquet         merged by a commit from files whose newest row is of an older one

NEWEST lets readers pass over a file of nothing new. No other commit uses a name with its number, by which a start sees
what was moved before a kill. PROOF is the beginning of the file's SHA-256: two writers, of which one has been overtaken
without knowing it, never fill one name with different bytes.
"""

from pathlib import PurePosixPath

_PROOF_CHARACTERS = 16
_ENDING = ".parquet"


def file_name(table: str, number: int, index: int, checksum: str) -> str:
    """Return the name of file `index` of commit `number`."""
    return f"part-{number:08d}-{index:05d}-{_proof(table, checksum)}{_ENDING}"


def merged_name(table: str, newest: int, index: int, number: int, checksum: str) -> str:
    """Return the name of a file that commit `number` merged from others whose newest row is of commit `newest`."""
    return f"part-{newest:08d}-{index:05d}-m{number:08d}-{_proof(table, checksum)}{_ENDING}"


def newest_commit(path: str) -> int:
    """Return the highest commit among the rows of a file."""
    # Before there was a proof the index ended the name; files are never renamed, so such lakes are read as well.
    return int(PurePosixPath(path).name.split("-", 2)[1])


def oldest_commit(path: str) -> int:
    """Return the lowest commit that may be among the rows of a file: a merged one's name does not tell."""
    return 0 if "-m" in PurePosixPath(path).name else newest_commit(path)


def checksum_of_ledger_file(path: str) -> str:
    """Return the SHA-256, in hex, that a file of the ledger must have."""
    return PurePosixPath(path).name.removesuffix(_ENDING).rsplit("-", 1)[-1]


def _proof(table: str, checksum: str) -> str:
    # All of it for the ledger's own files, which no row of the ledger can list.
    return checksum if table == "runs" else checksum[:_PROOF_CHARACTERS]
