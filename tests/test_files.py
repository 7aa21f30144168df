import json
import os
import sys
from datetime import date
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest import mark, raises

from index import Article
from index.errors import ArticleError
from index.files import MAX_BYTES, article_files, read_articles


def read(file: Path, data: str | bytes) -> list[Article | ArticleError]:
    file.write_bytes(data.encode() if isinstance(data, str) else data)
    return list(read_articles(file))


def article(file: Path, data: str | bytes) -> Article:
    (found,) = read(file, data)
    assert isinstance(found, Article), found
    return found


def refusal(file: Path, data: str | bytes) -> str:
    (found,) = read(file, data)
    assert isinstance(found, ArticleError), found
    assert str(file) in str(found)
    return str(found)


def test_markdown_brings_its_front_matter(tmp_path: Path) -> None:
    found = article(
        tmp_path / "a.md",
        '---\nid: snow-1\ntitle: "Snow: a report"\nsource: Hill Gazette\nurl: https://example.org/snow\n'
        "published: 2020-06-09\nlicense: CC0-1.0\n---\n\nIt snowed.\n",
    )
    assert found == Article(
        "snow-1",
        "Snow: a report",
        "It snowed.",
        "Hill Gazette",
        "https://example.org/snow",
        date(2020, 6, 9),
        "front matter",
        str((tmp_path / "a.md").resolve()),
    )


def test_a_rule_at_the_head_of_markdown_is_no_front_matter(tmp_path: Path) -> None:
    assert article(tmp_path / "a.md", "---\nIt snowed and snowed.").text == "---\nIt snowed and snowed."
    assert article(tmp_path / "b.md", "---\n---\nIt snowed.").text == "It snowed."


def test_a_title_is_taken_from_the_head_of_the_text(tmp_path: Path) -> None:
    assert article(tmp_path / "a.md", "# Snow in June\n\nIt snowed.").title == "Snow in June"
    assert article(tmp_path / "b.txt", "Snow in June\n\nIt snowed.").title == "Snow in June"
    long = article(
        tmp_path / "c.txt",
        "It snowed on the hills and in the valleys and on the roofs of all the houses of the whole town.",
    )
    assert long.title == "It snowed on the hills and in the valleys and on the roofs of all the houses of the whole…"


def test_text_is_kept_as_it_is_but_for_line_ends_and_the_byte_order_mark(tmp_path: Path) -> None:
    assert article(tmp_path / "a.txt", "\ufeff\r\n One.\r\n\r\n  “Two”\t.\r ".encode()).text == "One.\n\n  “Two”\t."


def test_the_id_of_an_article_without_one_follows_from_its_content(tmp_path: Path) -> None:
    one, two = article(tmp_path / "a.txt", "Snow.\n\nIt snowed."), article(tmp_path / "b.txt", "Snow.\n\nIt snowed.")
    other = article(tmp_path / "c.txt", "Snow.\n\nIt snowed!")
    assert one.id == two.id != other.id
    assert one.id.startswith("snow-")


def test_a_json_lines_file_gives_an_article_a_line_and_an_error_for_each_wrong_one(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    lines = [
        json.dumps({"title": "One", "text": "It rained.", "source": "S", "published": "2021-03-02T10:00:00"}),
        "{not json",
        "",
        json.dumps(["text"]),
        json.dumps({"title": "No text"}),
        json.dumps({"text": "It hailed.", "title": 5}),
        json.dumps({"text": "It hailed.", "published": "last June"}),
        json.dumps({"id": "x", "text": "It thawed."}),
        json.dumps({"id": "x", "text": "It froze."}),
        '{"text": "half \\ud800 a character"}',
        "\u00e9".encode("latin-1").decode("latin-1"),
    ]
    found = read(file, "\n".join(lines))
    articles = [one for one in found if isinstance(one, Article)]
    errors = [str(one) for one in found if isinstance(one, ArticleError)]
    assert [(one.title, one.published, one.id == "x") for one in articles] == [
        ("One", date(2021, 3, 2), False),
        ("It thawed.", None, True),
    ]
    for error, words in zip(
        errors,
        [
            "line 2, is not JSON",
            "line 4, is not an object",
            "line 5, field 'text' is missing",
            "line 6, field 'title' is int",
            "line 7 was published 'last June'",
            "line 9, has the id of line 8",
            "line 10 holds half a character",
            "line 11, is not JSON",
        ],
        strict=True,
    ):
        assert words in error


@mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.txt", b"", "holds no text"),
        ("a.txt", b" \n\n ", "holds no text"),
        ("a.txt", b"\xe4\xff \x81", "nor in another encoding"),
        ("a.txt", b"MZ\x90\x00\x03", "is binary"),
        ("a.md", b"---\ntitle: [1, 2\n---\nText.", "not YAML"),
        ("a.md", b"---\n- a\n- b\n---\nText.", "not key: value"),
        ("a.md", b"---\ntitle: [a, b]\n---\nText.", "'title' is not text"),
        ("a.md", b"---\npublished: Nov. 14\n---\nText.", "published 'Nov. 14'"),
        ("a.md", b"---\nid: ../../etc/passwd\n---\nText.", "has the id"),
        ("a.md", b"---\ntitle: T\n---\n", "holds no text"),
        ("a.md", b"---\na: " + b"[" * 9000 + b"\n---\nText.", "not YAML"),
        ("a.md", b"---\na: " + b"x" * 30_000 + b"\n---\nText.", "longer than"),
        ("a.jsonl", b"", "is empty"),
        ("a.jsonl", b'{"text": "nul \\u0000 here"}', "zero character"),
        ("a.jsonl", b'{"text": "\xff"}', "not UTF-8"),
        ("a.jsonl", b"[" * 100_000, "not JSON"),
    ],
)
def test_a_file_that_is_no_article_gets_one_clear_error(tmp_path: Path, name: str, data: bytes, words: str) -> None:
    assert words in refusal(tmp_path / name, data)


def test_a_file_of_50_megabytes_is_refused_unread(tmp_path: Path) -> None:
    assert "50.0 MB" in refusal(tmp_path / "big.txt", b"It snowed. " * 4_545_455)
    found = read(tmp_path / "big.jsonl", b'{"text": "' + b"x" * (MAX_BYTES * 2) + b'"}\n{"text": "It snowed."}')
    assert [type(one) for one in found] == [ArticleError, Article]


@mark.skipif(sys.platform == "win32", reason="no named pipes in the file system there")
def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "photo.png").write_bytes(b"\x89PNG")
    files, others, errors = article_files([tmp_path / "nowhere", tmp_path / "pipe.txt", tmp_path / "photo.png"])
    assert (files, others) == ([], [])
    assert ["does not exist" in str(errors[0]), "kind" in str(errors[1]), "(.png)" in str(errors[2])] == [True] * 3


@mark.skipif(sys.platform == "win32", reason="no named pipes in the file system there")
def test_a_pipe_in_a_folder_is_refused_unread(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    files, others, (error,) = article_files([tmp_path])
    assert (files, others) == ([], [])
    assert "pipe.txt is a pipe" in str(error)


@mark.skipif(sys.platform != "linux", reason="names there are text")
@mark.parametrize("suffix", [".txt", ".html"])
def test_a_name_that_is_no_text_is_refused(tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"\udcff{suffix}"
    file.write_text("It snowed.")
    (error,) = read_articles(file)
    assert "has a name that is no text" in str(error)
    assert str(error).encode()


def test_a_folder_is_read_to_its_leaves_in_order_without_hidden_files(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.MD", "a/y.jsonl", ".hidden/x.txt", ".x.txt", "c.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("It snowed.")
    files, others, errors = article_files([tmp_path, tmp_path / "b.txt"])
    assert [file.relative_to(tmp_path).as_posix() for file in files] == ["b.txt", "a/y.jsonl", "a/z.MD"]
    assert [file.name for file in others] == ["c.png"]
    assert errors == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(
    st.sampled_from([".txt", ".md", ".jsonl"]), st.binary(max_size=200), st.sampled_from([b"", b"---\n", b'{"text": "'])
)
def test_any_bytes_give_articles_or_errors(tmp_path: Path, suffix: str, data: bytes, head: bytes) -> None:
    for found in read(tmp_path / f"a{suffix}", head + data):
        assert isinstance(found, Article | ArticleError)
        if isinstance(found, Article):
            assert found.text == found.text.strip() != ""


def test_an_error_says_what_was_found_what_was_expected_and_what_to_do(tmp_path: Path) -> None:
    with raises(ArticleError) as caught:
        raise next(error for error in read(tmp_path / "a.txt", b"\0") if isinstance(error, ArticleError))
    assert caught.value.found
    assert caught.value.expected
    assert caught.value.remedy
    assert "\n" not in str(caught.value)
