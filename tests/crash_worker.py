"""A program that changes a library without end, to be killed; and a journal that says what the library must hold then."""

from __future__ import annotations

import json
import os
import random
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

import faiss  # noqa: F401 - loaded once, by the process that all others are forked from
from conftest import LetterEncoder

import index.following
import index.intake
import index.live_index
import index.read_files
from index import Article, Library
from index.checking import check
from index.copies import backup, restore
from index.following import Following
from index.salvage import salvage

ARTICLES = 24
KINDS = ("put", "remove", "drop", "vacuum", "backup", "restore", "salvage", "check", "turn", "failures", "cache")
OPERATIONS = "add add change change remove drop mixed vacuum backup restore salvage check turn failures cache".split()


@dataclass
class Expected:
    """Hold what the acknowledged operations leave: article ids with versions, the newest last, turns, refused files."""

    articles: dict[str, list[int]] = field(default_factory=dict)
    turns: int = 0
    failures: dict[str, list[str]] = field(default_factory=dict)


def token(id: str, version: int) -> str:
    """Give a word that stands in one version of one article only."""
    return f"{id}x{version}"


def article(id: str, version: int) -> Article:
    drawn = random.Random(f"{id} {version}")
    sentences = [
        f"The {drawn.choice(['fox', 'owl', 'elk', 'bee'])} saw {token(id, version)} {drawn.randrange(10**9)} times."
        for _ in range(drawn.choice([1, 3, 30, 90]))
    ]
    return Article(
        id, f"Report {id}", " ".join(sentences), "Desk", published=date(2020, 1, 1 + version % 28), origin=f"/{id}",
        author="A. Autor", pages=(5, 9),
    )  # fmt: skip


def draw(drawn: random.Random, expected: Expected, backups: dict[str, Expected], step: int) -> list[Any]:
    """Choose an operation that makes sense now."""
    kind = drawn.choice(OPERATIONS)
    present = sorted(expected.articles)
    if kind == "restore" and not backups:
        kind = "backup"
    if kind in {"change", "remove", "drop", "mixed"} and len(present) < 3:
        kind = "add"
    if kind == "add" and len(present) > ARTICLES:
        kind = "remove"
    new = [[f"n{step}k{i}", 0] for i in range(drawn.choice([1, 1, 5]))]
    old = [[id, step] for id in drawn.sample(present, min(len(present), drawn.choice([1, 3])))]
    match kind:
        case "add" | "change":
            return ["put", new if kind == "add" else old]
        case "mixed":
            return ["put", [*new, *old]]
        case "remove" | "drop":
            return [kind, drawn.choice(present)]
        case "backup" | "salvage":
            return [kind, f"{kind}-{step}"]
        case "restore":
            return ["restore", drawn.choice(sorted(backups))]
        case "failures":
            return ["failures", f"/bad-{drawn.randrange(3)}", ["broken"] * drawn.randrange(3)]
    return [kind]


def apply(operation: list[Any], expected: Expected, backups: dict[str, Expected]) -> Expected:
    """Give what an operation makes of what was there; a backup is noted among the backups."""
    after = deepcopy(expected)
    match operation:
        case ["put", articles]:
            for id, version in articles:
                after.articles.setdefault(id, []).append(version)
        case ["remove", id]:
            del after.articles[id]
        case ["drop", id]:
            after.articles[id] = after.articles[id][-1:]
        case ["backup", name]:
            backups[name] = deepcopy(expected)
        case ["restore", name]:
            after = deepcopy(backups[name])
        case ["turn"]:
            after.turns += 1
        case ["failures", file, reasons]:
            after.failures.pop(file, None)
            after.failures |= {file: reasons} if reasons else {}
    return after


def perform(operation: list[Any], library: Library, aside: Path) -> None:
    match operation:
        case ["put", articles]:
            library.add([article(id, version) for id, version in articles])
        case ["remove", id]:
            library.remove(id)
        case ["drop", id]:
            library.drop_old(id)
        case ["vacuum"]:
            library.vacuum()
        case ["backup", name]:
            backup(library.path, aside / name)
        case ["restore", name]:
            restore(aside / name, library.path, replace=True)
        case ["salvage", name]:
            salvage(library.path, aside / name, LetterEncoder())
        case ["check"]:
            check(library.path)
        case ["turn"]:
            library.conversations.append("talk", "{}", "Talk")
        case ["failures", file, reasons]:
            library.failures.note({file: reasons})
        case ["cache"]:
            library.save_cache()


def replay(journal: Path) -> tuple[Expected, dict[str, Expected], list[Any] | None, int]:
    """Give what must be there, the backups, the operation that was not acknowledged if any, and the steps so far."""
    expected, backups, pending, steps = Expected(), {}, None, 0
    for line in journal.read_text().splitlines() if journal.exists() else []:
        word, *rest = json.loads(line)
        if word == "begin":
            pending, steps = rest[0], steps + 1
        else:
            expected = apply(pending, expected, backups) if word == "done" else expected
            pending = None
    return expected, backups, pending, steps


def work(folder: Path, journal: Path, seed: int) -> None:
    """Change the library until killed; every operation stands in the journal before it begins and when it is done."""
    index.live_index._FEW = 5
    drawn = random.Random(seed)
    expected, backups, _, step = replay(journal)
    encoder = LetterEncoder()
    library = Library.open(folder, encoder) if Library.exists(folder) else Library.create(folder, encoder)
    log = os.open(journal, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    while True:
        operation = draw(drawn, expected, backups, step)
        os.write(log, json.dumps(["begin", operation]).encode() + b"\n")
        perform(operation, library, journal.parent)
        expected = apply(operation, expected, backups)
        os.write(log, b'["done"]\n')
        step += 1


def rewrite(folder: Path, drawn: random.Random, step: int) -> None:
    """Write, rename or delete a file; no state of a file has the size of another."""
    file = folder / f"{drawn.randrange(6)}.{drawn.choice(['txt', 'jsonl'])}"
    match drawn.choice(["write", "write", "write", "rename", "delete"]):
        case "write":
            records = [f"Record {drawn.randrange(9)} of {file.name}. " * drawn.choice([1, 90]) for _ in range(9)]
            rows = "\n".join(json.dumps({"text": text}) for text in dict.fromkeys(records))
            new = folder / f".{file.name}"
            new.write_text((rows if file.suffix == ".jsonl" else f"Text {step}. {rows}") + " " * step)
            new.rename(file)
        case "rename" if file.exists():
            file.rename(folder / f"moved-{file.name}")
        case "delete":
            file.unlink(missing_ok=True)


def follow(library: Path, folder: Path, seed: int) -> None:
    """Change a folder and follow it until killed."""
    index.read_files.QUIET_SECONDS, index.following.QUIET_SECONDS = -1.0, 0.0
    index.intake._BATCH_CHARACTERS = 3000
    drawn = random.Random(seed)
    with Library.open(library, LetterEncoder()) as opened:
        following = Following(opened, [folder])
        for step in count(1000 * seed):
            rewrite(folder, drawn, step)
            list(following.step())
