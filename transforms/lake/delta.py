"""The Delta logs of a lake: commits with our own number, and what the logs say is there.

deltalake accepts a transaction number twice, and a lower one: whoever commits compares with `last_number` first, and
holds the lock. It does not fsync its log either: `storage` does, where there is a disk.
"""

from transforms.lake.delta_table import Opened, open_table, write
from transforms.lake.intent import Change, DataFile
from transforms.lake.layout import Lake
from transforms.lake.process_cache import ProcessCache
from transforms.lake.storage import storage_of

# By table. Reading a log anew takes 4 to 10 ms, 25 times a commit; going on from where it was read takes 0.5.
_OPENED: ProcessCache[dict[str, Opened]] = ProcessCache()


def last_number(lake: Lake, table: str) -> int:
    """Return the number of the last commit of ours in a table, 0 if there is none.

    Raises:
        LakeError: the Delta log cannot be read.
    """
    opened = _open(lake, table)
    return 0 if opened is None else opened.number()


def list_files(lake: Lake, table: str) -> list[DataFile]:
    """Return the files that make up a table now, by path; checksums are in the ledger, not here.

    Raises:
        LakeError: the Delta log cannot be read.
    """
    opened = _open(lake, table)
    return [] if opened is None else sorted(opened.files(table), key=lambda file: file.path)


def commit(lake: Lake, change: Change, number: int, at_ms: int) -> None:
    """Commit a change of one table under `number`, whose files are in place.

    Raises:
        LakeError: another process committed to the table meanwhile, or the log cannot be written.
    """
    # A table is made with its first commit: until then nothing of it is there, on a store as in a folder.
    storage, opened = storage_of(lake), _open(lake, change.table)
    url = storage.new_table(change.table) if opened is None else storage.table_url(change.table)
    write(url, storage.options, opened, change, number, at_ms)


def _open(lake: Lake, table: str) -> Opened | None:
    storage, tables = storage_of(lake), _OPENED.get(lake)
    if tables is None:
        tables = {}
        _OPENED.put(lake, tables)
    url, opened = storage.table_url(table), tables.get(table)
    # Asked each time: another process may have committed, and what is kept must never be taken for what is there.
    version = storage.newest_version(table, None if opened is None else opened.version)
    if version is None:
        return None
    if opened is None or opened.version > version:  # a log that has gone back was restored from a backup
        opened = open_table(url, storage.options)
    elif opened.version < version:
        opened = open_table(url, storage.options, opened)
    tables[table] = opened
    return opened
