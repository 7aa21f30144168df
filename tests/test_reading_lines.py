from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from pytest import mark, raises

from index import Article
from index.errors import ArticleError
from index.reading_lines import Done, Member, Notice, from_line, to_line

TEXT = st.text()


@given(TEXT, TEXT, TEXT, st.none() | st.dates(), st.lists(st.integers(0)).map(tuple))
def test_an_article_comes_back_as_it_was(
    id: str, title: str, text: str, published: date | None, pages: tuple[int, ...]
) -> None:
    article = Article(id, title, text, "S", "U", published, "F", "O", "A", pages)
    line = to_line(article)
    assert from_line(line) == article
    assert line.count(b"\n") == 1


@mark.parametrize("found", [Member(3, "a.zip!b"), Notice("a\nb"), Done()])
def test_what_else_is_said_comes_back_as_it_was(found: Member | Notice | Done) -> None:
    assert from_line(to_line(found)) == found


def test_an_error_comes_back_with_its_three_parts() -> None:
    found = from_line(to_line(ArticleError("a", "b", "c")))
    assert isinstance(found, ArticleError)
    assert (found.found, found.expected, found.remedy, str(found)) == ("a", "b", "c", "a; expected b. c.")


@mark.parametrize("line", [b"", b"\n", b"[", b"[]", b"{}", b'{"Popen": {}}', b'{"Done": {"x": 1}}', b'{"Article": {}}'])
def test_any_other_line_is_refused(line: bytes) -> None:
    with raises((ValueError, KeyError, TypeError)):
        from_line(line)
