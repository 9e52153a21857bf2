"""The seam to obstore: what lies below one URL of an object store, read, written and replaced under conditions.

Credentials come from where the store's own tools take them (AWS_…, GOOGLE_…, AZURE_…: docs/deploying.md), here and in
deltalake alike, for both stand on one library. Nothing of them is ever put into a message.
"""

import os
import re
import secrets
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import obstore
from obstore import exceptions
from obstore.store import AzureStore, GCSStore, S3Store

from schemas.errors import LakeError, UsageError

_STORES: dict[str, Any] = {"s3": S3Store, "gs": GCSStore, "az": AzureStore}
# Where an endpoint is named that is not the provider's own.
_ENDPOINTS = {"s3": "AWS_ENDPOINT_URL", "gs": "GOOGLE_BASE_URL", "az": "AZURE_STORAGE_ENDPOINT"}
_URL = re.compile(rf"({'|'.join(_STORES)})://([A-Za-z0-9][A-Za-z0-9._-]*)((?:/[A-Za-z0-9_=+.-]+)*)/?")
_ADDRESS = re.compile(r"\w+://\S+")  # of an endpoint, with what may be signed into it
_RETRIES = {"max_retries": 5, "retry_timeout": timedelta(seconds=20)}  # a lease is 60 s, and must outlive them
_PROBE = "_clock"
_SHOWN_CHARACTERS = 400
_THREADS = 8  # of uploads and look-ups: of uploads each may hold some parts of 5 MB


@dataclass(frozen=True, slots=True)
class Found:
    """An object as it was read."""

    content: bytes
    version: str  # changes with the content
    written_at: datetime  # by the store's clock


@dataclass(frozen=True, slots=True)
class Entry:
    """An object as it is listed."""

    key: str
    bytes: int
    written_at: datetime  # by the store's clock


def is_url(root: str | Path) -> bool:
    """Tell whether a lake's name is a URL and no path."""
    return "://" in str(root)


@dataclass(frozen=True, slots=True)
class Objects:
    """What lies below `url`; keys are relative to it. Every method raises LakeError where the store does not answer."""

    url: str
    store: Any

    def read(self, key: str) -> Found | None:
        """Return an object, None where there is none."""
        try:
            with self._named(key):
                found = obstore.get(self.store, key)
                told = found.meta
                return Found(bytes(found.bytes()), str(told["e_tag"]), told["last_modified"])
        except FileNotFoundError:
            return None

    def write(self, key: str, content: bytes) -> None:
        """Write an object, whatever was there before."""
        with self._named(key):
            obstore.put(self.store, key, content, use_multipart=False)

    def now(self) -> datetime:
        """Return the time by the store's clock, to the second: that of an object that is written to be asked."""
        self.write(_PROBE, b"")
        found = self.read(_PROBE)
        assert found is not None
        return found.written_at

    def create(self, key: str, content: bytes) -> str | None:
        """Write an object that must not be there yet; return its version, None where it is."""
        return self._conditional(key, content, "create")

    def replace(self, key: str, content: bytes, version: str) -> str | None:
        """Write an object that must still have a version; return its new one, None where another was written."""
        return self._conditional(key, content, {"e_tag": version})

    def upload(self, files: Iterable[tuple[str, Path]]) -> None:
        """Write files to keys, several at once; an object of the name is replaced."""
        _each(self._upload, list(files))

    def download(self, files: Iterable[tuple[str, Path]]) -> None:
        """Write objects to files, several at once; each is there whole or not at all.

        Raises:
            LakeError: one is not there.
        """
        _each(self._download, list(files))

    def sizes(self, keys: Sequence[str]) -> list[int | None]:
        """Return the bytes of objects, None for one that is not there."""
        return _each(self._size, keys)

    def delete(self, keys: Sequence[str]) -> None:
        """Delete objects, as far as they are there."""
        _each(self._delete, keys)

    def list(self, prefix: str, after: str | None = None) -> Iterator[Entry]:
        """Yield what lies below a prefix, by key, page by page; `after`: only what sorts behind that key."""
        with self._named(prefix):
            for page in obstore.list(self.store, prefix or None, offset=after):
                for told in page:
                    yield Entry(told["path"], told["size"], told["last_modified"])

    def _upload(self, one: tuple[str, Path]) -> None:
        key, path = one
        with self._named(key):
            obstore.put(self.store, key, path)

    def _download(self, one: tuple[str, Path]) -> None:
        key, path = one
        found = self.read(key)
        if found is None:
            raise LakeError(f"{self.url}/{key} is gone: a writer that started meanwhile swept it; run again")
        # A name of its own: two workers on one machine may fetch the same file at once.
        new = path.with_name(f"{path.name}.{secrets.token_hex(4)}.new")
        new.write_bytes(found.content)
        new.replace(path)

    def _delete(self, key: str) -> None:
        with suppress(FileNotFoundError), self._named(key):
            obstore.delete(self.store, key)

    def _size(self, key: str) -> int | None:
        try:
            with self._named(key):
                return int(obstore.head(self.store, key)["size"])
        except FileNotFoundError:
            return None

    def _conditional(self, key: str, content: bytes, mode: Any) -> str | None:
        try:
            with self._named(key):
                return str(obstore.put(self.store, key, content, mode=mode, use_multipart=False)["e_tag"])
        except (exceptions.AlreadyExistsError, exceptions.PreconditionError):
            # A request whose answer was lost is sent again, and then meets what it wrote itself.
            found = self.read(key)
            return found.version if found is not None and found.content == content else None

    @contextmanager
    def _named(self, key: str) -> Iterator[None]:
        """Say what failed and where, without the address that was asked: a signature may stand in it."""
        try:
            yield
        except (FileNotFoundError, exceptions.AlreadyExistsError, exceptions.PreconditionError):
            raise
        except (exceptions.PermissionDeniedError, exceptions.UnauthenticatedError, PermissionError) as error:
            raise LakeError(f"{self.url}/{key}: the store refuses access; check the credentials and rights") from error
        except (exceptions.BaseError, OSError) as error:
            raise LakeError(f"{self.url}/{key}: the store gives no answer ({gist(error)}); run again") from error


def objects_at(url: str) -> Objects:
    """Return what lies below a URL.

    Raises:
        UsageError: it is no URL of a store that can be used.
    """
    if not _URL.fullmatch(url):
        raise UsageError(
            f"{url.partition('://')[0]}://…: this is no place for a lake; write s3://BUCKET/FOLDER, gs://BUCKET/FOLDER "
            "or az://CONTAINER/FOLDER, with letters, digits and ._=+- in the names"
        )
    return _connected(url.rstrip("/"))


def delta_options(url: str) -> dict[str, str]:
    """Return what deltalake is told beside the environment, which it reads itself."""
    return {"allow_http": "true"} if _plain_endpoint(url) else {}


@cache
def _connected(url: str) -> Objects:
    scheme, _, rest = url.partition("://")
    bucket, _, folder = rest.partition("/")
    # Only where the endpoint itself says http://, for articles and signatures travel in the clear then.
    options = {"allow_http": True} if _plain_endpoint(url) else {}
    try:
        store = _STORES[scheme](bucket, prefix=folder or None, retry_config=_RETRIES, client_options=options)
        return Objects(url, store)
    except exceptions.BaseError as error:
        raise UsageError(f"{url}: {gist(error)}; check the store's settings in the environment") from error


def _plain_endpoint(url: str) -> bool:
    """Tell whether an endpoint without TLS was named, as test servers and stores on one's own network have."""
    return os.environ.get(_ENDPOINTS[url.partition("://")[0]], "").startswith("http://")


def gist(error: Exception) -> str:
    """Return the beginning of what a store's error says, without addresses: something may be signed into them."""
    told = " ".join(_ADDRESS.sub("…", str(error).partition("<?xml")[0]).split())
    return told if len(told) <= _SHOWN_CHARACTERS else told[:_SHOWN_CHARACTERS] + "…"


def _each(work: Any, items: Sequence[Any]) -> list[Any]:
    with ThreadPoolExecutor(min(_THREADS, len(items)) or 1) as threads:
        return list(threads.map(work, items))
