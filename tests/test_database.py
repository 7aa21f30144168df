"""The library's file: made, opened, refused, upgraded, and read and written by several at once."""

import sqlite3
from pathlib import Path

from pytest import MonkeyPatch, fixture, raises

from index import Article, schema
from index.database import FILE, Database
from index.errors import LibraryDamaged, LibraryError, LibraryMismatch, LibraryMissing
from index.shelf import Shelf
from index.store import Store


def test_a_folder_with_other_files_is_not_made_a_library(tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_text("dear")
    with raises(LibraryError, match="holds other files"):
        Database.create(tmp_path, {})
    with raises(LibraryError, match="is a file"):
        Database.create(tmp_path / "letters.txt", {})
    assert [file.name for file in tmp_path.iterdir()] == ["letters.txt"]


def test_missing_damaged_foreign_and_newer_libraries_are_refused(tmp_path: Path) -> None:
    with raises(LibraryMissing, match="does not exist"):
        Database.open(tmp_path / "nowhere")
    with raises(LibraryMissing, match="holds no library"):
        Database.open(tmp_path)
    (tmp_path / FILE).write_bytes(b"this is not a database at all" * 100)
    with raises(LibraryDamaged, match="damaged"):
        Database.open(tmp_path)
    (tmp_path / FILE).unlink()
    sqlite3.connect(tmp_path / FILE).execute("CREATE TABLE t (x)").connection.commit()
    with raises(LibraryDamaged, match="not a Footnote library"):
        Database.open(tmp_path)
    database = Database.create(tmp_path / "newer", {})
    database.close()
    newer = sqlite3.connect(tmp_path / "newer" / FILE)
    newer.execute("PRAGMA user_version = 99")
    newer.close()
    with raises(LibraryMismatch, match="format 99"):
        Database.open(tmp_path / "newer")


FORMAT_1 = """
CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE articles (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, title TEXT NOT NULL, text TEXT NOT NULL,
    source TEXT NOT NULL, url TEXT NOT NULL, published TEXT, published_from TEXT NOT NULL, origin TEXT NOT NULL
);
CREATE INDEX articles_by_origin ON articles (origin);
CREATE TABLE passages (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    article INTEGER NOT NULL REFERENCES articles (number) ON DELETE CASCADE,
    start INTEGER NOT NULL, end INTEGER NOT NULL, terms INTEGER NOT NULL, vector BLOB NOT NULL
);
CREATE INDEX passages_by_article ON passages (article);
CREATE VIRTUAL TABLE words USING fts5 (title, date, body, tokenize = "unicode61 remove_diacritics 0 tokenchars '.'");
CREATE VIRTUAL TABLE word_counts USING fts5vocab (words, 'row');
INSERT INTO settings VALUES ('id', 'x'), ('generation', '0'), ('encoder', 'none');
PRAGMA application_id = 0x464E4F54;
PRAGMA user_version = 1;
"""


@fixture
def older(tmp_path: Path) -> Path:
    """Give a library of the first format, with an article."""
    folder = tmp_path / "older"
    folder.mkdir()
    connection = sqlite3.connect(folder / FILE)
    connection.executescript(FORMAT_1)
    connection.execute("INSERT INTO articles VALUES (1, 'a', 'Bees', 'Bees hum.', '', '', NULL, '', '')")
    connection.commit()
    connection.close()
    return folder


def test_an_older_format_is_upgraded_and_keeps_what_it_holds(older: Path) -> None:
    for _ in range(2):
        store = Store.open(older)
        assert store.article("a") == Article("a", "Bees", "Bees hum.")
        assert Shelf(store.database).append("c", "{}", "Name")
        store.close()
    assert len(Shelf(Database.open(older)).turns("c")) == 2


def test_an_upgraded_file_has_the_tables_of_a_new_one(older: Path, tmp_path: Path) -> None:
    Database.open(older).close()
    Database.create(tmp_path / "new", {}).close()
    tables = "SELECT name, sql FROM sqlite_master ORDER BY name"
    old, new = (sqlite3.connect(folder / FILE).execute(tables).fetchall() for folder in (older, tmp_path / "new"))
    assert [(name, " ".join((sql or "").split())) for name, sql in old] == [
        (name, " ".join((sql or "").split())) for name, sql in new
    ]


def test_an_upgrade_that_breaks_off_leaves_the_older_format(older: Path, monkeypatch: MonkeyPatch) -> None:
    monkeypatch.setitem(schema.UPGRADES, 1, "CREATE TABLE half (x); CREATE TABLE half (x)")
    with raises(Exception, match="half"):
        Store.open(older)
    connection = sqlite3.connect(older / FILE)
    assert connection.execute("PRAGMA user_version").fetchone() == (1,)
    assert connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'half'").fetchone() == (0,)
