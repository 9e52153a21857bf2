"""`--fetch-articles`: new items come with the text of their pages, once, and under robots.txt."""

from tests.pipelines.conftest import rows
from tests.pipelines.interrupted import run
from tests.pipelines.live import by_path, write_list
from tests.scripted import always, answer
from transforms.lake.layout import open_lake
from transforms.lake.verify import verify

STORY = " ".join(
    f"Sentence {number} tells how the ferry to the island came back after the storm." for number in range(9)
)
PAGE = f"<html><head><title>Ferry is back</title></head><body><article><h1>Ferry is back</h1><p>{STORY}</p></article>"
FEED = (
    "<rss version='2.0'><channel><title>Isle</title>"
    "<item><guid>1</guid><title>Ferry is back</title><link>{site}/page/1</link><description>It sails.</description></item>"
    "<item><guid>2</guid><title>School closed</title><link>{site}/secret/2</link><description>Pipes burst.</description></item>"
    "</channel></rss>"
)


def test_items_get_the_text_of_their_pages_once(serve, tmp_path):
    feed = {}
    site = by_path(
        feed=lambda connection, asked: connection.sendall(answer(body=feed["content"])),
        page=always(answer(headers={"Content-Type": "text/html"}, body=PAGE.encode())),
        secret=always(answer(headers={"Content-Type": "text/html"}, body=PAGE.encode())),
        **{"robots.txt": always(answer(body=b"User-agent: newsfold\nDisallow: /secret/\n"))},
    )
    server = serve(site)
    feed["content"] = FEED.format(site=f"http://127.0.0.1:{server.port}").encode()
    feeds = write_list(tmp_path / "list.txt", server, ["feed"])
    lake = tmp_path / "lake"
    told = (
        "--feeds",
        feeds,
        "--lake",
        lake,
        "--contact",
        "t@example.org",
        "--workers",
        1,
        "--fetch-articles",
        "--json",
    )
    assert run(tmp_path, "ingest", *told).json["counts"]["new"] == 2
    found = {row["item_id"]: row for row in rows(lake, "articles")}
    assert (found["1"]["text_kind"], found["1"]["text"]) == ("full", STORY)
    assert (found["2"]["text_kind"], found["2"]["text"]) == ("summary", "Pipes burst.")
    assert dict(found["2"]["extra"])["newsfold:page"] == "robots"
    assert [asked.path for asked in server.log] == ["/feed", "/robots.txt", "/page/1"]
    assert (lake / "_memory" / "robots.json").exists()
    assert verify(open_lake(lake)) == []
    # The feed as a file of its own: its items are known, whatever their pages say.
    (tmp_path / "saved.xml").write_bytes(feed["content"])
    assert run(tmp_path, "ingest", tmp_path / "saved.xml", "--lake", lake, "--json").json["counts"]["new"] == 0
