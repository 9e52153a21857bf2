"""Bring a lake to rest after a process that wrote to it was killed."""

import shutil

from transforms.lake.layout import Lake
from transforms.lake.publish import publish
from transforms.lake.storage import storage_of


def recover(lake: Lake) -> int | None:
    """Finish a commit that was decided, drop what was not; return the finished commit's number, if there was one.

    To be called once by every writer, under the lock, before it stages anything.

    Raises:
        LakeError: a decided commit cannot be finished, because a prepared file is missing or damaged.
    """
    # First: an intent names files of the staging that is swept next.
    number = finish(lake)
    shutil.rmtree(lake.staging, ignore_errors=True)
    lake.staging.mkdir(exist_ok=True)
    storage_of(lake).sweep_shared()
    lake.intent.with_name(lake.intent.name + ".new").unlink(missing_ok=True)
    return number


def finish(lake: Lake) -> int | None:
    """Finish a commit that was decided; return its number, if there was one. For whoever may commit.

    Raises:
        LakeError: it cannot be finished, because a prepared file is missing or damaged.
    """
    # Several on an object store, where a writer that was overtaken may have left one of its own.
    storage, finished = storage_of(lake), None
    while (intent := storage.read_intent()) is not None:
        publish(lake, intent)
        finished = intent.number
    return finished
