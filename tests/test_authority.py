import time
from types import SimpleNamespace

from pytest import mark, raises

from ui.authority import (
    OWNER_COOKIE,
    OWNER_SECONDS,
    READER_COOKIE,
    Authority,
    Visitor,
    WrongToken,
    is_loopback,
    may_change,
    owner_of,
)

TOKEN = "t" * 32
REMOTE = Authority(TOKEN, names=("footnote.example.org",))


@mark.parametrize("host", ["localhost", "127.0.0.1:7860", "LOCALHOST:80", "[::1]:7860", "[::1]"])
def test_this_machine_is_known_by_its_own_names(host: str) -> None:
    assert Authority().knows_host(host)


@mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost.evil.example",
        "evil.example:127.0.0.1",
        "127.0.0.1.evil.example",
        "127.0.0.1@evil.example",
        "10.0.0.5",
        "",
        "localhost:",
        "localhost:1:2",
        "localhost\tevil",
        "[::1",
        "::1",
        "localhost/x",
        "0.0.0.0",
    ],
)
def test_no_other_name_is(host: str) -> None:
    assert not Authority().knows_host(host)


def test_an_address_in_digits_is_known_where_all_are_listened_on() -> None:
    everywhere = Authority(TOKEN, names=("box",), any_address=True)
    assert everywhere.knows_host("192.168.1.7:7860")
    assert everywhere.knows_host("[fe80::1]:7860")
    assert everywhere.knows_host("box:7860")
    assert not everywhere.knows_host("rebound.evil.example:7860")


@mark.parametrize(
    ("origin", "host", "ours"),
    [
        ("http://localhost:7860", "localhost:7860", True),
        ("http://LOCALHOST:7860", "localhost:7860", True),
        ("http://localhost:3000", "localhost:7860", False),
        ("http://127.0.0.1:7860", "localhost:7860", False),
        ("https://footnote.example.org", "footnote.example.org", True),
        ("https://footnote.example.org", "127.0.0.1:7860", True),
        ("https://footnote.example.org.evil.example", "footnote.example.org", False),
        ("null", "localhost:7860", False),
        ("file://", "localhost:7860", False),
        ("chrome-extension://localhost:7860", "localhost:7860", False),
        ("http://", "", False),
    ],
)
def test_an_origin_is_ours_when_it_is_where_we_are_called(origin: str, host: str, ours: bool) -> None:
    assert REMOTE.knows_origin(origin, host) is ours


def test_without_a_token_everyone_is_the_owner() -> None:
    assert Authority().visitor("", {}) == Visitor("", may_change=True)
    assert Authority().visitor("Bearer whatever", {}) == Visitor()
    assert not Authority().is_token(""), "no token is not an empty token"


def test_the_token_makes_its_bearer_the_owner_and_a_wrong_one_is_refused() -> None:
    assert REMOTE.visitor(f"Bearer {TOKEN}", {}) == Visitor()
    assert REMOTE.visitor(f"bearer  {TOKEN} ", {}) == Visitor()
    for wrong in (f"Bearer {TOKEN}t", f"Bearer {TOKEN[:-1]}", "Bearer ", f"Basic {TOKEN}", TOKEN, "Bearer é", "x"):
        with raises(WrongToken):
            REMOTE.visitor(wrong, {})


def test_visitors_are_told_apart_by_their_cookie_which_is_not_kept_as_it_is() -> None:
    one, two = REMOTE.visitor("", {}), REMOTE.visitor("", {})
    assert one.new_reader != two.new_reader
    assert one.owner != two.owner
    assert not one.may_change
    again = REMOTE.visitor("", {READER_COOKIE: one.new_reader})
    assert again == Visitor(one.owner, may_change=False)
    assert one.new_reader not in one.owner
    assert one.owner != "", "the owner's conversations are the owner's"


@mark.parametrize("cookie", ["", "short", "x" * 44, "../" * 15, "a" * 42 + "\n"])
def test_a_cookie_that_was_never_given_is_replaced(cookie: str) -> None:
    assert REMOTE.visitor("", {READER_COOKIE: cookie}).new_reader


def test_the_pass_of_a_browser_stands_for_the_token_until_its_time_is_over(monkeypatch) -> None:
    passed = REMOTE.owner_pass()
    assert TOKEN not in passed
    assert REMOTE.visitor("", {OWNER_COOKIE: passed}) == Visitor()
    until, signature = passed.split(".")
    for forged in (
        f"{int(until) + 1}.{signature}",
        f"{until}.{'0' * 64}",
        f"{until}.",
        "",
        ".",
        f"{'9' * 20}.{signature}",
        f"{until}.{signature}x",
        f"٣.{signature}",
    ):
        assert not REMOTE.visitor("", {OWNER_COOKIE: forged}).may_change, forged
    assert not Authority("u" * 32).visitor("", {OWNER_COOKIE: passed}).may_change, "another token, another pass"
    later = time.time() + OWNER_SECONDS + 1
    monkeypatch.setattr("ui.authority.time.time", lambda: later)
    assert not REMOTE.visitor("", {OWNER_COOKIE: passed}).may_change


def test_what_did_not_come_through_the_gate_is_nobodys() -> None:
    for request in (None, SimpleNamespace(state=SimpleNamespace()), SimpleNamespace(state=None)):
        with raises(LookupError):
            owner_of(request)
        with raises(LookupError):
            may_change(request)
    assert owner_of(SimpleNamespace(state=SimpleNamespace(visitor=Visitor("x", may_change=False)))) == "x"


def test_loopback_is_this_machine_alone() -> None:
    assert all(map(is_loopback, ("127.0.0.1", "127.8.8.8", "::1", "localhost")))
    assert not any(map(is_loopback, ("0.0.0.0", "::", "10.0.0.1", "example.org", "")))
