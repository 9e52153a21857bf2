"""A site of feeds for end-to-end tests: each path has its own behaviour, and what is asked is audited."""

import json
import random
from pathlib import Path

import duckdb

from tests.pipelines.conftest import sentence
from tests.scripted import answer


def rss(name, items, extra=""):
    """Return a feed whose items have a text of their own."""
    entries = "".join(f"<item>{_entry(name, item)}</item>" for item in items)
    return f"<rss version='2.0'><channel><title>{name}</title>{extra}{entries}</channel></rss>".encode()


def _entry(name, item):
    dice = random.Random(f"{name} {item}")
    return f"<guid>{name}-{item}</guid><title>{name} reports {item}</title><description>{sentence(dice)}</description>"


def tagged(name, items):
    """Return a script for a feed that knows its validator."""
    tag = f'"{name} {items}"'

    def script(connection, asked):
        if asked.headers.get("If-None-Match") == tag:
            connection.sendall(answer(304, {"ETag": tag}))
        else:
            connection.sendall(answer(headers={"ETag": tag}, body=rss(name, range(items))))

    return script


def by_path(**scripts):
    """Return a script that does what the first part of the path names."""
    return lambda connection, asked: scripts[asked.path.strip("/").split("/")[0]](connection, asked)


def write_list(path, server, names, words="allow_private"):
    """List feeds, each on a host of its own where the server has as many."""
    lines = [
        f"http://127.0.0.{1 + number % server.hosts}:{server.port}/{name} {words}" for number, name in enumerate(names)
    ]
    path.write_text("\n".join(["# feeds", *lines, ""]), "utf-8")
    return path


def polls(lake):
    """Return the rows of `polls` in the order of their commits."""
    found = duckdb.sql(
        "select * from read_parquet(?) order by commit, feed", params=[str(Path(lake, "polls", "*.parquet"))]
    )
    return found.to_arrow_table().to_pylist()


def listed(lake, *columns):
    """Return columns of `polls` by the path of the feed."""
    return {row["feed"].rpartition("/")[2]: tuple(row[name] for name in columns) for row in polls(lake)}


def archived(lake):
    """Return the names of what waits in the archive."""
    return sorted(path.name for path in Path(lake, "_fetched").iterdir())


def counts(finished):
    """Return what `--json` said about polls."""
    return json.loads(finished.out)["polls"]
