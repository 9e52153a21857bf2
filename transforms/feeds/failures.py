"""Why a request was not made or came to nothing: closed reasons, and messages that hold no secret."""

from enum import StrEnum

from transforms.sources.redaction import scrubbed

MAX_KEPT_BYTES = 64 * 1024


class FetchReason(StrEnum):
    """One way in which a request ends without an answer we can use; the value is what `polls` and logs show."""

    BAD_URL = "bad_url"  # not an address a request can be made of
    SCHEME = "scheme"  # neither http nor https
    PORT = "port"  # a port that is not allowed
    PRIVATE_ADDRESS = "private_address"  # at least one address of the name is not public
    ROBOTS = "robots"  # robots.txt forbids it, or could not be had
    REDIRECTS = "redirects"  # more of them than allowed, or a circle
    HEADERS_TOO_LARGE = "headers_too_large"
    BODY_TOO_LARGE = "body_too_large"
    BOMB = "bomb"  # inflates out of proportion
    CODING = "coding"  # compressed in a way that was not asked for
    DNS = "dns"  # the name does not exist
    DNS_TEMPORARY = "dns_temporary"  # the resolver could not tell
    CONNECT = "connect"
    TLS = "tls"  # no handshake, or a certificate that does not prove the name
    TIMEOUT = "timeout"
    RESET = "reset"  # the connection ended before the answer began
    SHORT_BODY = "short_body"  # the connection ended before the body did
    BAD_RESPONSE = "bad_response"  # what came is not HTTP
    INTERRUPTED = "interrupted"  # we were stopped before the answer came
    BROKEN_CODING = "broken_coding"  # the compressed body is damaged


class FetchError(Exception):
    """A request without a usable answer.

    Attributes:
        reason: one of the closed list.
        kept: the first 64 KB of a body that was given up, for the reject.
    """

    def __init__(self, reason: FetchReason, message: str, kept: bytes = b"") -> None:
        super().__init__(scrubbed(message))
        self.reason = reason
        self.kept = kept[:MAX_KEPT_BYTES]


class FetchRefused(FetchError):  # noqa: N818  the name is the fact; it is part of the interface
    """Our own rules forbid the request or the rest of its answer."""


class FetchFailed(FetchError):  # noqa: N818  the name is the fact; it is part of the interface
    """The network or the server did not deliver."""
