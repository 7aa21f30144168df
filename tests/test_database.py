"""The library's file: made, opened, refused, upgraded, and read and written by several at once."""

import sqlite3
import subprocess
import sys
import threading
from datetime import date
from pathlib import Path

from conftest import LetterEncoder, without_override
from pytest import MonkeyPatch, fixture, mark, raises

from index import Article, Library, schema
from index.checking import check
from index.database import FILE, Database
from index.errors import LibraryDamaged, LibraryError, LibraryMismatch, LibraryMissing, LibraryUnwritable
from index.families import Families
from index.salvage import salvage
from index.shelf import Shelf
from index.store import Store
from index.versions import Versions


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
    connection.execute("INSERT INTO articles VALUES (2, 'b', 'Wax', 'Bees hum.', '', '', '2021-03-02', 'x', '')")
    connection.commit()
    connection.close()
    return folder


def test_an_older_format_is_upgraded_and_keeps_what_it_holds(older: Path) -> None:
    for _ in range(2):
        store = Store.open(older)
        assert store.article("a") == Article("a", "Bees", "Bees hum.")
        versions, families = Versions(store), Families(store.database)
        assert [[one.since for one in versions.all(number)] for number in (1, 2)] == [[None], [date(2021, 3, 2)]]
        assert families.uncompared() == 2
        assert Shelf(store.database).append("c", "{}", "Name")
        store.close()
    assert len(Shelf(Database.open(older)).turns("c")) == 2
    checked = check(older)
    assert (checked.damage, checked.whole) == ([], 2)
    assert checked.mended == ["2 articles had not been compared with the others, to know near-copies"]
    store = Store.open(older)
    assert Families(store.database).members(2) == [1, 2]
    store.close()


def test_a_library_of_the_format_before_is_searched_as_of_a_day_and_salvaged(
    older: Path, tmp_path: Path, monkeypatch: MonkeyPatch, letters: LetterEncoder
) -> None:
    upgrades = {number: script for number, script in schema.UPGRADES.items() if number < 3}
    connection = sqlite3.connect(older / FILE)
    for script in upgrades.values():
        connection.executescript(script)
    vector = letters.encode(["x"])[0].tobytes()
    for number in (1, 2):
        connection.execute("INSERT INTO passages VALUES (?, ?, 0, 9, 2, ?)", (number, number, vector))
        connection.execute("INSERT INTO words (rowid, title, date, body) VALUES (?, 'bee', '', 'bee hum')", (number,))
    connection.executescript(
        "PRAGMA user_version = 3; UPDATE settings SET value = 'letters' WHERE key = 'encoder'; "
        "INSERT INTO settings VALUES ('encoder_fingerprint', 'letters-1'), ('dimension', '26')"
    )
    connection.close()
    saved = salvage(older, tmp_path / "saved", letters)
    assert (saved.articles, saved.lost, saved.doubtful) == (2, 0, [])
    for folder in (tmp_path / "saved", older):
        with Library.open(folder, letters) as library:
            found = {day: library.search("bees", as_of=day) for day in (date(2021, 3, 1), date(2021, 3, 2))}
            assert [hit.passage.article.id for hit in found[date(2021, 3, 1)]] == ["a"]
            ids = {one.article.id for hit in found[date(2021, 3, 2)] for one in (hit.passage, *hit.also)}
            assert ids == {"a", "b"}
            library.add([Article("c", "New", "A new one.", published=date(2022, 1, 1))])
            assert len(library.search("bees", k=9)) == 2, "the two that say the same are one hit by now"


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


def test_two_programs_that_make_a_library_at_once_make_one(tmp_path: Path) -> None:
    made, refused = [], []

    def make() -> None:
        try:
            made.append(Database.create(tmp_path / "library", {"encoder": "none"}))
        except LibraryError as error:
            refused.append(str(error))

    threads = [threading.Thread(target=make) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1
    assert all("holds a library already" in message for message in refused)
    assert len(refused) == 5
    made[0].close()
    assert [file.name for file in (tmp_path / "library").iterdir()] == [FILE]


def test_a_second_writer_waits_and_then_says_why_it_could_not(tmp_path: Path, monkeypatch: MonkeyPatch) -> None:
    monkeypatch.setattr("index.database._WAIT_SECONDS", 0.2)
    Database.create(tmp_path / "library", {}).close()
    with Database.open(tmp_path / "library") as first, Database.open(tmp_path / "library") as second:
        with first.writing(), raises(LibraryUnwritable, match="another program is writing"), second.writing():
            pass
        with second.writing():
            second.change("INSERT INTO settings VALUES ('a', 'b')")
        assert first.rows("SELECT value FROM settings WHERE key = 'a'") == [("b",)]


def test_a_block_of_reads_sees_one_moment_and_other_threads_go_on(tmp_path: Path) -> None:
    database = Database.create(tmp_path / "library", {"n": "1"})
    value = "SELECT value FROM settings WHERE key = 'n'"

    def change() -> None:
        with database.writing():
            database.change("UPDATE settings SET value = '2' WHERE key = 'n'")

    with database.reading():
        assert database.rows(value) == [("1",)]
        thread = threading.Thread(target=change)
        thread.start()
        thread.join(10)
        with database.reading():
            assert database.rows(value) == [("1",)]
    assert database.rows(value) == [("2",)]
    rows = database.stream_each("SELECT key FROM settings", "SELECT key, value FROM settings WHERE key = ?")
    first = next(rows)
    with database.writing():
        database.change("DELETE FROM settings")
    assert len([first, *rows]) == 3, "the stream goes on with its moment"
    database.close()
    with raises(ValueError, match="was closed"):
        database.rows(value)


def test_vacuum_says_so_when_a_reader_keeps_removed_rows_on_the_disk(tmp_path: Path, monkeypatch: MonkeyPatch) -> None:
    monkeypatch.setattr("index.database._WAIT_SECONDS", 0.2)
    with Database.create(tmp_path / "library", {"n": "1"}) as database, Database.open(tmp_path / "library") as other:
        with other.reading():
            other.rows("SELECT * FROM settings")
            with raises(LibraryUnwritable, match=r"is reading an earlier state.*Run it again"):
                database.rewrite()
        database.rewrite()


@mark.skipif(sys.platform != "linux", reason="takes root's rights away with a call that only Linux has")
def test_what_a_killed_writer_left_in_the_log_is_read_where_nothing_may_be_written(tmp_path: Path) -> None:
    writer = (
        "import os, sys; from pathlib import Path; from index.database import Database\n"
        "database = Database.create(Path(sys.argv[1]), {'n': '1'})\n"
        "with database.writing(): database.change(\"UPDATE settings SET value = '2' WHERE key = 'n'\")\n"
        "os.kill(os.getpid(), 9)"
    )
    reader = (
        "import sys; from pathlib import Path; from index.database import Database\n"
        "print(Database.open(Path(sys.argv[1])).rows(\"SELECT value FROM settings WHERE key = 'n'\"))"
    )
    folder = tmp_path / "library"
    subprocess.run([sys.executable, "-c", writer, folder], check=False, timeout=60)
    folder.chmod(0o555)
    for file in folder.iterdir():
        file.chmod(0o444)
    done = subprocess.run(
        [sys.executable, "-c", reader, folder],
        capture_output=True,
        text=True,
        preexec_fn=without_override,
        timeout=60,
        check=False,
    )
    folder.chmod(0o755)
    assert done.stdout == "[('2',)]\n", done.stderr
