import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.feeds.addresses import (
    Policy,
    embedded,
    is_public,
    policy_of,
    resolve_by_system,
    target_of,
    vetted,
)
from transforms.feeds.failures import FetchFailed, FetchReason, FetchRefused

HIDDEN = """
0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 100.100.100.200 127.0.0.1 127.255.255.254 169.254.169.254 169.254.42.1 172.16.0.1
172.31.255.255 192.0.0.192 192.0.2.1 192.88.99.1 192.168.1.10 198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.9
224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255 168.63.129.16
:: ::1 ::127.0.0.1 ::a9fe:a9fe ::8.8.8.8 ::ffff:127.0.0.1 ::ffff:169.254.169.254 ::ffff:0:10.0.0.1 64:ff9b::a00:1
64:ff9b::a9fe:a9fe 64:ff9b:1::808:808 2002:7f00:1:: 2002:a9fe:a9fe:: 2002:a00:1:: 2001:0:808:808::80ff:fffe
2001:0:7f00:1::f7f7:f7f7 2001:db8::1 2001:10::1 3fff::1 fc00::1 fd00:ec2::254 fe80::1 fe80::215:5dff:fe15:102
fec0::1 ff02::1 ff0e::1 5f00::1 100::1 2600::5efe:7f00:1 2600::200:5efe:a00:1 fe80::1%eth0
""".split()
OPEN = """
8.8.8.8 93.184.216.34 1.1.1.1 172.32.0.1 100.128.0.1 192.0.1.1 223.255.255.255 2606:4700::1111 2a00:1450:4001::200e
::ffff:8.8.8.8 64:ff9b::808:808 2002:808:808::1 2001:0:808:808::f7f7:f7f7 2600::5efe:808:808 2001:4860:4860::8888
""".split()


@pytest.mark.parametrize("text", HIDDEN)
def test_what_is_not_the_public_internet_is_told(text):
    assert not is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize("text", OPEN)
def test_public_addresses_are_told(text):
    assert is_public(ipaddress.ip_address(text))


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_as_public_inside_an_ipv6_one(address):
    bits = int(address)
    forms = (
        0xFFFF << 32 | bits,
        0x64FF9B << 96 | bits,
        0x2002 << 112 | bits << 80,
        0x26000000 << 96 | 0x5EFE << 32 | bits,
    )
    for form in map(ipaddress.IPv6Address, forms):
        assert embedded(form) == (address,)
        assert is_public(form) == is_public(address)


@given(st.ip_addresses(v=4))
def test_what_python_knows_as_private_is_never_public(address):
    assert not (address.is_private or address.is_multicast or address.is_reserved) or not is_public(address)


LOOPBACK = """
127.0.0.1 127.1 127.0.1 2130706433 0x7f.1 0x7f000001 0177.0.0.1 017700000001 0x7F.0.0.1 127.0.0.1. ①②⑦.⓪.⓪.① １２７。０。０。１
%31%32%37.0.0.1 127.0x1
""".split()


@pytest.mark.parametrize("spelling", LOOPBACK)
def test_every_spelling_of_an_address_is_one_address(spelling):
    assert target_of(f"http://{spelling}/").host == "127.0.0.1"


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("file:///etc/passwd", FetchReason.SCHEME),
        ("ftp://example.org/", FetchReason.SCHEME),
        ("gopher://example.org/", FetchReason.SCHEME),
        ("data:text/xml,<rss/>", FetchReason.SCHEME),
        ("//example.org/feed", FetchReason.SCHEME),
        ("example.org/feed", FetchReason.SCHEME),
        ("http:///feed", FetchReason.BAD_URL),
        ("http://exa mple.org/", FetchReason.BAD_URL),
        ("http://127.0.0.1\\@example.org/", FetchReason.BAD_URL),
        ("http://example.org/\r\nHost: inside", FetchReason.BAD_URL),
        ("http://example.org:99999/", FetchReason.BAD_URL),
        ("http://256.1.1.1/", FetchReason.BAD_URL),
        ("http://1.2.3.4.5/", FetchReason.BAD_URL),
        ("http://0x7g.1/", FetchReason.BAD_URL),
        ("http://08.1.1.1/", FetchReason.BAD_URL),
        ("http://4294967296/", FetchReason.BAD_URL),
        ("http://[::1/", FetchReason.BAD_URL),
        ("http://[v1.x]/", FetchReason.BAD_URL),
        ("http://a:b:c/", FetchReason.BAD_URL),
        ("http://[fe80::1%25eth0]/", FetchReason.PRIVATE_ADDRESS),
        ("http://℀.example.org/", FetchReason.BAD_URL),
        ("http://example.org/" + "a" * 2048, FetchReason.BAD_URL),
    ],
)
def test_what_is_no_address_of_the_web_is_refused(url, reason):
    with pytest.raises(FetchRefused) as caught:
        vetted(target_of(url), Policy(), lambda host, port: ["8.8.8.8"])
    assert caught.value.reason == reason


def test_an_address_is_taken_apart_once():
    target = target_of("HTTPS://us%65r:p%40ss@Bücher.Example.:443/a b".replace(" ", "%20") + "?q=é#fragment")
    assert target.url == "https://xn--bcher-kva.example/a%20b?q=%C3%A9"
    assert (target.scheme, target.port, target.credentials) == ("https", 443, "user:p@ss")
    assert target.host_header == "xn--bcher-kva.example"
    assert target_of("http://[2606:4700::1111]:8080").host_header == "[2606:4700::1111]:8080"
    assert target_of("http://h?x").path == "/?x"


def test_the_host_behind_a_user_name_is_what_counts():
    assert target_of("http://example.org@10.0.0.1/").host == "10.0.0.1"
    assert target_of("http://a@b@127.1/").host == "127.0.0.1"


@pytest.mark.parametrize("port", [22, 25, 6379, 8080, 0])
def test_only_ports_of_the_web_are_asked(port):
    with pytest.raises(FetchRefused) as caught:
        vetted(target_of(f"http://example.org:{port}/"), Policy(), lambda host, at: ["8.8.8.8"])
    assert caught.value.reason == FetchReason.PORT


def test_a_port_that_is_listed_is_asked():
    given_ports = Policy(ports=frozenset({8080}))
    assert vetted(target_of("http://8.8.8.8:8080/"), given_ports, resolve_by_system)


def test_one_private_address_among_public_ones_refuses_the_name():
    with pytest.raises(FetchRefused) as caught:
        vetted(target_of("http://two.example/"), Policy(), lambda host, port: ["8.8.8.8", "10.0.0.1"])
    assert caught.value.reason == FetchReason.PRIVATE_ADDRESS


def test_all_addresses_of_a_public_name_may_be_used_in_order():
    found = vetted(
        target_of("http://two.example/"), Policy(), lambda host, port: ["2606:4700::1", "8.8.8.8", "8.8.8.8"]
    )
    assert [str(address) for address in found] == ["2606:4700::1", "8.8.8.8"]


def test_a_feed_that_may_be_private_may_stand_on_its_own_port_only():
    policy = policy_of("http://10.0.0.1:8080/feed", allow_private=True)
    assert vetted(target_of("http://10.0.0.1:8080/other"), policy, resolve_by_system)
    with pytest.raises(FetchRefused):
        vetted(target_of("http://10.0.0.1:6379/"), policy, resolve_by_system)
    with pytest.raises(FetchRefused):
        vetted(target_of("http://10.0.0.1/"), policy_of("http://10.0.0.1/", allow_private=False), resolve_by_system)


def test_addresses_are_never_given_to_the_resolver():
    def refuse(host, port):
        raise AssertionError(host)

    with pytest.raises(FetchRefused):
        vetted(target_of("http://0x7f.1/"), Policy(), refuse)


@pytest.mark.parametrize("found", [[], ["not an address"]])
def test_a_name_without_an_address_fails(found):
    with pytest.raises(FetchFailed) as caught:
        vetted(target_of("http://none.example/"), Policy(), lambda host, port: found)
    assert caught.value.reason == FetchReason.DNS


def test_the_system_resolves_what_it_knows():
    assert "127.0.0.1" in resolve_by_system("localhost", 80)
    with pytest.raises(FetchFailed) as caught:
        resolve_by_system("name.invalid", 80)
    assert caught.value.reason in {FetchReason.DNS, FetchReason.DNS_TEMPORARY}
    with pytest.raises(FetchFailed):
        resolve_by_system("a" * 70 + ".example", 80)
