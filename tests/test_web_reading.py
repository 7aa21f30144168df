import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from pytest import CaptureFixture, LogCaptureFixture, fixture, mark
from small_files import MAYOR, SNOW, page, pdf, pdf_page, rss
from web_site import Reply, Site, served, visitor

from index import Article
from index.errors import ArticleError
from index.web.addresses import is_address
from index.web.reading import read_address
from ui import adding
from ui.adding import Summary, add_paths
from ui.cli import main

LONG = " ".join(f"Sentence {number} of the report tells how the snow came to the hill of Ode." for number in range(30))
FEED = "application/rss+xml"


@fixture(scope="module")
def running() -> Iterator[Site]:
    with served() as site:
        yield site


@fixture
def site(running: Site) -> Site:
    running.replies.clear()
    running.asked.clear()
    return running


def read(url: str, **options: int) -> list[Article | ArticleError]:
    return list(read_address(url, visitor=visitor(), **options))  # type: ignore[arg-type]


def one(url: str) -> Article:
    (found,) = read(url)
    assert isinstance(found, Article), found
    return found


def refusal(url: str) -> str:
    (found,) = read(url)
    assert isinstance(found, ArticleError), found
    assert url in str(found)
    return str(found)


def item(number: int, site: Site, inner: str = "") -> str:
    return (
        f"<item><title>Snow {number}</title><link>{site.url(f'/{number}', 'www.news.example').replace(f':{site.port}', '')}</link><guid>{number}</guid>"
        f"<pubDate>Tue, 09 Jun 2020 10:00:00 GMT</pubDate><dc:creator>Ann Lee</dc:creator>{inner}</item>"
    )


def test_a_page_becomes_an_article_with_where_it_came_from(site: Site) -> None:
    canonical = '<link rel="canonical" href="{}"><meta property="article:published_time" content="2020-06-09T10:00Z">'
    site.replies["/a?id=1"] = Reply(page(head=canonical.format(site.url("/snow", "www.news.example"))))
    found = one(site.url("/a?id=1"))
    assert (found.origin, found.url) == (site.url("/a?id=1"), site.url("/snow", "www.news.example"))
    assert (found.text, found.title) == (f"Snow in June\n\n{SNOW}\n\n{MAYOR}", "Snow in June")
    assert (found.published, found.published_from) == (date(2020, 6, 9), "meta tag")


@mark.parametrize("canonical", ["https://evil.example/snow", "javascript:alert(1)", "http://[x", "/elsewhere"])
def test_a_page_cannot_claim_to_be_at_another_host(site: Site, canonical: str) -> None:
    site.replies["/old"] = Reply(status=301, headers={"Location": "/new"})
    site.replies["/new"] = Reply(page(head=f'<link rel="canonical" href="{canonical}">'))
    found = one(site.url("/old"))
    assert found.origin == site.url("/old")
    assert found.url.startswith(f"http://news.example:{site.port}/")


def test_other_kinds_are_read_as_files_are(site: Site) -> None:
    site.replies |= {
        "/a.pdf": Reply(pdf([pdf_page(f"{SNOW}\n\n{LONG}")], title="Snow"), "application/pdf"),
        "/notes": Reply(f"{SNOW} Café.".encode("cp1252"), "text/plain; charset=windows-1252"),
        "/read.md": Reply(f"---\ntitle: Snow\nurl: https://else.example/\n---\n{SNOW}", "text/plain"),
        "/t.csv": Reply(f"title,text,url\nOne,{SNOW.replace(',', '')},https://else.example/1\nTwo,Rain.,", "text/csv"),
    }
    assert one(site.url("/a.pdf")).url == site.url("/a.pdf")
    assert one(site.url("/notes")).text == f"{SNOW} Café."
    assert (one(site.url("/read.md")).title, one(site.url("/read.md")).url) == ("Snow", site.url("/read.md"))
    rows = read(site.url("/t.csv"))
    assert [row.url for row in rows if isinstance(row, Article)] == ["https://else.example/1", site.url("/t.csv")]


def test_a_page_is_read_in_the_encoding_its_server_names(site: Site) -> None:
    russian = "В четверг выпал снег, и дороги были закрыты до полудня."
    made = page(body=f"<p>{russian}</p><p>{russian}</p>", foot="", head='<meta charset="utf-8">').encode("cp1251")
    site.replies["/a"] = Reply(made, "text/html; charset=windows-1251")
    assert russian in one(site.url("/a")).text
    site.replies["/a"] = Reply(page(body=f"<p>{russian}</p><p>{russian}</p>"), "text/html; charset=iso-8859-1")
    assert russian in one(site.url("/a")).text, "many servers name one encoding for all; UTF-8 cannot be mistaken"


@mark.parametrize(
    "body",
    [
        '<div id="root"></div><noscript>You need to enable JavaScript to run this app.</noscript><script src="/app.js"></script>',
        '<form action="/login"><h1>Log in</h1><label>E-mail <input name="e"></label><input type="password"><button>Log in</button></form>',
        "",
    ],
)  # fmt: skip
def test_a_page_that_shows_no_article_is_refused_with_what_to_do(site: Site, body: str) -> None:
    site.replies["/a"] = Reply(f"<html><head><title>Hill Gazette</title></head><body>{body}</body></html>")
    message = refusal(site.url("/a"))
    assert "holds no article" in message
    assert "browser" in message


def test_a_feed_gives_the_pages_of_its_entries(site: Site, caplog: LogCaptureFixture) -> None:
    by = ported(site)
    teased = [item(number, site, "<description>It snowed…</description>" * (number > 1)) for number in range(1, 5)]
    site.replies |= {
        "/feed": Reply(rss("".join(teased)), FEED),
        "/1": Reply(page()),
        "/2": Reply(page(head='<meta name="author" content="Bo Day"><meta property="article:published_time" content="2019-01-02">')),
        "/3": Reply(status=404),
    }  # fmt: skip
    told: list[str] = []
    found = list(read_address(site.url("/feed"), visitor=by, most=3, told=told.append))
    first, second, third = found
    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert (first.author, first.published, first.published_from) == ("Ann Lee", date(2020, 6, 9), "feed's pubDate")
    assert (second.author, second.published, second.published_from) == ("Bo Day", date(2019, 1, 2), "meta tag")
    assert (first.source, first.url, first.origin) == ("Hill Gazette", *["http://www.news.example/1"] * 2)
    assert "is not there (404)" in str(third)
    assert site.paths() == ["/robots.txt", "/feed", "/robots.txt", "/1", "/2", "/3"]
    assert told[1] == "1 of 3: http://www.news.example/1"
    assert "left out 1 entries after the first 3" in caplog.text


def ported(site: Site):  # type: ignore[no-untyped-def]
    """Make a visitor for whom ports 80 and 443 of this machine are the site's."""
    by = visitor()
    connect = by._connections.asked

    def asked(address, headers):  # type: ignore[no-untyped-def]
        from dataclasses import replace

        return connect(replace(address, port=site.port), headers)

    by._connections.asked = asked  # type: ignore[method-assign]
    return by


def test_an_entry_falls_back_to_its_own_text_when_that_is_whole(site: Site) -> None:
    whole = f"<content:encoded><![CDATA[<p>{LONG}</p>]]></content:encoded>"
    cut = f"<content:encoded><![CDATA[<p>{LONG} Continue reading →</p>]]></content:encoded>"
    site.replies |= {
        "/feed": Reply(rss(item(1, site, whole) + item(2, site, cut) + item(3, site, whole) + item(4, site, "<description>It snowed.</description>")), FEED),
        "/1": Reply(status=403),
        "/2": Reply(status=403),
        "/3": Reply(page(body=f"<p>{SNOW}</p><p>Subscribe to read on.</p>")),
        "/4": Reply(status=403),
    }  # fmt: skip
    first, second, third, fourth = read_address(site.url("/feed"), visitor=ported(site))
    assert isinstance(first, Article)
    assert (first.text, first.url, first.origin) == (LONG, *["http://www.news.example/1"] * 2)
    assert "refuses us (403)" in str(second)
    assert isinstance(third, Article)
    assert third.text == LONG, "the page shows its beginning alone"
    assert "refuses us (403)" in str(fourth)


def test_a_feed_whose_pages_cannot_be_fetched_is_given_up(site: Site) -> None:
    site.replies["/feed"] = Reply(rss("".join(item(number, site) for number in range(9))), FEED)
    site.replies["/robots.txt"] = Reply("User-agent: *\nAllow: /feed\nDisallow: /", "text/plain")
    found = [str(error) for error in read_address(site.url("/feed"), visitor=ported(site))]
    assert ["not for programs" in error for error in found] == [True] * 5 + [False] * 4
    assert "was not fetched, after 5 others" in found[-1]


def test_entries_without_a_page_or_with_a_bad_one(site: Site) -> None:
    site.replies |= {
        "/feed": Reply(rss(
            f"<item><description>{SNOW}</description></item>"
            f"<item><link>javascript:alert(1)</link><description>{SNOW}</description></item>"
            f"<item><link>http://10.0.0.1/</link><description>{SNOW}</description></item>"
            "<item><link>/feed2</link></item>"
        ), FEED),
        "/feed2": Reply(rss(""), FEED),
    }  # fmt: skip
    first, *others = read_address(site.url("/feed"), visitor=visitor())
    assert isinstance(first, Article)
    assert first.text == SNOW
    assert ["not of the web" in str(others[0]), "public internet" in str(others[1])] == [True, True]
    assert "leads to port" in str(others[2])


def test_a_broken_feed_is_refused(site: Site) -> None:
    site.replies["/feed"] = Reply("<rss><channel>", FEED)
    assert "is not XML" in refusal(site.url("/feed"))
    site.replies["/feed"] = Reply("<html><body>x</body></html>", "text/xml")
    assert "XML of another kind" in refusal(site.url("/feed"))


def added(site: Site, folder: Path, *paths: str) -> Summary:
    return add_paths([site.url(path) for path in paths], folder, None, progress=False, visitor=ported(site))


def test_a_page_is_added_left_and_replaced(site: Site, tmp_path: Path) -> None:
    site.replies |= {"/a": Reply(page()), "/b": Reply(status=404)}
    first = added(site, tmp_path / "library", "/a", "/b")
    assert first.text().endswith("2 articles: 1 added, 1 refused.")
    assert added(site, tmp_path / "library", "/a").text() == "1 article: 1 unchanged."
    site.replies["/a"] = Reply(page(body=f"<p>{SNOW} Later it rained.</p><p>{MAYOR}</p>"))
    assert added(site, tmp_path / "library", "/a").text() == "1 article: 1 replaced."
    with adding.Library.open(tmp_path / "library") as library:
        assert [one.origin for one in library.articles()] == [site.url("/a")]
        assert list(library.failures.all()) == [site.url("/b")]
    site.replies["/b"] = Reply(page(body=f"<p>{MAYOR}</p><p>{LONG}</p>"))
    assert added(site, tmp_path / "library", "/b").text() == "1 article: 1 added."
    with adding.Library.open(tmp_path / "library") as library:
        assert library.failures.all() == {}


def test_addresses_and_files_go_in_together(site: Site, tmp_path: Path) -> None:
    site.replies["/a"] = Reply(page())
    file = tmp_path / "note.txt"
    file.write_text(LONG)
    summary = add_paths([file, site.url("/a")], tmp_path / "library", None, progress=False, visitor=visitor())
    assert summary.text() == "2 articles: 2 added."


def test_an_address_that_cannot_be_fetched_makes_no_library(tmp_path: Path, capsys: CaptureFixture[str]) -> None:
    folder = tmp_path / "library"
    assert main(["add", "http://127.0.0.1/", "ftp://x/", "--library", str(folder), "--quiet"]) == 2
    printed = capsys.readouterr().out
    assert "127.0.0.1" in printed
    assert "not of the web" in printed
    assert not folder.exists()


def test_an_address_is_no_path() -> None:
    assert all(map(is_address, ("https://x", "HTTP://x", "file:///x", "svn+ssh://x")))
    assert not any(map(is_address, ("a.txt", "C:\\a", "./https:", "mailto:x", "/https://x", "")))


def test_without_an_address_nothing_of_the_web_is_even_loaded(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(SNOW)
    script = (
        "import sys; from ui.cli import main\n"
        f"assert main(['add', {str(tmp_path / 'a.txt')!r}, '--library', {str(tmp_path / 'l')!r}, '--quiet']) == 0\n"
        "print([name for name in ('httpcore2', 'index.web.connections', 'index.web.visitor') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120)
    assert done.stdout.splitlines()[-1] == "[]", done.stderr
