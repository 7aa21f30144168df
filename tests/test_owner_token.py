import stat
from pathlib import Path

from pytest import MonkeyPatch, fixture, mark, raises

from ui.owner_token import FILE, VARIABLE, TokenError, owner_token


@fixture(autouse=True)
def no_variable(monkeypatch: MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)


def test_a_token_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    made = owner_token(tmp_path)
    assert made.file == tmp_path / FILE
    assert stat.S_IMODE(made.file.stat().st_mode) == 0o600
    assert len(made.value) == 43, "256 bits"
    assert owner_token(tmp_path) == made
    assert sorted(tmp_path.iterdir()) == [made.file], "nothing unfinished is left"


def test_two_libraries_have_two_tokens(tmp_path: Path) -> None:
    folders = [tmp_path / "a", tmp_path / "b"]
    for folder in folders:
        folder.mkdir()
    first, second = map(owner_token, folders)
    assert first.value != second.value


def test_a_file_counts_before_the_environment_and_that_before_the_library(
    tmp_path: Path, monkeypatch: MonkeyPatch
) -> None:
    kept = owner_token(tmp_path).value
    monkeypatch.setenv(VARIABLE, "e" * 24)
    assert owner_token(tmp_path).value == "e" * 24
    file = tmp_path / "given"
    file.write_text(f"{'f' * 24}\n")
    file.chmod(0o600)
    assert owner_token(tmp_path, file).value == "f" * 24
    assert kept not in {"e" * 24, "f" * 24}


def test_a_token_that_others_can_read_is_refused(tmp_path: Path) -> None:
    made = owner_token(tmp_path)
    made.file.chmod(0o640)
    with raises(TokenError, match="chmod 600"):
        owner_token(tmp_path)


@mark.parametrize("content", ["", "short", "with blank " * 3, "ä" * 30, "x" * 201])
def test_what_is_no_token_is_refused(tmp_path: Path, content: str, monkeypatch: MonkeyPatch) -> None:
    file = tmp_path / "given"
    file.write_text(content)
    file.chmod(0o600)
    with raises(TokenError, match="holds no token"):
        owner_token(tmp_path, file)
    if content:
        monkeypatch.setenv(VARIABLE, content)
        with raises(TokenError, match=VARIABLE):
            owner_token(tmp_path)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with raises(TokenError, match="cannot be read"):
        owner_token(tmp_path, tmp_path / "none")
    with raises(TokenError, match="cannot be written"):
        owner_token(tmp_path / "none")
