from pathlib import Path

from pytest import LogCaptureFixture, mark
from small_files import MAYOR, SNOW, article, page, refusal

from benchmarks.html import judged
from index.formats.page_rules import better_title, byline

KNOWN_FAULTS = {"live_blog", "print_version", "german", "front_page"}


def test_of_made_up_pages_all_is_right_but_what_the_log_names() -> None:
    results = judged()
    assert len(results) > 50
    assert {one.page.name for one in results if one.faults} == KNOWN_FAULTS


@mark.parametrize(
    ("found", "outlet", "titles", "headings", "title"),
    [
        ("Snow in June", "Hill Gazette", ["Snow in June | Hill Gazette"], ["Snow in June"], "Snow in June"),
        ("Hill Gazette", "Hill Gazette", ["Snow in June | Hill Gazette"], ["Hill Gazette"], "Snow in June"),
        ("Hill Gazette", "", ["Snow in June – Hill Gazette"], [], "Snow in June"),
        ("Hill Gazette", "", ["Hill Gazette"], ["Snow falls on the hill in June"], "Snow falls on the hill in June"),
        (
            "Hill Gazette",
            "",
            ["Hill Gazette"],
            ["One of many headings here", "Another of many headings"],
            "Hill Gazette",
        ),
        ("Snow in June", "", ["Snow in June"], ["Snow"], "Snow in June"),
        ("Snow", "", [], [], "Snow"),
    ],
)
def test_a_title_is_the_articles_and_not_the_outlets(
    found: str, outlet: str, titles: list[str], headings: list[str], title: str
) -> None:
    assert better_title(found, outlet, titles, headings) == title


@mark.parametrize(
    ("texts", "name"),
    [
        (["Von Anna Lehmann"], "Anna Lehmann"),
        (["", "Par Jean-Luc O’Neill"], "Jean-Luc O’Neill"),
        (["By our own correspondent in the north"], ""),
        (["Share this", "Anna de Boer"], "Anna de Boer"),
        (["Anna"], ""),
        ([], ""),
    ],
)
def test_a_byline_is_a_name_alone(texts: list[str], name: str) -> None:
    assert byline(texts) == name


@mark.parametrize(
    "around",
    [
        '<div class="CookieBanner"><p>We set cookies so that the page remembers you, and so do our partners.</p></div>',
        '<div role="dialog"><p>Before you read on, choose a town so that we can show its weather.</p></div>',
        "<noscript><p>Please switch on JavaScript so that the page can be shown to you.</p></noscript>",
        '<p>READ ALSO: <a href="/x">Why the east pier was sold twice in one year</a></p>',
        "<div hidden><p>This sentence was never meant to be seen by any reader.</p></div>",
    ],
)
def test_what_stands_in_front_of_an_article_is_left_out(tmp_path: Path, around: str) -> None:
    found = article(tmp_path / "a.html", page(body=f"<p>{SNOW}</p>{around}<p>{MAYOR}</p>"))
    assert found.text == f"Snow in June\n\n{SNOW}\n\n{MAYOR}"


@mark.parametrize(
    "wrapper", ['<div class="cookie-ok">{}</div>', '<div role="dialog"><h1>Snow</h1>{}</div>', '<p class="x"><a href="/">{}</a></p>']
)  # fmt: skip
def test_an_article_in_an_odd_wrapper_is_kept(tmp_path: Path, wrapper: str) -> None:
    inner = f"<p>{SNOW}</p><p>{MAYOR}</p><p>{SNOW[:-1]} again.</p>"
    made = f"<html><head><title>Snow</title></head><body>{wrapper.format(inner)}</body></html>"
    assert MAYOR in article(tmp_path / "a.html", made).text


def test_a_page_that_asks_to_log_in_is_refused_and_one_that_merely_can_is_not(tmp_path: Path) -> None:
    form = "<form><p>Log in to go on reading this story of the hill.</p><input type='PASSWORD'></form>"
    assert "holds no article" in refusal(tmp_path / "a.html", f"<html><body><h1>Log in</h1>{form}</body></html>")
    long = "".join(f"<p>{SNOW} It was day {number}.</p>" for number in range(9))
    assert SNOW in article(tmp_path / "b.html", page(body=long + form)).text


def test_the_beginning_of_what_is_not_free_is_taken_and_told(tmp_path: Path, caplog: LogCaptureFixture) -> None:
    head = '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": "False"}</script>'
    assert SNOW in article(tmp_path / "a.html", page(head=head)).text
    assert "is not free to read" in caplog.text
