import gzip
import tracemalloc
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.feeds.failures import FetchFailed, FetchReason, FetchRefused
from transforms.feeds.inflate import Body, BodyLimits, coding_of

DEFAULT = BodyLimits()


def inflated(coding, content, step=1 << 16, limits=DEFAULT):
    body = Body(coding, limits)
    for at in range(0, len(content), step):
        body.take(content[at : at + step])
    return body.whole()


def raw_deflate(content):
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(content) + packer.flush()


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        (None, "identity"),
        ("", "identity"),
        ("identity", "identity"),
        ("gzip", "gzip"),
        (" X-GZIP ", "gzip"),
        ("deflate", "deflate"),
    ],
)
def test_codings_are_told(header, coding):
    assert coding_of(header) == coding


@pytest.mark.parametrize("header", ["br", "zstd", "gzip, gzip", "gzip,deflate", "compress", "none"])
def test_other_codings_and_layers_of_them_are_refused(header):
    with pytest.raises(FetchRefused) as caught:
        coding_of(header)
    assert caught.value.reason == FetchReason.CODING


@given(st.binary(max_size=2000), st.integers(1, 50), st.sampled_from(["gzip", "deflate", "raw", "identity"]))
def test_what_was_packed_comes_out_whatever_the_pieces(content, step, coding):
    pack = {"gzip": gzip.compress, "deflate": zlib.compress, "raw": raw_deflate, "identity": bytes}[coding]
    assert inflated("deflate" if coding == "raw" else coding, pack(content), step) == content


@pytest.mark.parametrize("step", [1, 3, 1000])
def test_one_gzip_stream_after_another_is_one_body(step):
    assert inflated("gzip", gzip.compress(b"one") + gzip.compress(b"two") + gzip.compress(b""), step) == b"onetwo"


@pytest.mark.parametrize("rest", [b"\0", b"\0" * 600, b"garbage", b"\x1f"])
@pytest.mark.parametrize("step", [1, 1000])
def test_what_follows_the_end_mark_is_not_read(rest, step):
    assert inflated("gzip", gzip.compress(b"body") + rest, step) == b"body"
    assert inflated("deflate", zlib.compress(b"body") + rest, step) == b"body"


def test_a_layer_inside_is_left_as_it_is():
    inside = gzip.compress(b"feed")
    assert inflated("gzip", gzip.compress(inside)) == inside


@pytest.mark.parametrize(
    "content", [gzip.compress(b"a body of some length", mtime=0)[:-4], gzip.compress(b"x", mtime=0)[:5]]
)
def test_a_body_cut_short_fails(content):
    with pytest.raises(FetchFailed) as caught:
        inflated("gzip", content)
    assert caught.value.reason == FetchReason.BROKEN_CODING


@pytest.mark.parametrize("content", [b"<rss>plain text</rss>", gzip.compress(b"abc" * 100, mtime=0)[:-8] + b"12345678"])
def test_a_damaged_body_fails(content):
    with pytest.raises(FetchFailed) as caught:
        inflated("gzip", content)
    assert caught.value.reason == FetchReason.BROKEN_CODING


def test_an_empty_body_is_empty():
    assert inflated("gzip", b"") == b""


def test_limits_are_kept_to_the_byte():
    limits = BodyLimits(received_bytes=1000, decoded_bytes=2000)
    assert len(inflated("identity", b"x" * 1000, limits=limits)) == 1000
    assert len(inflated("gzip", gzip.compress(b"x" * 2000), limits=limits)) == 2000
    for coding, content in (("identity", b"x" * 1001), ("gzip", gzip.compress(b"x" * 2001))):
        with pytest.raises(FetchRefused) as caught:
            inflated(coding, content, limits=limits)
        assert caught.value.reason == FetchReason.BODY_TOO_LARGE
        assert caught.value.kept.startswith(b"x")


def test_what_inflates_out_of_proportion_is_refused_past_a_megabyte():
    megabyte = 1024 * 1024
    assert len(inflated("gzip", gzip.compress(b"\0" * megabyte))) == megabyte
    with pytest.raises(FetchRefused) as caught:
        inflated("gzip", gzip.compress(b"\0" * 2 * megabyte))
    assert caught.value.reason == FetchReason.BOMB
    assert len(caught.value.kept) == 64 * 1024


@pytest.mark.parametrize("layers", [1, 2])
def test_a_bomb_costs_little_memory(layers):
    packer = zlib.compressobj(9, wbits=31)
    bomb = b"".join(packer.compress(b"\0" * (1 << 20)) for _ in range(256)) + packer.flush()
    for _ in range(layers - 1):
        bomb = gzip.compress(bomb)
    tracemalloc.start()
    try:
        if layers == 1:
            with pytest.raises(FetchRefused):
                inflated("gzip", bomb)
        else:
            assert len(inflated("gzip", bomb)) < 1 << 20
        assert tracemalloc.get_traced_memory()[1] < 40 << 20
    finally:
        tracemalloc.stop()
