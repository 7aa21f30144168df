from datetime import date
from pathlib import Path

from pytest import mark
from small_files import MAYOR, SNOW, article, read, refusal

from index import Article

HEADER = "id,Title,author,source,url,date,body"


def test_a_row_is_an_article_by_the_names_of_its_columns(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    found = article(file, f'{HEADER}\r\nsnow-1,Snow,Ann Lee,Hill Gazette,https://x,2020-06-09,"{SNOW}\n\n{SNOW}"\r\n')
    assert found == Article(
        "snow-1", "Snow", f"{SNOW}\n\n{SNOW}", "Hill Gazette", "https://x", date(2020, 6, 9), "record",
        f"{file.resolve()}#snow-1", "Ann Lee",
    )  # fmt: skip


@mark.parametrize(("name", "separator"), [("a.tsv", "\t"), ("a.csv", ";"), ("a.csv", ","), ("a.csv", "\t")])
@mark.parametrize("text", ["text", "body", "content", " Content "])
def test_columns_are_parted_by_commas_semicolons_or_tabs(tmp_path: Path, name: str, separator: str, text: str) -> None:
    found = article(tmp_path / name, f'title{separator}{text}\nSnow{separator}"It snowed, all day; and on.\tYes."\n')
    assert (found.title, found.text) == ("Snow", "It snowed, all day; and on.\tYes.")


def test_a_wrong_row_is_an_error_in_its_place(tmp_path: Path) -> None:
    found = read(
        tmp_path / "a.csv",
        f"id,published,text\n1,,It rained.\n2,June,It snowed.\n3,,\n\n1,,It hailed.\n4,,It thawed.,more\n5,,{'x' * 5_000_001}\n",
    )
    assert [one.text for one in found if isinstance(one, Article)] == ["It rained.", "It thawed."]
    for error, words in zip(
        [str(one) for one in found if not isinstance(one, Article)],
        ["line 3 was published 'June'", "line 4, field 'text' is missing", "line 6, has the id of line 2", "line 8"],
        strict=True,
    ):
        assert words in error


def test_a_long_row_is_an_article(tmp_path: Path) -> None:
    assert len(article(tmp_path / "a.csv", f"text\n{'It snowed. ' * 20_000}").text) == 219_999


@mark.parametrize(
    ("data", "words"),
    [
        (b"", "has the columns none"),
        (b"headline,lead\na,b\n", "has the columns 'headline', 'lead'"),
        (f"{SNOW}\n{MAYOR}".encode(), "has the columns"),
        (b'"text', "no row under its header"),
        (b"text\n", "no row under its header"),
        (b"text\0", "is binary"),
    ],
)
def test_a_table_that_names_no_text_is_refused_with_the_columns_found(tmp_path: Path, data: bytes, words: str) -> None:
    said = refusal(tmp_path / "a.csv", data)
    assert words in said
    if "columns" in words:
        assert "'text' or 'body' or 'content'" in said
