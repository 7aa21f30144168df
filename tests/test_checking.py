"""A library that was damaged: what is made from the articles is made again, the rest is named."""

import sqlite3
from pathlib import Path

from conftest import LetterEncoder
from pytest import fixture, mark, raises

from index import Library
from index.checking import check
from index.database import FILE
from index.errors import LibraryMissing


@fixture
def folder(small: Library) -> Path:
    small.search("bread")
    small.close()
    return small.path


def damage(folder: Path, sql: str) -> None:
    connection = sqlite3.connect(folder / FILE)
    with connection:
        connection.executescript(sql)
    connection.close()


def test_a_whole_library_is_said_to_be_whole_and_not_changed(folder: Path) -> None:
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    checked = check(folder)
    assert (checked.damage, checked.mended, checked.whole, checked.doubtful, checked.lost) == ([], [], 3, [], 0)
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before


@mark.parametrize(
    "sql",
    [
        "DROP TABLE words",
        "UPDATE words_data SET block = zeroblob(9)",
        "DELETE FROM words_data WHERE id > 10",
        "DELETE FROM words WHERE rowid = 2",
        "INSERT INTO words (rowid, title) VALUES (99, 'ghost')",
        "UPDATE words_content SET c2 = 'other'",
    ],
)
def test_a_broken_word_index_is_made_again(folder: Path, sql: str, letters: LetterEncoder) -> None:
    with Library.open(folder, letters) as library:
        expected = library.search("bread ferry hive", k=9)
    damage(folder, sql)
    checked = check(folder)
    assert (checked.damage, checked.whole) == ([], 3)
    assert checked.mended == ["the word index was broken"]
    assert check(folder).mended == []
    with Library.open(folder, letters) as library:
        assert library.search("bread ferry hive", k=9) == expected


def test_a_page_of_the_word_index_that_was_written_over_is_made_again(folder: Path) -> None:
    connection = sqlite3.connect(folder / FILE)
    (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'words_data'").fetchone()
    connection.close()
    data = bytearray((folder / FILE).read_bytes())
    data[4096 * (root - 1) : 4096 * (root - 1) + 60] = b"\xff" * 60
    (folder / FILE).write_bytes(data)
    checked = check(folder)
    assert checked.whole == 3
    assert checked.damage or checked.mended


def test_a_changed_byte_in_a_text_or_a_vector_is_noticed(folder: Path) -> None:
    damage(folder, "UPDATE articles SET text = replace(text, 'Rosa', 'Rose')")
    assert check(folder).doubtful == ["bakery"]
    damage(folder, "UPDATE passages SET vector = zeroblob(104) WHERE article = 2")
    checked = check(folder)
    assert (checked.doubtful, checked.whole) == (["bakery", "ferry"], 1)
    assert checked.damage


def test_a_file_that_is_cut_or_no_database_is_damage(folder: Path) -> None:
    data = (folder / FILE).read_bytes()
    (folder / FILE).write_bytes(data[: len(data) // 2])
    assert check(folder).damage
    (folder / FILE).write_bytes(b"\xff" * len(data))
    checked = check(folder)
    assert checked.damage
    assert checked.whole == 0


def test_a_broken_cache_and_what_was_left_unfinished_are_cleared_away(folder: Path) -> None:
    next(folder.glob("search-*.vectors")).write_bytes(b"garbage")
    (folder / "library.sqlite.new-killed").write_bytes(b"half a copy")
    checked = check(folder)
    assert checked.damage == []
    assert len(checked.mended) == 2
    assert sorted(file.name for file in folder.iterdir()) == [FILE]


def test_there_is_nothing_to_check_without_a_library(tmp_path: Path) -> None:
    with raises(LibraryMissing):
        check(tmp_path)
