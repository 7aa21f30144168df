"""The commands that look after a library, as a person uses them."""

import json
from pathlib import Path

from conftest import copied
from pytest import CaptureFixture, fixture

from index.database import FILE
from ui.cli import main


@fixture
def library(seed_folder: Path, tmp_path: Path) -> Path:
    return copied(seed_folder, tmp_path / "library")


def test_a_library_is_backed_up_damaged_salvaged_and_restored(
    library: Path, tmp_path: Path, capsys: CaptureFixture[str]
) -> None:
    here = ["--library", str(library)]
    assert main(["backup", str(tmp_path / "copy.sqlite"), *here]) == 0
    assert "footnote restore" in capsys.readouterr().out
    assert main(["check", *here]) == 0
    assert capsys.readouterr().out == "16 articles as stored, with all passages and vectors.\n"
    data = bytearray((library / FILE).read_bytes())
    place = data.find(b"fighter jet shot down a Chinese")
    data[place : place + 7] = b"sparrow"
    (library / FILE).write_bytes(data)
    assert main(["check", *here]) == 2
    assert "footnote check --salvage NEW" in capsys.readouterr().out
    assert main(["check", "--salvage", str(tmp_path / "new"), *here]) == 2
    assert "16 articles" in capsys.readouterr().out
    assert main(["restore", str(tmp_path / "copy.sqlite"), *here]) == 2
    assert "--replace" in capsys.readouterr().err
    assert main(["restore", str(tmp_path / "copy.sqlite"), "--replace", *here]) == 0
    assert capsys.readouterr().out == f"{library}: 16 articles, 60 passages.\n"
    assert main(["check", *here]) == 0


def test_vacuum_takes_what_was_removed_and_evaluations_that_quote_it(
    library: Path, capsys: CaptureFixture[str]
) -> None:
    (library / "evaluations").mkdir(exist_ok=True)
    (library / "evaluations" / "1.jsonl").write_text("Sidewinder")
    assert main(["remove", "balloon-shot-down", "--library", str(library)]) == 0
    assert main(["vacuum", "--library", str(library)]) == 0
    assert "MB now." in capsys.readouterr().out
    for file in library.rglob("*"):
        assert not file.is_file() or b"sidewinder" not in file.read_bytes().lower(), file


def test_status_names_files_that_could_not_be_read_until_they_can(
    library: Path, tmp_path: Path, capsys: CaptureFixture[str]
) -> None:
    here = ["--library", str(library)]

    def failures() -> dict[str, list[str]]:
        capsys.readouterr()
        assert main(["status", "--json", *here]) == 0
        return json.loads(capsys.readouterr().out)["failures"]

    folder = tmp_path / "files"
    folder.mkdir()
    bad, gone = folder / "bad.txt", folder / "gone.txt"
    (folder / "good.txt").write_text("Good\n\nA good text.")
    bad.write_bytes(b"\0")
    gone.write_bytes(b"\0")
    assert main(["add", str(folder), "--quiet", *here]) == 2
    assert set(failures()) == {str(bad), str(gone)}
    assert "binary" in failures()[str(bad)][0]
    gone.unlink()
    bad.write_text("Bad no more\n\nText.")
    assert main(["add", str(bad), "--quiet", *here]) == 0
    assert failures() == {}
    bad.write_bytes(b"\0")
    assert main(["add", str(bad), "--quiet", *here]) == 2
    assert set(failures()) == {str(bad)}, "also where nothing could be read"
    assert main(["status", *here]) == 0
    assert "Footnote demo desk (16)" in capsys.readouterr().out


def test_doctor_answers_a_question(library: Path, capsys: CaptureFixture[str]) -> None:
    assert main(["doctor", "--library", str(library)]) == 0
    shown = capsys.readouterr().out
    assert "BAD" not in shown
    assert "built in 1721" in shown


def test_there_is_nothing_to_look_after_without_a_library(tmp_path: Path, capsys: CaptureFixture[str]) -> None:
    for command in (
        ["status"],
        ["check"],
        ["vacuum"],
        ["backup", str(tmp_path / "b")],
        ["restore", str(tmp_path / "b")],
    ):
        assert main([*command, "--library", str(tmp_path / "nowhere")]) == 2
        assert capsys.readouterr().err.startswith("footnote: ")
    assert list(tmp_path.iterdir()) == []
