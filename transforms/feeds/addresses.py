"""Which addresses may be connected to: only public ones, on ports for the web, checked after names were resolved.

`ipaddress.is_global` is not enough: on Python 3.11 it calls multicast, site-local and several forms that carry a
private IPv4 address inside an IPv6 one global. So this is a list of our own (IANA special-purpose registries for
IPv4 and IPv6, and the addresses at which clouds offer their metadata), applied to what is inside as well.
"""

import ipaddress
import re
import socket
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, cast
from urllib.parse import quote, unquote, urlsplit

from transforms.feeds.failures import FetchFailed, FetchReason, FetchRefused
from transforms.normalize.urls import canonical_url, host_of

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolver = Callable[[str, int], Sequence[str]]
WEB_PORTS = frozenset({80, 443})  # on others stand databases and consoles, which a feed's address could be made to ask
MAX_URL_CHARS = 2_048

_DENIED_V4 = tuple(
    map(
        ipaddress.IPv4Network,
        (
            *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
            *("192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15"),
            *("198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
            "168.63.129.16/32",  # a cloud's metadata at an address that is public everywhere else
        ),
    )
)
_GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")  # all that IANA has handed out for global unicast
_DENIED_V6 = tuple(map(ipaddress.IPv6Network, ("2001::/23", "2001:db8::/32", "3fff::/20")))
# Where an IPv4 address sits inside an IPv6 one: as its last 32 bits.
_ENDS_IN_V4 = tuple(map(ipaddress.IPv6Network, ("::/96", "::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b::/96")))
_SIX_TO_FOUR = ipaddress.IPv6Network("2002::/16")
_TEREDO = ipaddress.IPv6Network("2001::/32")
_WRAPPERS = (*_ENDS_IN_V4, _SIX_TO_FOUR, _TEREDO)
_ISATAP = (0x0000_5EFE, 0x0200_5EFE)  # bits 64 to 95

_FORBIDDEN = re.compile(r"[\x00-\x20\x7f\\]")
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]{0,252})")
_NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+")
_IN_PATH = "/:@!$&'()*+,;=~-._%?"


@dataclass(frozen=True, slots=True)
class Policy:
    """What one feed may reach. Private addresses are for feeds whose list entry says so, and for nothing else."""

    allow_private: bool = False
    ports: frozenset[int] = WEB_PORTS


@dataclass(frozen=True, slots=True)
class Target:
    """An address taken apart once, so that what is checked is what is used."""

    url: str  # without credentials and fragment
    scheme: Literal["http", "https"]
    host: str  # ASCII, lower case; an IPv6 address has no brackets
    port: int
    path: str  # with the query, escaped
    credentials: str | None = None  # user:password, unescaped

    @property
    def origin(self) -> tuple[str, str, int]:
        """Return what credentials belong to."""
        return self.scheme, self.host, self.port

    @property
    def host_header(self) -> str:
        """Return the value of `Host`: without the port where it is the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _default_port(self.scheme) else f"{host}:{self.port}"


def policy_of(url: str, *, allow_private: bool) -> Policy:
    """Return the policy of a listed feed: one that may be private may also stand on the port that its address names.

    Raises:
        FetchRefused: `url` is not an http or https address.
    """
    own = {target_of(url).port} if allow_private else set()
    return Policy(allow_private, WEB_PORTS | own)


def target_of(url: str) -> Target:
    """Take an address apart.

    Raises:
        FetchRefused: it is not an http or https address that can be asked for (scheme, bad_url).
    """
    if len(url) > MAX_URL_CHARS or _FORBIDDEN.search(url):
        raise FetchRefused(FetchReason.BAD_URL, "an address is at most 2048 characters, without blanks and backslashes")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise FetchRefused(FetchReason.BAD_URL, f"not an address: {url}") from None
    if parts.scheme not in {"http", "https"}:
        raise FetchRefused(FetchReason.SCHEME, f"{parts.scheme or 'no scheme'}: only http and https are fetched")
    scheme = cast("Literal['http', 'https']", parts.scheme)
    user, _, site = parts.netloc.rpartition("@")
    host = str(_v6(parts.hostname or "")) if "[" in site else _host(parts.hostname or "")
    path = quote(parts.path or "/", safe=_IN_PATH) + (f"?{quote(parts.query, safe=_IN_PATH)}" if parts.query else "")
    target = Target("", scheme, host, _default_port(scheme) if port is None else port, path, unquote(user) or None)
    return Target(f"{scheme}://{target.host_header}{path}", scheme, host, target.port, path, target.credentials)


def vetted(target: Target, policy: Policy, resolve: Resolver) -> tuple[Address, ...]:
    """Return the addresses that may be connected to for `target`; every address of the name must be allowed.

    Raises:
        FetchRefused: the port is not allowed, or an address is not public and the policy does not allow that.
        FetchFailed: the name does not resolve.
    """
    if target.port not in policy.ports:
        raise FetchRefused(FetchReason.PORT, f"port {target.port} is not allowed")
    # Every address of the name, not one of them: which one is connected to, whoever owns the name could choose.
    literal = _literal(target.host)
    addresses = (literal,) if literal else tuple(dict.fromkeys(_parsed(found) for found in _asked(target, resolve)))
    hidden = [address for address in addresses if not is_public(address)]
    if hidden and not policy.allow_private:
        raise FetchRefused(
            FetchReason.PRIVATE_ADDRESS, f"{target.host} has the address {hidden[0]}, which is not public"
        )
    return addresses


def is_public(address: Address) -> bool:
    """Return whether an address, and every IPv4 address inside it, belongs to the public internet."""
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in network for network in _DENIED_V4)
    # First what is inside: a wrapper is as public as the IPv4 address that it leads to. ::/96 holds ::1 and ::.
    if address.scope_id is not None or int(address) >> 32 == 0 or not all(map(is_public, embedded(address))):
        return False
    if any(address in network for network in _WRAPPERS):
        return True
    return address in _GLOBAL_V6 and not any(address in network for network in _DENIED_V6)


def embedded(address: ipaddress.IPv6Address) -> tuple[ipaddress.IPv4Address, ...]:
    """Return the IPv4 addresses inside an IPv6 one: mapped, compatible, NAT64, 6to4, Teredo (two), ISATAP."""
    bits = int(address)
    last = ipaddress.IPv4Address(bits & 0xFFFF_FFFF)
    if any(address in network for network in _ENDS_IN_V4):
        return (last,)
    if address in _SIX_TO_FOUR:
        return (ipaddress.IPv4Address(bits >> 80 & 0xFFFF_FFFF),)
    if address in _TEREDO:
        server = ipaddress.IPv4Address(bits >> 64 & 0xFFFF_FFFF)
        # RFC 4380: the client's address stands there inverted.
        return server, ipaddress.IPv4Address(int(last) ^ 0xFFFF_FFFF)
    return (last,) if bits >> 32 & 0xFFFF_FFFF in _ISATAP else ()


def resolve_by_system(host: str, port: int) -> list[str]:
    """Return the addresses of a name, as the system knows them.

    Raises:
        FetchFailed: it has none, or the system cannot tell now.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        again = error.errno == socket.EAI_AGAIN
        raise FetchFailed(
            FetchReason.DNS_TEMPORARY if again else FetchReason.DNS, f"{host} does not resolve: {error.strerror}"
        ) from None
    except (OSError, UnicodeError):
        raise FetchFailed(FetchReason.DNS, f"{host} does not resolve") from None
    return [str(entry[4][0]) for entry in found]


def _asked(target: Target, resolve: Resolver) -> Sequence[str]:
    found = resolve(target.host, target.port)
    if not found:
        raise FetchFailed(FetchReason.DNS, f"{target.host} has no address")
    return found


def _parsed(text: str) -> Address:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        raise FetchFailed(FetchReason.DNS, "the resolver gave something that is no address") from None


def _host(host: str) -> str:
    """Return a host in the one spelling that is checked, resolved and sent.

    Digits in circles, full-width letters and the like become what they stand for, and an IPv4 address in any of the
    spellings that resolvers accept (one number, octal, hexadecimal, fewer parts) becomes four numbers.
    """
    name = unquote(host).removesuffix(".")
    if not name.isascii():
        name = _ascii(name)
    name = name.lower()
    if not _HOST.fullmatch(name):
        raise FetchRefused(FetchReason.BAD_URL, "the address names no host")
    return str(_v4(name)) if _NUMBER.fullmatch(name.rpartition(".")[2]) else name


def _ascii(name: str) -> str:
    """Return a host in letters of other scripts as resolvers take it; empty where there is no such form."""
    plain = unicodedata.normalize("NFKC", name).replace("\u3002", ".")
    if plain.isascii():
        return plain
    known = canonical_url(f"http://{plain}/")
    return host_of(known) if known else ""


def _v4(name: str) -> ipaddress.IPv4Address:
    """Parse as WHATWG's URL standard does ("IPv4 parser"): the last number fills all bytes that are left."""
    numbers = [_number(part) for part in name.split(".")]
    *first, last = numbers
    if len(numbers) > 4 or any(number > 255 for number in first) or last >= 256 ** (5 - len(numbers)):
        raise FetchRefused(FetchReason.BAD_URL, "the host ends in a number but is no address")
    return ipaddress.IPv4Address(sum(number << (24 - 8 * at) for at, number in enumerate(first)) + last)


def _number(part: str) -> int:
    try:
        if part.startswith("0x"):
            return int(part[2:] or "0", 16)
        return int(part, 8 if len(part) > 1 and part.startswith("0") else 10)
    except ValueError:
        raise FetchRefused(FetchReason.BAD_URL, "the host ends in a number but is no address") from None


def _v6(host: str) -> ipaddress.IPv6Address:
    try:
        address = ipaddress.IPv6Address(host)
    except ValueError:
        raise FetchRefused(FetchReason.BAD_URL, "the host is no address") from None
    if address.scope_id is not None:
        raise FetchRefused(FetchReason.PRIVATE_ADDRESS, "an address with a zone is of this machine's own links")
    return address


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _default_port(scheme: str) -> int:
    return 443 if scheme == "https" else 80
