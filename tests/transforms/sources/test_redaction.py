"""No password and no token of an address gets into what is stored, shown or logged."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import UsageError
from schemas.reasons import Reason
from transforms.sources.documents import read_document
from transforms.sources.feed_links import absolute_link
from transforms.sources.parser_process import ParserProcess
from transforms.sources.plan import PlanLimits, describe, plan
from transforms.sources.read import read_chunk
from transforms.sources.redaction import redacted, scrubbed, without_secrets

CANARY = "c4n4ry-Zaunkoenig"
_PARAMETERS = ("token", "api_key", "access_token", "key", "auth", "sig", "signature", "password", "X-Amz-Signature")
_ADDRESSES = [
    f"https://reader:{CANARY}@news.example/feed.xml",
    f"https://{CANARY}@news.example/feed.xml",
    *(f"https://news.example/feed.xml?page=2&{name}={CANARY}" for name in _PARAMETERS),
    f"https://news.example/feed.xml?accessToken={CANARY}",
    f"https://news.example/feed.xml#access_token={CANARY}",
]


@pytest.mark.parametrize("address", _ADDRESSES)
def test_a_secret_is_replaced_by_a_hash_that_tells_addresses_apart(address: str) -> None:
    shown = redacted(address)
    assert CANARY not in shown
    assert shown.startswith("https://news.example/feed.xml")
    assert shown == redacted(address) != redacted(address.replace(CANARY, "other"))


@pytest.mark.parametrize(
    "address",
    [
        "https://news.example/feed.xml?page=2",
        "saved/feed.xml",
        "a@b/feed.xml",
        "https://news.example/monkey?tokens=3",
        "http://[broken?token=x",
    ],
)
def test_an_address_without_secrets_stays_as_it_is(address: str) -> None:
    assert redacted(address) == address


@pytest.mark.parametrize("address", _ADDRESSES)
def test_messages_of_libraries_are_scrubbed(address: str) -> None:
    told = scrubbed(f"cannot open '{address}': 403, see https://docs.example/errors#403")
    assert CANARY not in told
    assert told.startswith("cannot open 'https://news.example/feed.xml")
    assert told.endswith("': 403, see https://docs.example/errors#403")


_PATHS = (
    "private/c4n4ry-Zaunkoenig/feed",
    "u/9/private-c4n4ryZ4unkoenig7/basic.xml",
    "tokens/c4n4ry-Zaunkoenig.rss",
    "p/0c4a4e11f00dbeefc4a4e11f00dbeef9.xml",
    "s/eyJhbGciOiJub25lIn0/all.rss",
    "f/Zq7Rk2mB9xTz41LwVn8Y",
)


@pytest.mark.parametrize("path", _PATHS)
def test_a_secret_in_a_path_is_hidden_and_taken_out_of_the_content(path: str) -> None:
    address = f"https://news.example/{path}"
    secret = next(part for part in path.split("/") if any(letter.isdigit() for letter in part) and len(part) > 1)
    shown = redacted(address)
    assert secret not in shown
    assert shown.startswith("https://news.example/")
    assert redacted(shown) == shown != redacted(address.replace("4", "5").replace("Q", "q") + "x")
    assert secret.partition(".")[0].encode() not in without_secrets(f"see {address} and {address}".encode(), address)


@pytest.mark.parametrize(
    "address",
    [
        "https://news.example/private/investors/feed",
        "https://news.example/2024/07/20240701123456789012345678901234/story",
        "https://news.example/d/0b9e5c52-6f1e-4b3a-9c11-2f7f5e0a9d10/podcast.rss",
        "https://news.example/WorldNewsHeadlines2021Edition/feed",
        "https://news.example/covid19-updates-latest-news-from-all-over-the-world-2021.rss",
        "https://news.example/feed?channel_id=UCxyzxyzxyz",
        "https://news.example/?feed",
        "s3://bucket/0c4a4e11f00dbeefc4a4e11f00dbeef9/a.jsonl",
    ],
)
def test_a_path_that_hides_nothing_stays_as_it_is(address: str) -> None:
    assert redacted(address) == address


@given(st.text(max_size=200))
def test_no_text_breaks_the_scrubbing(text: str) -> None:
    assert scrubbed(scrubbed(text)) == scrubbed(text)


def test_content_that_prints_its_own_address_loses_the_secret_in_every_spelling() -> None:
    address = "https://me:p%40ssword@news.example/f?token=a%2Fbcd"
    content = b"<link>https://me:p%40ssword@x/?token=a%2Fbcd</link> p@ssword a/bcd token"
    kept = without_secrets(content, address)
    assert not any(secret in kept for secret in (b"ssword", b"bcd"))
    assert kept.endswith(b" token")
    assert without_secrets(content, "saved/feed.xml") == content


def test_a_relative_link_takes_no_secret_from_its_base() -> None:
    base = f"https://news.example/feed.xml?token={CANARY}"
    assert absolute_link("#top", base) == "https://news.example/feed.xml#top"
    assert absolute_link("story/1", base) == "https://news.example/story/1"
    assert absolute_link("#top", "https://news.example/?id=4") == "https://news.example/?id=4#top"


_FEED = (
    "<rss><channel><title>Post</title><atom:link xmlns:atom='http://www.w3.org/2005/Atom' rel='self' href='{0}'/>"
    "<item><title>One</title><link>#one</link><guid>1</guid></item>"
    "<item><title>" + "x" * 1001 + "</title><link>{0}</link></item></channel></rss>"
)


@pytest.mark.parametrize("address", _ADDRESSES)
@pytest.mark.parametrize("content", [_FEED, "<html>{0}</html>", "no feed, but {0}", ""])
def test_nothing_read_from_a_secret_address_tells_the_secret(parser: ParserProcess, address: str, content: str) -> None:
    payload = content.replace("{0}", address.replace("&", "&amp;")).encode()
    articles, rejects = read_document(payload, address, "rss", parser)
    assert rejects
    for article in articles:
        assert CANARY not in repr(article)
    for reject in rejects:
        assert CANARY not in repr(reject)


@pytest.mark.parametrize("form", ["vault://desk:{0}@host/in/{1}", "vault://host/in/{1}?sig={0}"])
def test_nothing_planned_or_read_from_a_secret_folder_tells_the_secret(
    vault: dict[str, bytes], parser: ParserProcess, form: str
) -> None:
    contents = {
        "a.jsonl": b'{"title": "One"}\nbroken\n',
        "b.csv": b"id,title,text\n1,Two,text\n2,too,many,fields\n",
        "c.xml": _FEED.encode(),
        "d.zip": b"PK\x03\x04rest",
        "e.txt": b"Three\n\nText of three.",
    }
    given_inputs = [form.format(CANARY, name) for name in contents]
    vault.update(zip(given_inputs, contents.values(), strict=True))
    patterns = [address.replace("?", "[?]") for address in given_inputs]
    chunks = list(plan(patterns, PlanLimits(), "vault://staging"))
    segments = [segment for chunk in chunks for segment in chunk.segments]
    assert all(CANARY not in segment.uri + segment.refusal_detail for segment in segments)
    batches = [read_chunk(chunk, {}, parser) for chunk in chunks]
    assert sum(len(batch.articles) for batch in batches) == 4
    assert sum(len(batch.rejects) for batch in batches) == 4
    assert CANARY not in repr(batches)
    assert CANARY not in repr(list(describe(patterns, {})))


def test_a_file_that_went_away_tells_no_secret(vault: dict[str, bytes], parser: ParserProcess) -> None:
    address = f"vault://desk:{CANARY}@host/a.jsonl"
    vault[address] = b'{"title": "One"}\n'
    [chunk] = plan([address], PlanLimits(), "vault://staging")
    vault.clear()
    [reject] = read_chunk(chunk, {}, parser).rejects
    assert reject.reason == Reason.UNREADABLE
    assert CANARY not in repr(reject)


def test_an_input_that_is_not_there_tells_no_secret() -> None:
    with pytest.raises(UsageError) as caught:
        list(plan([f"vault://desk:{CANARY}@host/none.jsonl"], PlanLimits(), "vault://staging"))
    assert CANARY not in str(caught.value)


def test_an_unknown_file_system_tells_no_secret() -> None:
    with pytest.raises(UsageError) as caught:
        list(plan([f"nosuch://desk:{CANARY}@host/a.jsonl"], PlanLimits(), "staging"))
    assert CANARY not in str(caught.value)
