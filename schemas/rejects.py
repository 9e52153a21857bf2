"""How a reject is made: limits on what is kept, and an id that is the same on every run."""

import hashlib

from schemas.reasons import Reason
from schemas.records import Reject

MAX_DETAIL_CHARS = 500
MAX_PAYLOAD_BYTES = 64 * 1024


def reject(source_uri: str, stage: str, reason: Reason, detail: str, payload: bytes) -> Reject:
    """Return the reject record of `payload`, which may be of any size: hashed whole, kept cut."""
    return reject_known(source_uri, stage, reason, detail, payload, len(payload), hashlib.sha256(payload).hexdigest())


def reject_known(
    source_uri: str, stage: str, reason: Reason, detail: str, payload: bytes, payload_bytes: int, payload_sha256: str
) -> Reject:
    """Return the reject record of something that was never whole in memory: only its beginning, size and hash are."""
    identity = f"{source_uri}\n{reason.value}\n{payload_sha256}"
    return Reject(
        reject_id=hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()[:32],
        source_uri=source_uri,
        stage=stage,
        reason=reason,
        detail=detail[:MAX_DETAIL_CHARS],
        payload=payload[:MAX_PAYLOAD_BYTES],
        payload_bytes=payload_bytes,
        payload_sha256=payload_sha256,
    )
