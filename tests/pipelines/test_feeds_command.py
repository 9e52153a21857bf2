"""`newsfold feeds` as a user has it: OPML in and out, state, forecasts, discovery."""

import json

import pytest
from click.testing import CliRunner

from pipelines.cli import _run
from pipelines.commands.feeds import command
from tests.pipelines.live import by_path, tagged, write_list
from tests.scripted import always, answer

OPML = """<opml version="2.0"><body><outline text="World">
<outline text="Alpha" xmlUrl="https://alpha.example/feed"/>
<outline text="Beta" xmlUrl="https://user:CANARY@beta.example/feed"/>
<outline text="https://gamma.example/f?token=CANARY" xmlUrl="https://gamma.example/f?token=CANARY"/></outline>
<outline text="Files" xmlUrl="file:///etc/passwd"/></body></opml>"""


@pytest.fixture
def feeds(tmp_path, monkeypatch):
    """Run `newsfold feeds` in a folder that holds an OPML file."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.opml").write_text(OPML)

    def run(*arguments):
        return CliRunner().invoke(command, [str(argument) for argument in arguments], catch_exceptions=False)

    return run


def test_opml_becomes_a_text_list_and_opml_again(feeds, tmp_path):
    done = feeds("import", "mine.opml", "--list", "mine.txt")
    assert "mine.txt: 3 feeds added, 1 left out" in done.stdout
    assert done.stderr == "newsfold: left out file:///etc/passwd: file: only http and https are fetched\n"
    assert (tmp_path / "mine.txt").read_text() == (
        "https://alpha.example/feed # World/Alpha\n"
        "https://user:CANARY@beta.example/feed # World/Beta\n"
        "https://gamma.example/f?token=CANARY # World\n"
    )
    assert feeds("export", "mine.opml", "--output", "again.opml").stdout == "again.opml: 3 feeds\n"
    again = (tmp_path / "again.opml").read_text()
    assert 'text="Alpha" title="Alpha" xmlUrl="https://alpha.example/feed"' in again
    assert json.loads(feeds("import", "again.opml", "--list", "mine.txt", "--json").stdout)["added"] == []


def test_a_dry_run_writes_nothing(feeds, tmp_path):
    done = feeds("import", "mine.opml", "--list", "mine.txt", "--dry-run", "--json")
    assert json.loads(done.stdout)["written"] is False
    assert len(json.loads(done.stdout)["added"]) == 3
    assert not (tmp_path / "mine.txt").exists()


def test_secrets_are_written_to_files_only(feeds, tmp_path):
    told = []
    for words in (
        ("import", "mine.opml", "--list", "mine.txt"),
        ("list", "mine.opml"),
        ("list", "mine.opml", "--json"),
        ("check", "mine.txt"),
        ("check", "mine.txt", "--json"),
        ("export", "mine.txt", "--output", "again.opml"),
    ):
        done = feeds(*words)
        assert done.exit_code == 0
        told.append(done.stdout + done.stderr)
    assert "CANARY" not in "".join(told)
    assert (tmp_path / "again.opml").read_text().count("CANARY") == 2
    assert (tmp_path / "again.opml").stat().st_mode & 0o077 == 0


def test_what_opml_cannot_say_is_told(feeds, tmp_path):
    (tmp_path / "words.txt").write_text("http://10.0.0.1/f allow_private every=30m\n")
    done = feeds("export", "words.txt")
    assert "OPML has no place for allow_private and every= of 1 feeds" in done.stderr
    assert 'xmlUrl="http://10.0.0.1/f"' in done.stdout
    assert feeds("export", "words.txt", "--format", "text").stdout == "http://10.0.0.1/f allow_private every=30m\n"


def test_state_and_forecast_come_from_the_polls_of_a_lake(feeds, serve, tmp_path, newsfold):
    site = by_path(a=tagged("a", 2), down=always(answer(503, {"Retry-After": "7200"})))
    server = serve(site, hosts=2)
    listed = write_list(tmp_path / "list.txt", server, ["a", "down"])
    lake = tmp_path / "lake"
    assert newsfold("ingest", "--feeds", listed, "--lake", lake, "--contact", "t@example.org").code == 0
    before = len(server.log)
    known = {
        row["feed"].rpartition("/")[2]: row
        for row in json.loads(feeds("list", listed, "--lake", lake, "--json").stdout)
    }
    assert (known["a"]["state"], known["a"]["last"], known["a"]["items"]) == ("ok", "200", 2)
    assert (known["down"]["state"], known["down"]["last"], known["down"]["failures"]) == ("failing", "status_503", 1)
    checked = json.loads(feeds("check", listed, "--lake", lake, "--json").stdout)
    assert [row["would"] for row in checked] == ["wait", "wait"]
    assert [row["conditional"] for row in checked] == [True, False]
    assert checked[1]["why"].startswith("failed once")
    assert "waits until 20" in feeds("check", listed, "--lake", lake).stdout
    assert len(server.log) == before


def test_the_feeds_of_a_page_are_found_and_listed(feeds, serve, tmp_path):
    page = b'<link rel="alternate" type="application/rss+xml" title="All" href="/all?token=CANARY">'
    server = serve(by_path(**{"robots.txt": always(answer(404)), "": always(answer(body=page))}))
    url = f"http://127.0.0.1:{server.port}/"
    found = feeds("discover", url, "--contact", "t@example.org", "--allow-private", "--json")
    [feed] = json.loads(found.stdout)["feeds"]
    assert (feed["title"], feed["found_by"]) == ("All", "named")
    assert "CANARY" not in found.stdout
    feeds("discover", url, "--contact", "t@example.org", "--allow-private", "--list", "found.txt")
    assert (tmp_path / "found.txt").read_text() == f"{url}all?token=CANARY allow_private # All\n"
    assert {asked.headers["User-Agent"] for asked in server.log} == {"newsfold/0.1.0 (+t@example.org)"}


def test_a_page_that_may_not_be_asked_is_one_line_and_code_1(capfd):
    assert _run(["feeds", "discover", "http://10.0.0.1/", "--contact", "t@example.org"]) == 1
    told = capfd.readouterr()
    assert told.out == "no feeds\n"
    assert told.err == "newsfold: http://10.0.0.1/: 10.0.0.1 has the address 10.0.0.1, which is not public\n"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("feeds", "Missing command"),
        ("feeds lst", "No such command 'lst'. Did you mean 'list'?"),
        ("feeds import --list x", "Missing argument 'FILE...'"),
        ("feeds import mine.opml", "Missing option '--list'"),
        ("feeds import none.opml --list x", "none.opml: No such file or directory; give a file of feeds"),
        ("feeds import mine.opml --list mine.opml", "mine.opml is OPML, and only text lists are added to"),
        ("feeds list none.txt", "none.txt: No such file or directory"),
        ("feeds list mine.opml --lake none", "none"),
        ("feeds check mine.opml --resovle", "No such option"),
        ("feeds export mine.opml", "2 of the addresses hold passwords or tokens: name a file for them with --output"),
        ("feeds export mine.opml --format csv", "'csv' is not one of"),
        ("feeds discover https://alpha.example/", "--contact is missing"),
        ("feeds discover https://alpha.example/ --contact me", "--contact 'me': give a mail address"),
        ("feeds discover alpha.example --contact a@b.c", "no scheme: only http and https are fetched"),
    ],
)
def test_wrong_usage_is_one_line(feeds, words, message, capfd):
    assert _run(words.split()) == 2
    told = capfd.readouterr()
    assert told.out == ""
    lines = [line for line in told.err.splitlines() if "left out" not in line]
    assert len(lines) == 1
    assert message in lines[0]
    assert "CANARY" not in told.err
