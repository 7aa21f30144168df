"""Files taken in, noted as read when all of them is in, and skipped for as long as they stay so."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

from conftest import LetterEncoder
from pytest import MonkeyPatch, fixture, mark, raises
from small_files import zipped

import index.intake
import index.read_files
from index import Library, Outcome
from index.errors import LibraryUnwritable
from index.intake import Taken, take_in, unread
from index.read_files import Stamp


class Counting(LetterEncoder):
    """Count the texts that were encoded."""

    def __init__(self) -> None:
        self.encoded = 0

    def encode(self, texts):
        self.encoded += len(texts)
        return super().encode(texts)


@fixture
def encoder() -> Counting:
    return Counting()


@fixture
def library(tmp_path: Path, encoder: Counting, monkeypatch: MonkeyPatch) -> Iterator[Library]:
    monkeypatch.setattr(index.read_files, "QUIET_SECONDS", -1.0)  # every file is at rest
    with Library.create(tmp_path / "library", encoder) as library:
        encoder.encoded = 0
        yield library


def taken(files: list[Path], library: Library) -> Taken:
    whole = Taken(Path())
    for part in take_in(files, library):
        whole.counts += part.counts
        whole.refused += part.refused
    return whole


def lines(numbers: range) -> str:
    return "\n".join(json.dumps({"text": f"Record {number} tells of {number} ferries."}) for number in numbers)


def test_a_file_that_has_not_changed_is_not_read(tmp_path: Path, library: Library) -> None:
    (tmp_path / "a.txt").write_text("It snowed.")
    (tmp_path / "b.jsonl").write_text(lines(range(7)))
    files = [tmp_path / "a.txt", tmp_path / "b.jsonl"]
    assert unread(files, library) == (files, 0)
    assert taken(files, library).counts == {Outcome.ADDED: 8}
    assert unread(files, library) == ([], 8)
    (tmp_path / "a.txt").write_text("It rained.")
    assert unread(files, library) == (files[:1], 7)
    taken(files[:1], library)
    assert unread(files, library) == ([], 8)
    (tmp_path / "a.txt").unlink()
    assert unread(files, library) == (files[:1], 7), "reading it says what is wrong"


def test_a_file_whose_article_was_replaced_under_its_id_is_read(tmp_path: Path, library: Library) -> None:
    file = tmp_path / "a.md"
    file.write_text("---\nid: snow\n---\nIt snowed.")
    taken([file], library)
    file.write_text("---\nid: snow\n---\nIt rained.")
    assert taken([file], library).counts == {Outcome.REPLACED: 1}
    assert unread([file], library) == ([], 1)


def test_a_link_is_the_file_that_it_leads_to(tmp_path: Path, library: Library) -> None:
    (tmp_path / "a.txt").write_text("It snowed.")
    (tmp_path / "link.txt").symlink_to("a.txt")
    taken([tmp_path / "a.txt"], library)
    assert unread([tmp_path / "link.txt"], library) == ([], 1)


@mark.parametrize("change", ["the stamp", "the readers", "a refusal", "a removal"])
def test_a_file_is_read_again_when(tmp_path: Path, library: Library, monkeypatch: MonkeyPatch, change: str) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text(lines(range(3)) + ("\n{" if change == "a refusal" else ""))
    taken([file], library)
    match change:
        case "the stamp":
            os.utime(file, (1, 1))
        case "the readers":
            monkeypatch.setattr(index.intake, "readers_version", lambda: "another")
        case "a removal":
            library.remove(next(library.articles()).id)
    assert unread([file], library) == ([file], 0)
    again = taken([file], library)
    assert again.counts == (
        {Outcome.ADDED: 1, Outcome.UNCHANGED: 2} if change == "a removal" else {Outcome.UNCHANGED: 3}
    )
    assert unread([file], library) == (([file], 0) if change == "a refusal" else ([], 3))


def test_a_file_just_written_may_change_without_a_trace_and_is_read_again(
    tmp_path: Path, library: Library, monkeypatch: MonkeyPatch
) -> None:
    monkeypatch.setattr(index.read_files, "QUIET_SECONDS", 2.0)
    (tmp_path / "a.txt").write_text("It snowed.")
    taken([tmp_path / "a.txt"], library)
    assert unread([tmp_path / "a.txt"], library) == ([tmp_path / "a.txt"], 0)
    later = Stamp.of(tmp_path / "a.txt").changed + 2_000_000_001
    monkeypatch.setattr(index.read_files.time, "time_ns", lambda: later)
    taken([tmp_path / "a.txt"], library)
    assert unread([tmp_path / "a.txt"], library) == ([], 1)


def test_a_file_that_changes_while_it_is_read_is_read_again(
    tmp_path: Path, library: Library, monkeypatch: MonkeyPatch
) -> None:
    file = tmp_path / "a.txt"
    file.write_text("It snowed.")
    reading = index.intake.read_articles

    def changing(*arguments):
        yield from reading(*arguments)
        file.write_text("It rained.")

    with monkeypatch.context() as patched:
        patched.setattr(index.intake, "read_articles", changing)
        taken([file], library)
    assert unread([file], library) == ([file], 0)
    assert taken([file], library).counts == {Outcome.REPLACED: 1}


@mark.parametrize("kind", ["a.jsonl", "a.zip"])
def test_a_large_file_that_was_broken_off_is_not_encoded_again(
    tmp_path: Path, library: Library, encoder: Counting, monkeypatch: MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(index.intake, "_BATCH_CHARACTERS", 500)
    file = tmp_path / kind
    if kind == "a.zip":
        file.write_bytes(zipped({f"{n:03}.txt": f"Member {n} tells of {n} ferries." for n in range(60)}))
    else:
        file.write_text(lines(range(60)))
    part = next(iter(take_in([file], library)))
    assert not part.ended
    first = part.counts[Outcome.ADDED]
    assert 10 < first < 30
    assert unread([file], library) == ([file], 0), "half of it is not all of it"
    encoded = encoder.encoded
    again = taken([file], library)
    assert again.counts == {Outcome.UNCHANGED: first, Outcome.ADDED: 60 - first}
    assert encoder.encoded == encoded + 60 - first
    assert unread([file], library) == ([], 60)


def test_what_could_not_be_written_is_not_noted(tmp_path: Path, library: Library, monkeypatch: MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text("It snowed.")

    def full(*_: object) -> None:
        raise LibraryUnwritable("the disk is full", "room", "Make some")

    with monkeypatch.context() as patched, raises(LibraryUnwritable):
        patched.setattr(index.read_files.ReadFiles, "finish", full)
        taken([tmp_path / "a.txt"], library)
    assert library.counts() == (0, 0)
    assert library.read_files.all() == {}


def test_an_article_in_two_files_is_lost_by_neither(tmp_path: Path, library: Library) -> None:
    a, b = tmp_path / "a.md", tmp_path / "b.md"
    for file in (a, b):
        file.write_text("---\ntitle: Snow\n---\nIt snowed.")
    taken([a, b], library)
    a.write_text("---\ntitle: Snow\n---\nIt rained.")
    assert unread([a, b], library) == ([a], 1)
    taken([a], library)
    held = {article.text for article in library.articles()}
    assert held == {"It snowed.", "It rained."} or unread([b], library) == ([b], 0)
    taken([a, b], library)
    assert {article.text for article in library.articles()} == {"It snowed.", "It rained."}
    assert unread([a, b], library) == ([], 2)


def test_one_name_in_two_files_is_refused_and_neither_counts_as_whole(tmp_path: Path, library: Library) -> None:
    a, b = tmp_path / "a.md", tmp_path / "b.md"
    a.write_text("---\nid: snow\n---\nIt snowed.")
    b.write_text("---\nid: snow\n---\nIt snowed.")
    taken([b, a], library)
    a.write_text("---\nid: snow\n---\nIt rained.")
    (refusal,) = taken([b, a], library).refused
    assert "the id 'snow' belongs to another article" in str(refusal)
    assert unread([a, b], library) == ([a], 1)
    assert list(library.failures.all()) == [str(a)]


def test_a_name_that_is_no_text_is_refused_and_the_rest_goes_in(tmp_path: Path, library: Library) -> None:
    bad = Path(os.fsdecode(os.fsencode(tmp_path) + b"/sn\xf6w.txt"))
    bad.write_text("It snowed.")
    (tmp_path / "a.txt").write_text("It rained.")
    done = taken([bad, tmp_path / "a.txt"], library)
    assert done.counts == {Outcome.ADDED: 1}
    assert "has a name that is no text" in str(done.refused[0])
    assert list(library.failures.all()) == [f"{tmp_path}/sn\\udcf6w.txt"]


def test_how_far_it_has_come_is_told(tmp_path: Path, library: Library, monkeypatch: MonkeyPatch) -> None:
    monkeypatch.setattr(index.intake, "_BATCH_CHARACTERS", 500)
    (tmp_path / "a.jsonl").write_text(lines(range(60)))
    (tmp_path / "b.zip").write_bytes(zipped({f"{n}.txt": f"Member {n} tells of {n} ferries." for n in range(60)}))

    class Observer:
        def __init__(self) -> None:
            self.told: list[tuple[str, int, float]] = []
            self.done = 0

        def read(self, file: Path, characters: int, share: float) -> None:
            self.told.append((file.name, characters, share))

        def encoded(self, characters: int) -> None:
            self.done += characters

    observer = Observer()
    list(take_in([tmp_path / "a.jsonl", tmp_path / "b.zip"], library, observer))
    for name in ("a.jsonl", "b.zip"):
        told = [(characters, share) for file, characters, share in observer.told if file == name]
        assert len(told) > 3
        whole, last = told[-1]
        assert last == 1.0
        assert all(abs(characters / whole - share) < 0.05 for characters, share in told)
    assert observer.done == sum(len(article.text) for article in library.articles())
