from ipaddress import IPv4Address

from hypothesis import given
from hypothesis import strategies as st
from pytest import mark, raises

from index.errors import FetchError
from index.web.addresses import joined, parsed, same_host


@mark.parametrize(
    ("text", "written"),
    [
        ("https://Example.ORG", "https://example.org/"),
        ("http://example.org:80/a#part", "http://example.org/a"),
        ("https://example.org.:443/a?b=c", "https://example.org/a?b=c"),
        ("https://example.org:8443/", "https://example.org:8443/"),
        ("https://example.org/ä%2F?q=ü&r=%26", "https://example.org/%C3%A4%2F?q=%C3%BC&r=%26"),
        ('https://example.org/"<x>', "https://example.org/%22%3Cx%3E"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("http://１.１.１.１/", "http://1.1.1.1/"),
        ("http://[2606:4700:0:0::1]:81/x", "http://[2606:4700::1]:81/x"),
        ("http://under_score.example/", "http://under_score.example/"),
    ],
)
def test_an_address_has_one_way_to_be_written(text: str, written: str) -> None:
    assert str(parsed(text)) == written
    assert parsed(written) == parsed(text)


@mark.parametrize(
    ("text", "words"),
    [
        ("ftp://example.org/", "not of the web"),
        ("file:///etc/passwd", "not of the web"),
        ("javascript://x", "not of the web"),
        ("https://ann:secret@example.org/", "name or password"),
        ("https://ann@example.org/", "name or password"),
        ("https://127.0.0.1\\@example.org/", "backslash"),
        ("https://example.org/\r\nHost: x", "control character"),
        ("https://exa mple.org/", "space"),
        ("https://example.org:0/", "port 0"),
        ("https://example.org:99999/", "no address"),
        ("https://example.org:x/", "no address"),
        ("https://", "no host"),
        ("https:///path", "no host"),
        ("https://.example.org/", "no host"),
        ("https://exa%6dple.org/", "no host"),
        ("https://-x.example/", "no host"),
        ("https://[::1/", "no address"),
        ("https://[fe80::1%25eth0]/", "no host"),
        ("https://[v1.x]/", "no (host|address)"),
        ("https://⒈a⒉.x😀/\ud800", "control character"),
        (f"https://example.org/{'a' * 4_000}", "at most 4,000"),
        *((f"http://{host}/", "IP address in a way of its own") for host in (
            "127.1", "0", "2130706433", "0x7f000001", "0x7f.0.0.1", "017700000001", "0177.0.0.1", "127.0.0.01", "1.2.3", "1.2.3.4.5", "256.1.1.1", "x.0x", "example.1"
        )),
    ],
)  # fmt: skip
def test_what_is_no_plain_web_address_is_refused(text: str, words: str) -> None:
    with raises(FetchError, match=words):
        parsed(text)


def test_a_password_is_not_repeated_in_the_refusal() -> None:
    with raises(FetchError) as refusal:
        parsed("https://ann:secret@example.org/")
    assert "secret" not in str(refusal.value)


@given(st.integers(0, 2**32 - 1), st.sampled_from(["{}", "0x{:x}", "0{:o}", "{:b}."]))
def test_a_number_is_never_taken_for_a_name(number: int, form: str) -> None:
    with raises(FetchError):
        parsed(f"http://{form.format(number)}/")
    dotted = parsed(f"http://{IPv4Address(number)}/")
    assert dotted.is_number
    assert dotted.host == str(IPv4Address(number))


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_refused(text: str) -> None:
    for written in (text, f"https://{text}", f"https://example.org/{text}"):
        try:
            address = parsed(written)
        except FetchError:
            continue
        assert str(address).isascii()
        assert not set(str(address)) & set(" \r\n\t\\@#") - set("@" if "@" in address.target else "")
        assert parsed(str(address)) == address


@mark.parametrize(
    ("link", "written"),
    [
        ("/b", "https://example.org/b"),
        ("c?d", "https://example.org/a/c?d"),
        ("//other.example/x", "https://other.example/x"),
        (" http://other.example/ ", "http://other.example/"),
    ],
)
def test_a_link_is_read_where_it_stands(link: str, written: str) -> None:
    assert str(joined(parsed("https://example.org/a/b"), link)) == written


def test_a_link_that_is_none_is_refused() -> None:
    for link in ("http://[x", "mailto:a@b", "javascript:alert(1)", "http://127.0.0.1:x/"):
        with raises(FetchError):
            joined(parsed("https://example.org/"), link)


def test_a_host_is_the_same_with_www() -> None:
    assert same_host("www.example.org", "example.org")
    assert not same_host("example.org.evil.example", "example.org")
