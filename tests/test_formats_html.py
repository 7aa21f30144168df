from datetime import date
from pathlib import Path

from pytest import mark
from small_files import MAYOR, SNOW, article, page, refusal

DAY = date(2020, 6, 9)


def test_the_article_of_a_page_is_taken_and_what_stands_around_it_is_not(tmp_path: Path) -> None:
    found = article(
        tmp_path / "a.html",
        page(
            head='<meta property="og:site_name" content="Hill Gazette"><meta name="author" content="Ann Lee">'
            '<link rel="canonical" href="https://hill.example/snow">'
        ),
    )
    assert found.text == f"Snow in June\n\n{SNOW}\n\n{MAYOR}"
    assert (found.title, found.author, found.source) == ("Snow in June", "Ann Lee", "Hill Gazette")
    assert (found.url, found.origin) == ("https://hill.example/snow", str((tmp_path / "a.html").resolve()))


@mark.parametrize(
    ("head", "body", "day", "dated"),
    [
        ('<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "2020-06-09T10:00:00Z"}</script>', "", DAY, "JSON-LD"),
        ('<meta property="article:published_time" content="2020-06-09T10:00:00Z">', "", DAY, "meta tag"),
        ('<meta property="article:modified_time" content="2020-06-09">', "", DAY, "meta tag, modified"),
        ("", '<time datetime="2020-06-09">Tuesday</time>', DAY, "time tag"),
        ('<link rel="canonical" href="https://hill.example/2020/06/09/snow">', "", DAY, "url"),
        ("", '<div class="date">June 9, 2020</div>', DAY, "page text"),
        ("", "<p>On 4 March 2001 the road was built.</p>", None, ""),
        ("", "", None, ""),
    ],
)  # fmt: skip
def test_the_date_says_where_it_comes_from_and_one_merely_mentioned_is_none(
    tmp_path: Path, head: str, body: str, day: date | None, dated: str
) -> None:
    found = article(tmp_path / "a.htm", page(head=head, body=f"{body}<p>{SNOW}</p><p>{MAYOR}</p>"))
    assert (found.published, found.published_from) == (day, dated)


@mark.parametrize(
    ("declared", "encoding"), [("iso-8859-1", "cp1252"), ("windows-1251", "cp1251"), ("utf-8", "utf-8"), ("", "cp1252")]
)
def test_a_page_is_in_the_encoding_it_declares(tmp_path: Path, declared: str, encoding: str) -> None:
    sentence = (
        "В четверг выпал снег, и дороги были закрыты." if encoding == "cp1251" else "Café “Ode” was shut all day."
    )
    head = f'<meta charset="{declared}">' if declared else ""
    made = page(head=head, body=f"<p>{sentence}</p><p>{SNOW}</p>", foot="").encode(encoding)
    assert sentence in article(tmp_path / "a.html", made).text


def test_a_wrong_declaration_does_not_spoil_the_text(tmp_path: Path) -> None:
    made = page(head='<meta charset="ascii-of-mars">', body=f"<p>Café Ode.</p><p>{SNOW}</p>").encode()
    assert "Café Ode." in article(tmp_path / "a.html", made).text


@mark.parametrize("data", [b"", b"<html></html>", b"<html><body><script>x()</script></body></html>", b"<!--"])
def test_a_page_without_an_article_is_refused(tmp_path: Path, data: bytes) -> None:
    assert "holds no article" in refusal(tmp_path / "a.html", data)


def test_deeply_nested_html_gives_an_error_or_an_article_and_nothing_else(tmp_path: Path) -> None:
    for tag in ("div", "b", "table", "ul"):
        assert "holds no article" in refusal(tmp_path / "a.html", f"<html><body>{f'<{tag}>' * 100_000}{SNOW}")
