"""The README tells the truth: its session, its Python, its map of files."""

import contextlib
import io
import re
import shlex
from pathlib import Path

from pytest import CaptureFixture, MonkeyPatch, fixture

from ui.cli import main

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.DOTALL | re.MULTILINE)


@fixture
def at_root(monkeypatch: MonkeyPatch, tmp_path: Path) -> None:
    """Stand where the seeds are, and nothing else is."""
    (tmp_path / "seeds").symlink_to(ROOT / "seeds")
    monkeypatch.chdir(tmp_path)


def test_the_session_prints_what_the_readme_says(at_root: None, capsys: CaptureFixture[str]) -> None:
    (session,) = blocks("console")
    steps = re.split(r"^\$ ", session, flags=re.MULTILINE)[1:]
    assert len(steps) >= 3
    for step in steps:
        command, expected = step.split("\n", 1)
        program, *arguments = shlex.split(command)
        assert program == "footnote"
        assert main(arguments) == 0
        assert capsys.readouterr().out.strip() == expected.strip()


def test_the_python_of_the_readme_runs_and_prints_what_it_says(at_root: None) -> None:
    code, expected = blocks("python")[0], blocks("text")[0]
    main(["add", "seeds/articles", "--library", "demo", "--quiet"])
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, "README.md", "exec"), {})
    assert printed.getvalue().strip() == expected.strip()


def test_the_client_of_the_api_has_six_lines_and_prints_what_the_readme_says(seed_page: str) -> None:
    code, expected = blocks("python")[1], blocks("text")[1]
    assert len([line for line in code.splitlines() if line.strip()]) == 6
    assert "http://127.0.0.1:7860" in code
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code.replace("http://127.0.0.1:7860", seed_page), "README.md", "exec"), {})
    assert printed.getvalue().strip() == expected.strip()


def test_the_map_names_each_file_and_no_other() -> None:
    (listing,) = blocks("map")
    named = set(re.findall(r"^(\S+)  ", listing, re.MULTILINE))
    there = {
        file.relative_to(ROOT).as_posix()
        for folder in ("index", "qa", "ui", "training", "benchmarks", "docs")
        for file in (ROOT / folder).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts and file.name != "__init__.py"
    }
    assert {name for name in named if not name.endswith("/")} == there
    assert all((ROOT / name).is_dir() for name in named if name.endswith("/"))


def test_the_two_commands_are_in_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in re.findall(r"`make (\w+)`", README):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
