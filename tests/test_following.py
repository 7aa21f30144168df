"""A library kept in step with real folders; each step is one look, and nothing waits for a clock but where it says so."""

import ctypes
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from conftest import LetterEncoder, without_override
from pytest import MonkeyPatch, fixture, mark, raises
from small_files import rss, zipped

import index.following
import index.read_files
from index import Article, Library
from index.errors import FolderError, LibraryBusy
from index.following import Following
from index.intake import take_in
from ui.watching import change_lines


class Counting(LetterEncoder):
    """Count the texts that were encoded."""

    encoded = 0

    def encode(self, texts):
        Counting.encoded += len(texts)
        return super().encode(texts)


@fixture(autouse=True)
def at_once(monkeypatch: MonkeyPatch) -> None:
    """Take every file for one that is at rest."""
    monkeypatch.setattr(index.read_files, "QUIET_SECONDS", -1.0)
    monkeypatch.setattr(index.following, "QUIET_SECONDS", 0.0)
    Counting.encoded = 0


@fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "kept.txt").write_text("The bridge stays open.")
    return folder


@fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.create(tmp_path / "library", Counting()) as library:
        Counting.encoded = 0
        yield library


@fixture
def following(library: Library, folder: Path) -> Following:
    return Following(library, [folder])


def steps(following: Following) -> list[str]:
    """Look until nothing waits; give what was said, without the folder."""
    said = [line for change in following.step() for line in change_lines(change)]
    while following.waiting:
        said += [line for change in following.step() for line in change_lines(change)]
    return [line.replace(f"{folder}/", "") for line in said for folder in following._folders.values()]


def texts(library: Library) -> set[str]:
    return {article.text for article in library.articles()}


def lines(*texts: str, ids: bool = False) -> str:
    return "\n".join(json.dumps({"text": text, **({"id": f"r{n}"} if ids else {})}) for n, text in enumerate(texts))


def test_what_is_added_changed_and_removed_is_so_in_the_library(
    following: Following, folder: Path, library: Library
) -> None:
    (folder / "deep" / "er").mkdir(parents=True)
    (folder / "deep" / "er" / "snow.md").write_text("It snowed on the hill.")
    assert steps(following) == ["added deep/er/snow.md (1 article)", "added kept.txt (1 article)"]
    assert steps(following) == []
    (folder / "deep" / "er" / "snow.md").write_text("It rained on the hill, and on the bridge.")
    (folder / "new.txt").write_text("A ferry came.")
    assert steps(following) == ["added new.txt (1 article)", "changed deep/er/snow.md (1 article replaced)"]
    assert texts(library) == {"It rained on the hill, and on the bridge.", "The bridge stays open.", "A ferry came."}
    (folder / "new.txt").unlink()
    assert steps(following) == ["removed new.txt (1 article)"]
    assert texts(library) == {"It rained on the hill, and on the bridge.", "The bridge stays open."}
    assert not library.read_files.gone([str(folder)])
    assert len(library.read_files.all()) == 2


def test_what_changed_while_nobody_looked_is_caught_up(library: Library, folder: Path) -> None:
    (folder / "old.txt").write_text("The mill burned.")
    steps(Following(library, [folder]))
    (folder / "old.txt").unlink()
    (folder / "kept.txt").write_text("The bridge is closed now.")
    assert sorted(steps(Following(library, [folder]))) == [
        "changed kept.txt (1 article replaced)",
        "removed old.txt (1 article)",
    ]
    assert texts(library) == {"The bridge is closed now."}


def test_a_file_touched_but_not_changed_is_not_told_of(following: Following, folder: Path) -> None:
    steps(following)
    encoded = Counting.encoded
    os.utime(folder / "kept.txt", (1, 1))
    assert steps(following) == []
    assert Counting.encoded == encoded


def test_a_renamed_file_or_folder_is_not_encoded_again(following: Following, folder: Path, library: Library) -> None:
    (folder / "2020").mkdir()
    (folder / "2020" / "snow.md").write_text("---\nid: snow\n---\nIt snowed on the hill.")
    steps(following)
    encoded = Counting.encoded
    (folder / "2020").rename(folder / "2021")
    assert steps(following) == [f"renamed {folder}/2020/snow.md to {folder}/2021/snow.md".replace(f"{folder}/", "")]
    assert Counting.encoded == encoded
    assert library.article("snow").origin == str(folder / "2021" / "snow.md")
    (folder / "2021" / "snow.md").write_text("---\nid: snow\n---\nIt snowed on the hill again.")
    assert steps(following) == ["changed 2021/snow.md (1 article replaced)"]


def test_a_file_renamed_and_changed_at_once_keeps_its_id(following: Following, folder: Path, library: Library) -> None:
    (folder / "a.md").write_text("---\nid: snow\n---\nIt snowed on the hill.")
    steps(following)
    (folder / "a.md").unlink()
    (folder / "b.md").write_text("---\nid: snow\n---\nIt rained on the hill.")
    steps(following)
    assert library.article("snow").text == "It rained on the hill."


def test_an_article_in_two_files_stays_until_both_are_gone(
    following: Following, folder: Path, library: Library
) -> None:
    (folder / "a.md").write_text("---\ntitle: Snow\n---\nIt snowed.")
    (folder / "b.md").write_text("---\ntitle: Snow\n---\nIt snowed.")
    steps(following)
    (folder / "a.md").unlink()
    assert steps(following) == ["removed a.md (no article)"]
    assert "It snowed." in texts(library)
    (folder / "b.md").unlink()
    assert steps(following) == ["removed b.md (1 article)"]
    assert texts(library) == {"The bridge stays open."}


def test_an_article_in_two_files_comes_back_when_one_of_them_changes(
    following: Following, folder: Path, library: Library
) -> None:
    for name in ("a.md", "b.md"):
        (folder / name).write_text("---\ntitle: Snow\n---\nIt snowed.")
    steps(following)
    (folder / "a.md").write_text("---\ntitle: Snow\n---\nIt rained.")
    steps(following)
    steps(following)
    assert texts(library) == {"The bridge stays open.", "It snowed.", "It rained."}


@mark.parametrize("ids", [False, True])
def test_records_that_left_a_file_are_removed(following: Following, folder: Path, library: Library, ids: bool) -> None:
    (folder / "l.jsonl").write_text(lines("Bread rose.", "Milk fell.", ids=ids))
    steps(following)
    (folder / "l.jsonl").write_text(lines("Bread rose.", ids=ids))
    assert steps(following) == ["changed l.jsonl (1 article removed)"]
    assert texts(library) == {"The bridge stays open.", "Bread rose."}


def test_members_of_archives_and_items_of_feeds_come_and_go(
    following: Following, folder: Path, library: Library
) -> None:
    def item(name: str) -> str:
        return f"<item><title>{name}</title><guid>{name}</guid><description>News of {name}.</description></item>"

    (folder / "z.zip").write_bytes(zipped({"a.txt": "Bread rose.", "l.jsonl": lines("Milk fell.", "Rye fell.")}))
    (folder / "f.rss").write_text(rss(item("Ode") + item("Oster")))
    steps(following)
    (folder / "z.zip").write_bytes(zipped({"l.jsonl": lines("Rye fell.")}))
    (folder / "f.rss").write_text(rss(item("Oster")))
    assert steps(following) == ["changed f.rss (1 article removed)", "changed z.zip (2 articles removed)"]
    assert texts(library) == {"The bridge stays open.", "Rye fell.", "News of Oster."}
    (folder / "z.zip").unlink()
    (folder / "f.rss").unlink()
    steps(following)
    assert texts(library) == {"The bridge stays open."}


def test_a_file_that_cannot_be_read_keeps_what_it_gave_before(
    following: Following, folder: Path, library: Library
) -> None:
    (folder / "l.jsonl").write_text(lines("Bread rose.", "Milk fell."))
    steps(following)
    (folder / "l.jsonl").write_text(lines("Bread rose.") + "\n{half")
    (said,) = steps(following)
    assert said.startswith("refused: ")
    assert "line 2, is not JSON" in said
    assert "Milk fell." in texts(library)
    assert list(library.failures.all()) == [str(folder / "l.jsonl")]
    assert steps(following) == [], "it is told once"
    (folder / "l.jsonl").write_text(lines("Bread rose.", "Rye fell."))
    assert steps(following) == ["changed l.jsonl (1 article added, 1 removed)"]
    assert library.failures.all() == {}
    (folder / "l.jsonl").write_text("{")
    steps(following)
    (folder / "l.jsonl").unlink()
    assert steps(following) == ["removed l.jsonl (2 articles)"]
    assert library.failures.all() == {}


def test_a_folder_that_vanished_takes_nothing_with_it(following: Following, folder: Path, library: Library) -> None:
    steps(following)
    folder.rename(folder.with_name("away"))
    with raises(FolderError, match="does not exist; expected a folder that can be followed"):
        steps(following)
    folder.mkdir()
    (folder / "notes.png").write_text("of another kind")
    with raises(FolderError, match=r"is empty, and the library holds articles from it.* add --allow-empty"):
        steps(following)
    assert texts(library) == {"The bridge stays open."}
    assert steps(Following(library, [folder], may_be_empty=True)) == ["removed kept.txt (1 article)"]
    assert steps(following) == [], "now it may be empty"


def as_nobody() -> None:
    without_override()
    if os.geteuid() == 0 and ctypes.CDLL(None, use_errno=True).prctl(24, 2, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "cannot drop CAP_DAC_READ_SEARCH")


@mark.skipif(sys.platform != "linux", reason="takes root's rights away with a call that only Linux has")
def test_a_folder_that_cannot_be_read_takes_nothing_with_it(folder: Path, tmp_path: Path) -> None:
    (folder / "deep").mkdir()
    (folder / "deep" / "snow.txt").write_text("It snowed.")
    (folder / "listed").mkdir()
    (folder / "listed" / "rain.txt").write_text("It rained.")
    script = [
        "import os, sys; from pathlib import Path; sys.path.insert(0, 'tests')",
        "from test_following import *",
        "index.read_files.QUIET_SECONDS, index.following.QUIET_SECONDS = -1, 0",
        f"folder, library = Path({str(folder)!r}), Library.create({str(tmp_path / 'l')!r}, LetterEncoder())",
        "following = Following(library, [folder]); steps(following)",
        "(folder / 'deep').chmod(0); (folder / 'listed').chmod(0o444)",
        "first, second = steps(following), steps(following)",
        "assert len(first) == 2 and 'rain.txt cannot be read' in first[0] and 'deep cannot be read' in first[1], first",
        "assert second == [] and len(texts(library)) == 3",
        "(folder / 'deep').chmod(0o755); (folder / 'listed').chmod(0o755)",
        "folder.chmod(0)",
        "try: steps(following)",
        "except FolderError as error: assert 'cannot be read' in str(error)",
        "else: raise AssertionError",
        "folder.chmod(0o755); print('well')",
    ]
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(script)], capture_output=True, text=True, timeout=100, preexec_fn=as_nobody
    )
    assert done.stdout == "well\n", done.stderr


def test_a_library_from_before_files_were_noted_is_brought_in_step(folder: Path, library: Library) -> None:
    (folder / "l.jsonl").write_text(lines("Bread rose.", "Milk fell.", ids=True))
    old = Article("old", "Old", "The mill burned.", origin=str(folder / "mill!a#1.txt"))
    elsewhere = Article("else", "Else", "The harbour froze.", origin=str(folder.parent / "articles2" / "x.txt"))
    record = Article("r7", "Rye", "Rye fell.", origin=f"{folder / 'l.jsonl'}#r7")
    library.add([old, elsewhere, record, Article("mine", "Mine", "I wrote this.")])
    steps(Following(library, [folder]))
    assert texts(library) == {
        "The bridge stays open.", "Bread rose.", "Milk fell.", "The harbour froze.", "I wrote this."
    }  # fmt: skip


def test_a_folder_emptied_before_files_were_noted_takes_nothing_with_it(folder: Path, library: Library) -> None:
    library.add([Article("old", "Old", "The mill burned.", origin=str(folder / "mill.txt"))])
    (folder / "kept.txt").unlink()
    assert list(Following(library, [folder]).step()) == [], "an editor may be putting another in its place"
    with raises(FolderError, match="is empty"):
        steps(Following(library, [folder]))
    assert texts(library) == {"The mill burned."}


def test_an_article_that_was_removed_stays_out_until_its_file_changes(
    following: Following, folder: Path, library: Library
) -> None:
    steps(following)
    (article,) = library.articles()
    library.remove(article.id)
    assert steps(following) == steps(Following(library, [folder])) == []
    assert texts(library) == set()
    list(take_in([folder / "kept.txt"], library))
    assert texts(library) == {"The bridge stays open."}
    library.remove(article.id)
    (folder / "kept.txt").write_text("The bridge is closed.")
    assert steps(following) == ["changed kept.txt (1 article added)"]


def test_hidden_files_half_ones_and_libraries_are_left_alone(
    following: Following, folder: Path, library: Library
) -> None:
    for name in (".hidden.txt", "~$report.docx", "a.txt~", "b.txt.part", "c.pdf.crdownload", ".#d.txt", "#e.txt#"):
        (folder / name).write_text("Half")
    (folder / ".git").mkdir()
    (folder / ".git" / "f.txt").write_text("Hidden")
    (folder / "g.txt").symlink_to(folder / "nowhere")
    os.mkfifo(folder / "h.txt")
    with Library.create(folder / "lib", LetterEncoder()):
        (folder / "lib" / "evaluations").mkdir()
        (folder / "lib" / "evaluations" / "rows.jsonl").write_text(lines("A row."))
        assert steps(following) == ["added kept.txt (1 article)"]


def test_a_hidden_file_that_was_added_by_its_name_stays(following: Following, folder: Path, library: Library) -> None:
    (folder / ".hidden.txt").write_text("Nobody sees this.")
    list(take_in([folder / ".hidden.txt"], library))
    steps(following)
    assert texts(library) == {"The bridge stays open.", "Nobody sees this."}


def test_a_file_is_left_alone_until_it_is_at_rest(
    following: Following, folder: Path, library: Library, monkeypatch: MonkeyPatch
) -> None:
    steps(following)
    clock = [100.0]
    monkeypatch.setattr(index.read_files, "QUIET_SECONDS", 2.0)
    monkeypatch.setattr(index.following, "QUIET_SECONDS", 2.0)
    monkeypatch.setattr(index.following.time, "monotonic", lambda: clock[0])
    now = int(time.time() * 1e9)
    monkeypatch.setattr(index.read_files.time, "time_ns", lambda: now)  # by its own times it is never at rest

    def said(after: float) -> list[str]:
        clock[0] += after
        return [line for change in following.step() for line in change_lines(change)]

    part = folder / "long.txt"
    part.write_text("The ferry")
    assert said(0) == []
    assert said(1.9) == []
    part.write_text("The ferry was late again")
    assert said(1.9) == [], "it has changed since"
    assert said(1.9) == []
    assert following.waiting == 1
    assert said(0.2) == [f"added {part} (1 article)"]
    part.unlink()
    assert said(0) == [], "an editor may be putting another in its place"
    part.write_text("The ferry was late again, and again")
    assert said(3) == []
    assert said(2) == [f"changed {part} (1 article replaced)"]
    assert following.waiting == 0
    part.unlink()
    assert said(0) == []
    assert said(2) == [f"removed {part} (1 article)"]
    (folder / "kept.txt").rename(folder / "moving.txt")
    moved = folder / "moved.txt"
    (folder / "moving.txt").rename(folder / "moving.part")
    assert said(0) == []
    (folder / "moving.part").rename(moved)
    assert said(1) == []
    assert said(1.5) == [], "what is gone waits for what is new"
    assert said(1) == [f"renamed {folder}/kept.txt to {moved}"]


def test_an_editor_that_writes_beside_and_renames_changes_one_file(
    following: Following, folder: Path, library: Library
) -> None:
    steps(following)
    (folder / ".kept.txt.swp").write_text("The bridge is clo")
    (folder / "kept.txt.tmp").write_text("The bridge is closed.")
    os.replace(folder / "kept.txt.tmp", folder / "kept.txt")
    (folder / ".kept.txt.swp").unlink()
    assert steps(following) == ["changed kept.txt (1 article replaced)"]


def test_a_file_replaced_by_one_of_the_same_size_and_time_is_read(
    following: Following, folder: Path, library: Library
) -> None:
    steps(following)
    before = (folder / "kept.txt").stat()
    (folder / "kept.txt").write_text("The bridge stays shut.")
    os.utime(folder / "kept.txt", ns=(before.st_atime_ns, before.st_mtime_ns))
    after = (folder / "kept.txt").stat()
    assert (after.st_size, after.st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    assert steps(following) == ["changed kept.txt (1 article replaced)"]


def test_the_library_may_be_written_by_another_program_meanwhile(
    following: Following, folder: Path, library: Library, monkeypatch: MonkeyPatch
) -> None:
    monkeypatch.setattr("index.database._WAIT_SECONDS", 0.05)
    with Library.open(library.path, LetterEncoder()) as mine, Library.open(library.path, LetterEncoder()) as other:
        following = Following(mine, [folder])
        with other._store.writing(), raises(LibraryBusy, match="another program is writing"):
            steps(following)
        assert steps(following) == ["added kept.txt (1 article)"]


def test_two_may_follow_the_same_folder(library: Library, folder: Path) -> None:
    with Library.open(library.path, LetterEncoder()) as other:
        both = Following(library, [folder]), Following(other, [folder, folder / "."])
        for one in both:
            steps(one)
        (folder / "new.txt").write_text("A ferry came.")
        (folder / "kept.txt").unlink()
        for one in both:
            steps(one)
        assert texts(library) == texts(other) == {"A ferry came."}


def test_a_step_that_was_broken_off_is_done_by_the_next(
    folder: Path, library: Library, monkeypatch: MonkeyPatch
) -> None:
    (folder / "2020").mkdir()
    (folder / "2020" / "snow.txt").write_text("It snowed on the hill.")
    steps(Following(library, [folder]))
    (folder / "2020").rename(folder / "2021")
    (folder / "kept.txt").unlink()
    encoded = Counting.encoded
    for method in ("finish", "gone", "forget"):

        def broken(*_: object) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patched, raises(KeyboardInterrupt):
            patched.setattr(index.read_files.ReadFiles, method, broken)
            steps(Following(library, [folder]))
    steps(Following(library, [folder]))
    assert Counting.encoded == encoded
    assert texts(library) == {"It snowed on the hill."}
    assert list(library.read_files.all()) == [str(folder / "2021" / "snow.txt")]


def test_a_file_copied_and_then_deleted_keeps_its_id(following: Following, folder: Path, library: Library) -> None:
    (folder / "a.md").write_text("---\nid: snow\n---\nIt snowed on the hill.")
    steps(following)
    (folder / "b.md").write_text("---\nid: snow\n---\nIt snowed on the hill.")
    steps(following)
    (folder / "a.md").unlink()
    steps(following)
    (folder / "c.md").write_text("---\nid: snow\n---\nIt hailed on the hill.")
    (said,) = steps(following)
    assert said.startswith("refused: the id 'snow' belongs to another article"), "b.md holds it"
    (folder / "c.md").unlink()
    (folder / "b.md").write_text("---\nid: snow\n---\nIt rained on the hill.")
    assert steps(following) == ["removed c.md (no article)", "changed b.md (1 article replaced)"]
    assert library.article("snow").origin == str(folder / "b.md")
    assert texts(library) == {"The bridge stays open.", "It rained on the hill."}


def test_two_members_of_an_archive_with_one_id_do_not_replace_each_other(
    following: Following, folder: Path, library: Library
) -> None:
    first, second = ("---\nid: snow\n---\nIt snowed " + words for words in ("on the hill.", "in the valley. " * 9000))
    (folder / "z.zip").write_bytes(zipped({"a.md": first, "b.md": second, "c.md": second.replace("snowed", "hailed")}))
    said = steps(following)
    assert sum(line.startswith("refused: the id 'snow' belongs to another article") for line in said) == 2
    assert "It snowed on the hill." in texts(library)


def test_what_adding_left_behind_is_removed(following: Following, folder: Path, library: Library) -> None:
    (folder / "l.jsonl").write_text(lines("Bread rose.", "Milk fell."))
    steps(following)
    (folder / "l.jsonl").write_text(lines("Bread rose."))
    list(take_in([folder / "l.jsonl"], library))
    assert "Milk fell." in texts(library), "adding removes nothing"
    assert steps(following) == ["changed l.jsonl (1 article removed)"]
    assert steps(following) == []
