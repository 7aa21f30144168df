from hypothesis import given
from hypothesis import strategies as st
from pytest import mark

from index.web.robots import ALL, LONGEST_DELAY, MOST_BYTES, NOTHING, Rules, rules_for


def rules(text: str) -> Rules:
    return rules_for("Footnote", text.encode())


@mark.parametrize(
    ("pattern", "path", "fits"),
    [
        ("/fish", "/fish.html", True),
        ("/fish", "/Fish.asp", False),
        ("/fish", "/catfish", False),
        ("/fish*", "/fishheads/yummy.html", True),
        ("/fish/", "/fish", False),
        ("/fish/", "/fish/salmon.htm", True),
        ("/*.php", "/folder/any.php.file.html", True),
        ("/*.php", "/windows.PHP", False),
        ("/*.php$", "/folder/filename.php", True),
        ("/*.php$", "/filename.php?parameters", False),
        ("/*.php$", "/a.php/b.php", True),
        ("/fish*.php", "/fishheads/catfish.php?id=1", True),
        ("/fish*.php", "/Fish.PHP", False),
        ("/a*a$", "/a", False),
        ("/a*a$", "/aa", True),
        ("/$", "/", True),
        ("/$", "/a", False),
        ("*", "/", True),
        ("/a$b", "/a$b", True),
        ("/é", "/%C3%A9", True),
        ("/%c3%A9", "/%C3%A9x", True),
        ("/%7Eann", "/~ann", True),
        ("/a%2Fb", "/a/b", False),
        ("/a%2fb", "/a%2Fb", True),
        ("/a?b=", "/a?b=c", True),
    ],
)
def test_a_pattern_fits_the_beginning_of_a_path(pattern: str, path: str, fits: bool) -> None:
    assert rules(f"User-agent: *\nDisallow: {pattern}").allow(path) is not fits


def test_the_longest_pattern_decides_and_of_two_that_which_allows() -> None:
    found = rules("User-agent: *\nDisallow: /a\nAllow: /a/b\nDisallow: /a/b/c\nAllow: /same\nDisallow: /same")
    assert [found.allow(path) for path in ("/", "/a", "/a/b", "/a/b/c/d", "/same")] == [True, False, True, False, True]


def test_the_groups_that_name_us_are_joined_and_those_for_all_do_not_count_then() -> None:
    found = rules(
        "User-agent: *\nDisallow: /\n\nUser-agent: otherbot\nUser-agent: FOOTNOTE/2.0\nDisallow: /a # not this\n\n"
        "Sitemap: https://example.org/x\nuser-agent : footnote\ndisallow:/b\n\nUser-agent: FootnoteBot\nDisallow: /c"
    )
    assert [found.allow(path) for path in ("/", "/a", "/b", "/c")] == [True, False, False, True]
    assert rules("User-agent: otherbot\nDisallow: /").allow("/")


def test_lines_in_front_of_a_group_empty_rules_and_odd_line_ends_are_borne() -> None:
    assert rules("Disallow: /\nUser-agent: *\nDisallow:\n").allow("/")
    assert not rules("\ufeffUser-agent: *\r\rDisallow: /x\r\nnonsense\r\n").allow("/x")
    assert not rules_for("Footnote", b"User-agent: *\nDisallow: /\xff\n").allow("/%EF%BF%BD")


def test_the_rules_themselves_may_always_be_read() -> None:
    assert NOTHING.allow("/robots.txt")
    assert not NOTHING.allow("/")
    assert ALL.allow("/")


@mark.parametrize(
    ("written", "seconds"),
    [("3", 3), ("0.5", 0.5), ("-1", 0), ("nan", 0), ("inf", 0), ("1e9", LONGEST_DELAY), ("x", 0)],
)
def test_a_delay_is_kept_within_reason(written: str, seconds: float) -> None:
    assert rules(f"User-agent: *\nCrawl-delay: {written}").delay == seconds


def test_only_the_beginning_of_a_long_file_is_read() -> None:
    assert rules("User-agent: *\n" + "#" * MOST_BYTES + "\nDisallow: /").allow("/")


HOSTILE = [
    "".join(f"User-agent: a{number}\n" for number in range(15_000)) + "Disallow: /1\nDisallow: /2\n" * 4_000,
    "User-agent: *\nDisallow: /" + "*a" * 255_000 + "*b",
    "User-agent: *\n" + ("Disallow: /" + "*a" * 20 + "*b\n") * 9_000,
    "User-agent: footnote\n" * 20_000,
]


@mark.parametrize("text", HOSTILE, ids=["many agents", "a long pattern", "many stars", "one agent"])
def test_a_hostile_file_is_read_in_passing(text: str) -> None:
    """Patterns that backtrack, or rules kept for every agent, would take minutes here."""
    found = rules(text)
    assert found.allow("/" + "a" * 3_000)
    assert len(found.patterns) < 10_000


@given(st.text(alphabet="/ab*$%2F?é", max_size=12), st.text(alphabet="/ab%2F?é", max_size=12))
def test_patterns_are_what_a_regular_expression_makes_of_them(pattern: str, path: str) -> None:
    import re

    from index.web.robots import _normal

    allowed = rules(f"User-agent: *\nDisallow: /{pattern}").allow(f"/{path}")
    written = _normal(f"/{pattern}")
    ends = written.endswith("$")
    expression = ".*".join(map(re.escape, written.removesuffix("$").split("*"))) + ("$" if ends else "")
    assert allowed == (re.match(expression, _normal(f"/{path}"), re.DOTALL) is None)


@given(st.binary(max_size=300))
def test_any_bytes_are_rules(data: bytes) -> None:
    rules_for("Footnote", data).allow("/a")
