"""Programs killed at random moments of every command that writes: what was acknowledged is there, the rest left no trace.

FOOTNOTE_CRASHES=400 kills so many; without it, a few.
"""

import multiprocessing
import os
import random
import shutil
import signal
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from conftest import LetterEncoder
from crash_worker import KINDS, Expected, apply, article, follow, replay, token, work
from pytest import MonkeyPatch, approx, mark

import index.following
import index.read_files
from index import Article, Library
from index.checking import check
from index.copies import restore
from index.files import read_articles
from index.following import Following
from index.passages import encoded_text, passages
from index.read_files import Stamp
from index.segment import Filters

KILLS = int(os.environ.get("FOOTNOTE_CRASHES", "20"))
FRESH_EVERY = 8

pytestmark = mark.skipif(sys.platform != "linux", reason="forks its programs from one that has loaded everything")


def held(library: Library) -> Expected:
    """Give what a library holds, by the versions of its articles."""
    versions: dict[str, list[int]] = {}
    for found in library.articles():
        for one in reversed(library.versions(found.id)):
            version = int(one.article.text.partition(f"saw {found.id}x")[2].partition(" ")[0])
            assert one.article == article(found.id, version)
            versions.setdefault(found.id, []).append(version)
    return Expected(versions, len(library.conversations.turns("talk")), library.failures.all())


def assert_whole(library: Library, encoder: LetterEncoder) -> None:
    """Compare each passage, vector and hit with what the articles make of it; as a search does, mend the cache."""
    library.save_cache()
    store = library._store
    parts = [part for found in library.articles() for part in passages(found)]
    assert [part for found in library.articles() for part in library.passages(found.id)] == parts
    assert library.counts()[1] == len(parts)
    if not parts:
        return
    numbers = store.numbers()
    stored = store.passages(numbers.tolist())
    vectors = np.stack([np.frombuffer(row.vector, "<f4") for row in store.rows_above(0, 26)])
    expected = encoder.encode([encoded_text(part) for part in stored.values()])
    np.testing.assert_array_equal(vectors, expected)
    nearest, _ = library._live_index().candidates(vectors[0], [], len(parts), Filters())
    assert sorted(number for number, _ in nearest) == numbers.tolist()
    assert [score for _, score in nearest] == approx(sorted(vectors @ vectors[0], reverse=True), abs=1e-5)
    for found in library.articles():
        version = int(found.text.partition(f"saw {found.id}x")[2].partition(" ")[0])
        first = library.search(token(found.id, version), k=1)[0]
        assert first.passage.article == found
        assert library.passage_counts([token(found.id, version)]) == {token(found.id, version): len(passages(found))}
    for found in list(library.articles())[:2]:
        for one in library.versions(found.id):
            if one.since != one.until:
                hits = library.search(f"Report {found.id}", k=len(parts), as_of=one.since)
                seen = {part for hit in hits for part in (hit.passage, *hit.also) if part.article.id == found.id}
                assert seen == set(passages(one.article))


def settle(
    journal: Path, library: Library, backups: dict[str, Expected], expected: Expected, pending: list[Any] | None
) -> None:
    """See that the library is as before or as after the operation that was broken off, and note which."""
    here = held(library)
    after = apply(pending, expected, dict(backups)) if pending else expected
    assert here in (expected, after), pending
    if pending:
        done = (journal.parent / pending[1]).exists() if pending[0] == "backup" else here == after
        with journal.open("a") as log:
            log.write('["done"]\n' if done else '["nothing"]\n')


def kill_one(folder: Path, journal: Path, seed: int) -> None:
    """Start a program and kill it in the middle of an operation of some kind, or while it makes the library."""
    drawn = random.Random(f"kill {seed}")
    kind = "create" if not folder.exists() else drawn.choice(sorted(set(KINDS)))
    size = journal.stat().st_size if journal.exists() else 0
    process = CONTEXT.Process(target=work, args=(folder, journal, seed))
    process.start()
    deadline = time.monotonic() + 60
    while not (folder.exists() if kind == "create" else began(kind, journal, size)) and time.monotonic() < deadline:
        time.sleep(0.0003)
    time.sleep(drawn.choice([0.002, 0.006, 0.02]) * drawn.random())
    assert process.is_alive(), "it changes the library until it is killed"
    process.kill()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL


def began(kind: str, journal: Path, size: int) -> bool:
    if not journal.exists():
        return False
    with journal.open() as log:
        log.seek(size)
        last = log.read().rpartition('["begin", ')[2]
    return last.startswith(f'["{kind}"') and "done" not in last


CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["pytest", "crash_worker"])


def test_what_was_acknowledged_outlives_every_kill_and_the_rest_leaves_no_trace(tmp_path: Path) -> None:
    encoder, hit, watching = LetterEncoder(), Counter(), None
    folder, journal = tmp_path / "library", tmp_path / "journal"
    for seed in range(KILLS):
        if seed % FRESH_EVERY == 0:
            if watching:
                watching.close()
            shutil.rmtree(tmp_path)
            tmp_path.mkdir()
            watching = None
        kill_one(folder, journal, seed)
        expected, backups, pending, _ = replay(journal)
        hit[pending[0] if pending else "create" if not journal.exists() else "between"] += 1
        if not Library.exists(folder):
            assert not journal.exists(), "nothing was acknowledged"
            continue
        with Library.open(folder, encoder) as library:
            settle(journal, library, backups, expected, pending)
            assert_whole(library, encoder)
            watching = watching or Library.open(folder, encoder)
            assert held(watching) == held(library), "a program that was reading all the while sees the same"
            assert_whole(watching, encoder)
        checked = check(folder)
        assert checked.damage == []
        assert all(what.endswith("left unfinished") for what in checked.mended), checked.mended
        for name, then in backups.items():
            if seed % FRESH_EVERY == FRESH_EVERY - 1:
                restore(tmp_path / name, tmp_path / f"{name}-restored")
                with Library.open(tmp_path / f"{name}-restored", encoder) as library:
                    assert held(library) == then
                    assert_whole(library, encoder)
    if watching:
        watching.close()
    print("\nkilled during:", dict(hit.most_common()))


def test_a_file_is_noted_as_read_only_with_all_of_it_in_whenever_the_program_is_killed(
    tmp_path: Path, monkeypatch: MonkeyPatch
) -> None:
    folder, path = tmp_path / "articles", tmp_path / "library"
    folder.mkdir()
    (folder / "kept.txt").write_text("This stays, so that the folder is never empty.")
    Library.create(path, LetterEncoder()).close()
    monkeypatch.setattr(index.read_files, "QUIET_SECONDS", -1.0)
    monkeypatch.setattr(index.following, "QUIET_SECONDS", 0.0)
    drawn, noted_whole = random.Random("follow"), 0
    for seed in range(max(5, KILLS // 4)):
        process = CONTEXT.Process(target=follow, args=(path, folder, seed))
        with Library.open(path, LetterEncoder()) as library:
            before = library.state()
            process.start()
            while library.state() == before and process.is_alive():
                time.sleep(0.0003)
            time.sleep(0.1 * drawn.random())
            assert process.is_alive(), "it follows the folder until it is killed"
            process.kill()
            process.join(60)
            for name, noted in library.read_files.all().items():
                if noted.stamp and Path(name).exists() and noted.stamp == str(Stamp.of(Path(name))):
                    ids = {found.id for found in read_articles(Path(name)) if isinstance(found, Article)}
                    assert ids == library.read_files.articles(name)
                    noted_whole += 1
            following = Following(library, [folder])
            list(following.step())
            while following.waiting:
                list(following.step())
            there = {found for file in sorted(folder.glob("[!.]*")) for found in read_articles(file)}
            assert {found.text for found in library.articles()} == {found.text for found in there}
            assert set(library.read_files.all()) == {str(file) for file in folder.glob("[!.]*")}
        assert check(path).damage == []
    assert noted_whole
