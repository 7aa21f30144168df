"""What is saved of a damaged library, page by page."""

import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from conftest import LetterEncoder
from pytest import fixture, mark, raises

from index import Article, Library
from index.checking import check
from index.database import FILE
from index.errors import LibraryDamaged, LibraryMissing
from index.salvage import salvage


def article(number: int) -> Article:
    drawn = random.Random(number)
    words = " ".join("".join(drawn.choices("abcdefghij", k=6)) for _ in range(drawn.choice([20, 300, 1500])))
    return Article(f"a{number}", f"Title {number}", f"Number {number}. {words}.", origin=f"/{number}", pages=(3,))


class _Counting(LetterEncoder):
    def __init__(self) -> None:
        self.texts = 0

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        self.texts += len(texts)
        return super().encode(texts)


@fixture
def folder(tmp_path: Path) -> Path:
    with Library.create(tmp_path / "library", LetterEncoder()) as library:
        library.add([article(i) for i in range(60)])
        library.conversations.append("talk", "{}", "Talk")
    return tmp_path / "library"


def test_all_of_a_whole_library_is_saved_without_encoding_again(folder: Path, tmp_path: Path) -> None:
    before, encoder = (folder / FILE).read_bytes(), _Counting()
    saved = salvage(folder, tmp_path / "new", encoder)
    assert (saved.articles, saved.doubtful, saved.lost, saved.conversations) == (60, [], 0, 1)
    assert encoder.texts == 1, "one, to learn the length of vectors"
    with Library.open(tmp_path / "new", encoder) as new:
        assert {found.id: found for found in new.articles()} == {f"a{i}": article(i) for i in range(60)}
        assert new.conversations.turns("talk") == ["{}"]
    assert check(tmp_path / "new").whole == 60
    assert (folder / FILE).read_bytes() == before


@mark.parametrize("seed", range(6))
def test_whatever_pages_are_destroyed_what_is_saved_is_as_it_was_or_named(
    folder: Path, tmp_path: Path, seed: int, letters: LetterEncoder
) -> None:
    drawn = random.Random(seed)
    data = bytearray((folder / FILE).read_bytes())
    pages = len(data) // 4096
    for page in drawn.sample(range(1, pages), drawn.choice([1, 3, 8])):
        data[4096 * page : 4096 * (page + 1)] = drawn.randbytes(4096)
    (folder / FILE).write_bytes(data)
    checked = check(folder)
    assert checked.damage or checked.mended
    saved = salvage(folder, tmp_path / "new", letters)
    with Library.open(tmp_path / "new", letters) as new:
        for found in new.articles():
            assert found == article(int(found.id[1:])) or found.id in saved.doubtful
        assert new.counts()[0] == saved.articles
    assert saved.articles + saved.lost <= 60
    whole = check(tmp_path / "new")
    assert (whole.damage, whole.whole) == ([], saved.articles)


def test_one_destroyed_page_of_texts_costs_few_articles(folder: Path, tmp_path: Path, letters: LetterEncoder) -> None:
    place = (folder / FILE).read_bytes().find(b"Title 30")
    data = bytearray((folder / FILE).read_bytes())
    data[place - place % 4096 : place - place % 4096 + 4096] = b"\xff" * 4096
    (folder / FILE).write_bytes(data)
    saved = salvage(folder, tmp_path / "new", letters)
    assert saved.articles >= 50
    assert saved.lost + saved.articles == 60


def test_a_file_that_is_no_database_saves_nothing_and_makes_nothing(folder: Path, tmp_path: Path) -> None:
    (folder / FILE).write_bytes(b"\xff" * 100_000)
    with raises(LibraryDamaged):
        salvage(folder, tmp_path / "new", LetterEncoder())
    assert not (tmp_path / "new").exists()
    with raises(LibraryMissing):
        salvage(tmp_path / "nowhere", tmp_path / "new", LetterEncoder())
