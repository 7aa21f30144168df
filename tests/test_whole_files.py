from pathlib import Path

from pytest import raises

from index.whole_files import put_in_place, sweep, unfinished


def test_a_file_appears_whole_under_its_name(tmp_path: Path) -> None:
    file = tmp_path / "letter"
    with unfinished(file) as new:
        new.write_text("dear")
        assert not file.exists()
        put_in_place(new, file)
    assert [(found.name, found.read_text()) for found in tmp_path.iterdir()] == [("letter", "dear")]


def test_what_is_there_is_not_written_over(tmp_path: Path) -> None:
    file = tmp_path / "letter"
    file.write_text("old")
    with raises(FileExistsError), unfinished(file) as new:
        put_in_place(new, file)
    assert [(found.name, found.read_text()) for found in tmp_path.iterdir()] == [("letter", "old")]


def test_what_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    with raises(RuntimeError), unfinished(tmp_path / "letter") as new:
        Path(f"{new}-journal").write_text("half")
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_program_left_is_swept_up_and_nothing_else(tmp_path: Path) -> None:
    for name in ("letter", "letter.new-abc", "letter.new-abc-wal", "new-letter"):
        (tmp_path / name).write_text("x")
    assert sweep(tmp_path) == ["letter.new-abc", "letter.new-abc-wal"]
    assert sorted(file.name for file in tmp_path.iterdir()) == ["letter", "new-letter"]
