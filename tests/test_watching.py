"""footnote watch as a person runs it: in a process of its own, until it is stopped."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Queue

from pytest import CaptureFixture, fixture, mark

from index import Library, Outcome
from index.errors import ArticleError
from index.following import Change, Happened
from ui.cli import main
from ui.watching import change_lines


@fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "bridge.txt").write_text("The bridge over the Ode stays open.")
    return folder


@contextmanager
def watching(folder: Path, library: Path) -> Iterator[tuple[subprocess.Popen[str], "Queue[str]"]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "ui.cli", "watch", str(folder), "--library", str(library)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a job in the background ignores it
    )
    said: Queue[str] = Queue()
    reading = threading.Thread(target=lambda: [said.put(line.rstrip()) for line in process.stdout])
    reading.start()
    try:
        yield process, said
    finally:
        process.kill()
        process.wait()
        reading.join()
        process.stdout.close()
        process.stderr.close()


@mark.skipif(sys.platform == "win32", reason="no SIGTERM to send there")
def test_a_folder_is_watched_beside_readers_and_writers_until_it_is_stopped(folder: Path, tmp_path: Path) -> None:
    library = tmp_path / "library"
    with watching(folder, library) as (process, said):
        assert said.get(timeout=100) == f"Watching {folder} (Ctrl-C stops)."
        assert said.get(timeout=100) == f"added {folder}/bridge.txt (1 article)"
        with Library.open(library) as reader, reader._store.writing():  # which it has to wait for
            (folder / "ferry.txt").write_text("The ferry to Oster sank.")
            assert reader.counts() == (1, 1)
        assert said.get(timeout=100) == f"added {folder}/ferry.txt (1 article)"
        with Library.open(library) as reader:
            assert reader.search("ferry", k=1)[0].passage.text == "The ferry to Oster sank."
        os.rename(folder / "ferry.txt", folder / "boat.txt")
        assert said.get(timeout=100) == f"renamed {folder}/ferry.txt to {folder}/boat.txt"
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
        assert process.stderr.read() == ""
    with watching(folder, library) as (process, said):
        said.get(timeout=100)
        folder.rename(folder.with_name("away"))
        assert process.wait(100) == 2
        assert "does not exist; expected a folder that can be followed" in process.stderr.read()
    with Library.open(library) as reader:
        assert reader.counts() == (2, 2)


@mark.skipif(sys.platform == "win32", reason="no SIGINT to send there")
def test_ctrl_c_ends_watching_cleanly(folder: Path, tmp_path: Path) -> None:
    with watching(folder, tmp_path / "library") as (process, said):
        said.get(timeout=100)
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
        assert process.stderr.read() == ""


def test_once_brings_a_library_in_step_and_ends(folder: Path, tmp_path: Path, capsys: CaptureFixture[str]) -> None:
    command = ["watch", "--once", str(folder), "--library", str(tmp_path / "library")]
    assert main(command) == 0
    assert capsys.readouterr().out == f"added {folder}/bridge.txt (1 article)\n"
    assert main(command) == 0
    assert capsys.readouterr().out == "", "cron sends what is printed"
    (folder / "bad.txt").write_bytes(b"\0")
    assert main(command) == 2
    assert capsys.readouterr().out.startswith(f"refused: {folder}/bad.txt ")
    assert main(command) == 0, "what was refused before is told of when it changes"
    (folder / "bad.txt").unlink()
    (folder / "bridge.txt").unlink()
    assert main(command) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "is empty, and the library holds articles from it" in shown.err
    assert main([*command, "--allow-empty"]) == 0
    assert f"removed {folder}/bridge.txt (1 article)\n" in capsys.readouterr().out


def test_a_folder_that_is_none_is_refused_and_leaves_no_library(tmp_path: Path, capsys: CaptureFixture[str]) -> None:
    assert main(["watch", str(tmp_path / "typo"), "--library", str(tmp_path / "library")]) == 2
    assert "does not exist" in capsys.readouterr().err
    assert not (tmp_path / "library").exists()


def test_a_change_is_one_line_and_many_refusals_are_cut() -> None:
    counts = {Outcome.ADDED: 1200, Outcome.REPLACED: 1, Outcome.UNCHANGED: 3}
    change = Change(Happened.CHANGED, Path("a.jsonl"), counts, removed=2)
    assert change_lines(change) == ["changed a.jsonl (1,200 articles added, 1 replaced, 2 removed)"]
    assert change_lines(Change(Happened.CHANGED, Path("a.jsonl"), {Outcome.UNCHANGED: 3})) == []
    errors = [ArticleError(f"line {n}", "JSON", "Correct it") for n in range(14)]
    *first, last = change_lines(Change(Happened.ADDED, Path("a.jsonl"), {Outcome.UNCHANGED: 3}, refused=errors))
    assert [line.startswith("refused: line ") for line in first] == [True] * 10
    assert last == "refused: 4 articles more of a.jsonl"
