import json
import subprocess
import sys
from pathlib import Path

from conftest import without_override
from pytest import MonkeyPatch, fixture, mark

from index.model_cache import About, found, keep, place, root, workplace

ABOUT = About("print", 128, False, "", ["input_ids"])


@fixture
def model(tmp_path: Path, monkeypatch: MonkeyPatch) -> Path:
    monkeypatch.setenv("FOOTNOTE_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "model"
    (folder / "inner").mkdir(parents=True)
    (folder / "inner" / "weights").write_bytes(b"1234")
    return folder


def made(folder: Path) -> Path:
    folder = workplace(folder)
    (folder / "graph.onnx").write_bytes(b"graph")
    (folder / "tokenizer.json").write_text("{}")
    return folder


def test_an_export_is_found_again(model: Path) -> None:
    assert found(place(model)) is None
    kept = keep(made(place(model)), ABOUT, place(model))
    assert found(place(model)) == kept
    assert kept.graph.read_bytes() == b"graph"
    assert [folder.name for folder in root().iterdir()] == [place(model).name]


def test_a_changed_model_has_another_place(model: Path) -> None:
    before = place(model)
    (model / "inner" / "weights").write_bytes(b"12345")
    assert place(model) != before


def test_the_first_of_two_that_export_at_once_is_kept(model: Path) -> None:
    one, other = made(place(model)), made(place(model))
    first = keep(one, ABOUT, place(model))
    assert keep(other, ABOUT, place(model)) == first


@mark.parametrize("lost", ["graph.onnx", "tokenizer.json", "about.json"])
def test_half_an_export_is_none(model: Path, lost: str) -> None:
    kept = keep(made(place(model)), ABOUT, place(model))
    (kept.folder / lost).unlink()
    assert found(place(model)) is None


@mark.parametrize("text", ["", "[]", "{", json.dumps({"other": 1})])
def test_a_damaged_description_is_none(model: Path, text: str) -> None:
    kept = keep(made(place(model)), ABOUT, place(model))
    (kept.folder / "about.json").write_text(text)
    assert found(place(model)) is None


def test_a_damaged_export_is_replaced(model: Path) -> None:
    kept = keep(made(place(model)), ABOUT, place(model))
    kept.graph.unlink()
    again = keep(made(place(model)), ABOUT, place(model))
    assert again.graph.read_bytes() == b"graph"
    assert found(place(model)) == again


def test_a_cache_that_cannot_be_written_is_done_without(model: Path, tmp_path: Path) -> None:
    script = f"""
import os
from pathlib import Path
import sys
sys.path.insert(0, "tests")
from test_model_cache import ABOUT, made
from index.model_cache import found, keep, place
os.environ["FOOTNOTE_CACHE"] = {str(tmp_path / "shut" / "cache")!r}
model = Path({str(model)!r})
kept = keep(made(place(model)), ABOUT, place(model))
print(kept.graph.read_bytes(), found(place(model)))
"""
    (tmp_path / "shut").mkdir(mode=0o500)
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, preexec_fn=without_override
    )
    assert done.stdout.strip() == "b'graph' None", done.stderr


def test_the_cache_is_where_the_user_keeps_caches(monkeypatch: MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("FOOTNOTE_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert root() == tmp_path / "footnote"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert root() == tmp_path / ".cache" / "footnote"
