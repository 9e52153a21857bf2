"""One page has one URL, and two pages have two."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.normalize.urls import canonical_url, host_of, names_a_page, page_url, shown_url

pieces = st.sampled_from(
    "http:// https:// // / : :80 :8080 @ user:pw@ [::1] ] www. news.example münchen.de .. . /.. /. ; ;jsessionid=1 ? & = # #! % %2e %2F %zz %C3%A9 é utm_source=x &amp; amp; "
    "ref=rss a=1 \\ \t \n \x00 xn--mnchen-3ya.de 1.2.3.4 index.html".split(" ")
)
urls = st.builds("".join, st.lists(st.one_of(pieces, st.text(max_size=3)), max_size=12)).flatmap(
    lambda tail: st.sampled_from(
        [tail, f"http://news.example/{tail}", f"https://{tail}", f"http://news.example?{tail}"]
    )
)


@given(urls)
def test_canonical_is_idempotent_and_plain_ascii(url):
    canonical = canonical_url(url)
    if canonical is not None:
        assert canonical_url(canonical) == canonical
        assert canonical.isascii()
        assert canonical.startswith(("http://", "https://"))
        assert "@" not in canonical.split("/")[2]
        assert host_of(canonical)
        names_a_page(canonical)


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTP://News.Example:80/Story", "http://news.example/Story"),
        ("https://news.example:443", "https://news.example/"),
        ("https://news.example:8443/a", "https://news.example:8443/a"),
        ("https://user:secret@news.example/a", "https://news.example/a"),
        ("https://news.example./a#comments", "https://news.example/a"),
        ("https://news.example/#!/story/1", "https://news.example/#!/story/1"),
        ("https://news.example/a/../b/./c/", "https://news.example/b/c/"),
        ("https://news.example/../../a/..", "https://news.example/"),
        ("https://news.example/a%2e%2E/%7euser/%c3%a9", "https://news.example/a../~user/%C3%A9"),
        ("https://news.example/été?q=ça va", "https://news.example/%C3%A9t%C3%A9?q=%C3%A7a%20va"),
        ("https://news.example/100%", "https://news.example/100%25"),
        ("https://news.example/a;jsessionid=0A1B?x=1", "https://news.example/a?x=1"),
        ("https://news.example/a?", "https://news.example/a"),
        ("https://news.example/a?&&b=2&a=1&", "https://news.example/a?b=2&a=1"),
        ("https://news.example/a?b=2&amp;utm_source=x&amp;amp;c=3&amp%3Bd=4", "https://news.example/a?b=2&c=3&d=4"),
        ("https://news.example?page=2", "https://news.example/?page=2"),
        ("https://müller.example/a", "https://xn--mller-kva.example/a"),
        ("https://пример.рф/новость", "https://xn--e1afmkfd.xn--p1ai/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D1%8C"),
        ("http://[2001:DB8::1]:80/a", "http://[2001:db8::1]/a"),
        ("http:\\\\news.example\\a", "http://news.example/a"),
        ("  https://news.example/a\n", "https://news.example/a"),
        ("http://http://news.example/a", "http://news.example/a"),
    ],
)
def test_spelling(url, canonical):
    assert canonical_url(url) == canonical


@pytest.mark.parametrize(
    "tracking",
    "utm_source=x UTM_Campaign=y fbclid=1 gclid=2 mc_cid=3 yclid=4 ref_src=5 at_medium=6 at_campaign=7 xtor=8 cmpid=9 ref=rss source=twitter utm%5Fsource=z _ga=1 igshid=a".split(),
)
def test_tracking_goes_and_the_rest_stays_in_order(tracking):
    assert canonical_url(f"https://news.example/a?z=1&{tracking}&b=2") == "https://news.example/a?z=1&b=2"
    assert canonical_url(f"https://news.example/a?{tracking}") == "https://news.example/a"


@pytest.mark.parametrize(
    "telling", ["ref=2024-11", "source=42", "id=7", "from=archive", "reference=rss", "utm=1", "p=&q="]
)
def test_parameters_that_may_name_the_page_stay(telling):
    assert canonical_url(f"https://news.example/a?{telling}") == f"https://news.example/a?{telling}"


@pytest.mark.parametrize(
    "url",
    [
        *("", "/relative", "//news.example/a", "www.news.example/a", "ftp://news.example/a", "javascript:alert(1)"),
        *("mailto:a@news.example", "file:///etc/passwd", "http://", "http:///a", "http://[::1/a", "http://a b/"),
        *("http://news.example:99999/", "http://1.2.3/", "http://256.1.1.1/", "http://-a.example/", "http://a..b/"),
        *("http://\u2603\u200d.example/\ud800", "https://news.example/" + "a" * 3000),
    ],
)
def test_what_is_no_usable_address_has_no_canonical_form(url):
    assert canonical_url(url) is None


@pytest.mark.parametrize(
    ("canonical", "names"),
    [
        ("https://news.example/", False),
        ("https://news.example/index.html", False),
        ("https://news.example/index.php?id=3", True),
        ("https://news.example/?p=3", True),
        ("https://news.example/a", True),
        ("https://news.example/#!/a", True),
    ],
)
def test_front_pages_name_no_item(canonical, names):
    assert names_a_page(canonical) is names


@pytest.mark.parametrize(
    ("url", "link", "chosen"),
    [
        ("https://m.news.example/a?x=1", "https://www.news.example/a", "https://www.news.example/a"),
        (None, "https://news.example/a?utm_source=x", "https://news.example/a"),
        ("https://news.example/a", None, "https://news.example/a"),
        ("https://news.example/a", "/b", "https://news.example/a"),
        ("https://news.example/a", "https://news.example/", "https://news.example/a"),
        ("https://reprint.example/a", "https://original.example/a", "https://reprint.example/a"),
        ("https://one.co.uk/a", "https://two.co.uk/a", "https://one.co.uk/a"),
        ("https://www.one.co.uk/a", "https://one.co.uk/b", "https://one.co.uk/b"),
        ("https://cdn.ampproject.org/c/news.example/a", "https://news.example/a", "https://news.example/a"),
        ("/a", "https://news.example/", None),
        (None, None, None),
    ],
)
def test_a_page_may_name_itself_on_its_own_site(url, link, chosen):
    assert page_url(url, link) == chosen


def test_secrets_in_addresses_are_not_shown():
    assert shown_url("https://user:secret@news.example/a?b#c") == "https://news.example/a?b#c"
    assert shown_url("https://news.example/@name") == "https://news.example/@name"
    assert shown_url("javascript:alert(1)") is None
    assert host_of("http://[::1]:8080/a") == "[::1]"
    assert host_of("http://news.example:8080/a") == "news.example"
