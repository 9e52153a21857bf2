"""How a reject is made: the same id on every run, and no more kept than there is room for."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.reasons import Reason
from schemas.rejects import MAX_DETAIL_CHARS, MAX_PAYLOAD_BYTES, reject, reject_known

PLACE = "a.jsonl#line=1"


def made(place=PLACE, stage="read", reason=Reason.EMPTY, detail="why", payload=b"{}"):
    return reject(place, stage, reason, detail, payload)


def test_an_id_is_of_place_reason_and_payload():
    assert (
        made().reject_id
        == hashlib.sha256(f"{PLACE}\nempty\n{hashlib.sha256(b'{}').hexdigest()}".encode()).hexdigest()[:32]
    )
    others = [made(place="b"), made(reason=Reason.TOO_DEEP), made(payload=b"[]")]
    assert len({one.reject_id for one in (made(), *others)}) == 4


def test_an_id_does_not_depend_on_how_the_reason_is_told():
    assert made(stage="normalize", detail="in other words").reject_id == made().reject_id


@pytest.mark.parametrize("size", [0, MAX_PAYLOAD_BYTES - 1, MAX_PAYLOAD_BYTES, MAX_PAYLOAD_BYTES + 1])
def test_a_payload_is_kept_up_to_64_kb_and_known_by_all_of_it(size):
    payload = bytes(size - 1) + b"x" if size else b""
    one = made(payload=payload)
    assert MAX_PAYLOAD_BYTES == 65_536
    assert one.payload == payload[:65_536]
    assert (one.payload_bytes, one.payload_sha256) == (size, hashlib.sha256(payload).hexdigest())


@pytest.mark.parametrize("length", [499, 500, 501])
def test_a_detail_has_500_characters_at_most(length):
    assert MAX_DETAIL_CHARS == 500
    assert made(detail="é" * length).detail == "é" * min(length, 500)


def test_what_was_never_whole_in_memory_is_the_same_reject():
    payload = b"x" * 100_000
    known = reject_known(
        PLACE, "read", Reason.EMPTY, "why", payload[:70_000], len(payload), hashlib.sha256(payload).hexdigest()
    )
    assert known == made(payload=payload)


@settings(max_examples=30)
@given(st.text(st.characters(), max_size=20), st.binary(max_size=20))
def test_any_place_has_an_id(place, payload):
    """Also one that is no valid Unicode, as names of files may be."""
    assert len(made(place=place + "\udcff", payload=payload).reject_id) == 32
