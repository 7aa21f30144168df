"""Backups: one file, whole, of one moment; put back they are what the library was."""

import sqlite3
import threading
from dataclasses import replace
from pathlib import Path

from conftest import BAKERY, FERRY, LetterEncoder
from pytest import fixture, raises

from index import Article, Library
from index.checking import check
from index.copies import backup, restore
from index.database import FILE
from index.errors import LibraryDamaged, LibraryError, LibraryMissing


def ids(library: Library) -> set[str]:
    return {article.id for article in library.articles()}


@fixture
def copy(small: Library, tmp_path: Path) -> Path:
    small.conversations.append("talk", "{}", "Talk")
    return backup(small.path, tmp_path / "copy.sqlite")


def test_a_backup_put_in_a_new_folder_is_the_library(
    small: Library, copy: Path, tmp_path: Path, letters: LetterEncoder
) -> None:
    copy.rename(tmp_path / "moved")
    restore(tmp_path / "moved", tmp_path / "again")
    with Library.open(tmp_path / "again", letters) as again:
        assert list(again.articles()) == list(small.articles())
        assert again.search("bread", k=9) == small.search("bread", k=9)
        assert again.conversations.turns("talk") == ["{}"]
        assert again.state().split("-")[0] != small.state().split("-")[0], (
            "no cache of the one is taken for the other's"
        )
    assert check(tmp_path / "again").whole == 3
    assert not [file for file in tmp_path.iterdir() if "-wal" in file.name or "new-" in file.name]


def test_a_backup_has_a_name_of_its_own_in_a_folder_and_replaces_no_file(
    small: Library, copy: Path, tmp_path: Path
) -> None:
    (tmp_path / "backups").mkdir()
    file = backup(small.path, tmp_path / "backups")
    assert file.name.startswith("library-2")
    assert [found.name for found in (tmp_path / "backups").iterdir()] == [file.name]
    before = copy.read_bytes()
    with raises(LibraryError, match="is there already"):
        backup(small.path, copy)
    assert copy.read_bytes() == before


def test_a_library_is_replaced_only_when_asked_and_programs_that_have_it_open_see_it(
    small: Library, copy: Path, letters: LetterEncoder
) -> None:
    with raises(LibraryError, match="--replace"):
        restore(copy, small.path)
    with Library.open(small.path, letters) as other:
        small.remove("bakery")
        small.add([Article("new", "New", "New.")])
        assert ids(other) == {"ferry", "bees", "new"}
        other.search("bread")
        restore(copy, small.path, replace=True)
        for library in (small, other):
            assert ids(library) == {"bakery", "ferry", "bees"}
            assert library.search("bread", k=1)[0].passage.article == BAKERY
        small.add([replace(FERRY, text="Another ferry.")])
        assert {hit.passage.article.text for hit in other.search("ferry", k=9)} >= {"Another ferry."}


def test_a_backup_beside_a_writer_is_of_one_moment(small: Library, tmp_path: Path, letters: LetterEncoder) -> None:
    stop = threading.Event()

    def write() -> None:
        with Library.open(small.path, letters) as writer:
            for i in range(10_000):
                if stop.is_set():
                    return
                text = f"Number {i} came in. " * 50
                writer.add([Article(id, "Twins", text, origin=f"/{id}") for id in ("one", "two")])

    thread = threading.Thread(target=write)
    thread.start()
    try:
        copies = [backup(small.path, tmp_path / f"copy-{i}") for i in range(12)]
    finally:
        stop.set()
        thread.join()
    numbers = set()
    for i, file in enumerate(copies):
        restore(file, tmp_path / f"again-{i}")
        with Library.open(tmp_path / f"again-{i}", letters) as again:
            texts = {article.text for article in again.articles() if article.title == "Twins"}
            assert len(texts) <= 1
            numbers |= texts
    assert len(numbers) > 1, "it was written meanwhile"


def test_what_is_no_backup_is_refused_and_the_library_stays(small: Library, copy: Path, tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("dear " * 1000)
    sqlite3.connect(tmp_path / "other").execute("CREATE TABLE t (x)").connection.commit()
    damaged = bytearray(copy.read_bytes())
    damaged[8192:12288] = b"\xff" * 4096
    (tmp_path / "damaged").write_bytes(damaged)
    for name, error in [
        ("letter", LibraryDamaged),
        ("other", LibraryDamaged),
        ("damaged", LibraryDamaged),
        ("no", LibraryMissing),
    ]:
        with raises(error):
            restore(tmp_path / name, small.path, replace=True)
        with raises(error):
            restore(tmp_path / name, tmp_path / "new")
    assert ids(small) == {"bakery", "ferry", "bees"}
    assert not Library.exists(tmp_path / "new")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter").write_text("dear")
    with raises(LibraryError, match="holds other files"):
        restore(copy, tmp_path / "full")
    with raises(LibraryError, match="that library itself"):
        restore(small.path, small.path, replace=True)
    with raises(LibraryMissing):
        backup(tmp_path / "nowhere", tmp_path / "x")


def test_a_damaged_library_can_be_written_over(small: Library, copy: Path, letters: LetterEncoder) -> None:
    small.close()
    data = bytearray((small.path / FILE).read_bytes())
    data[4096:] = b"\xff" * len(data[4096:])
    (small.path / FILE).write_bytes(data)
    restore(copy, small.path, replace=True)
    with Library.open(small.path, letters) as again:
        assert ids(again) == {"bakery", "ferry", "bees"}
    (small.path / FILE).write_bytes(b"no database " * 1000)
    with raises(LibraryDamaged, match=r"Move .* away"):
        restore(copy, small.path, replace=True)
