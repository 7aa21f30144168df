"""The commands that look after a library: status, check, vacuum, backup, restore, doctor."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

FAILED = 2


def add_upkeep(commands: Any, shared: argparse.ArgumentParser, model: argparse.ArgumentParser) -> None:
    """Add the commands to those of the command line; `shared` and `model` are options they have in common."""
    status = commands.add_parser("status", parents=[shared], help="what the library holds, and what it could not read")
    status.add_argument("--all", action="store_true", dest="everything", help="long lists in full")
    status.add_argument("--json", action="store_true", help="as JSON")
    status.set_defaults(run=_status)

    check = commands.add_parser("check", parents=[shared, model], help="read everything and say whether it is whole")
    check.add_argument("--salvage", type=Path, metavar="DIR", help="make a new library of what can be read")
    check.set_defaults(run=_check)

    vacuum = commands.add_parser("vacuum", parents=[shared], help="take what was removed from the disk too")
    vacuum.set_defaults(run=_vacuum)

    backup = commands.add_parser("backup", parents=[shared], help="copy the library to one file, also while it is used")
    backup.add_argument("target", type=Path, metavar="FILE_OR_DIR")
    backup.set_defaults(run=_backup)

    restore = commands.add_parser("restore", parents=[shared], help="make the library what a backup holds")
    restore.add_argument("source", type=Path, metavar="FILE")
    restore.add_argument("--replace", action="store_true", help="lose what is in the library now")
    restore.set_defaults(run=_restore)

    doctor = commands.add_parser(
        "doctor", parents=[shared, model], help="check packages and models, and answer a question without a network"
    )
    doctor.set_defaults(run=_doctor)


def _status(settings: argparse.Namespace) -> int:
    from index.database import Database
    from index.store import Store
    from ui.status import json_text, status, status_text
    from ui.terminal import safe

    store = Store(settings.library, Database.open(settings.library))
    try:
        found = status(store)
    finally:
        store.close()
    print(json_text(found) if settings.json else safe(status_text(found, everything=settings.everything)))
    return 0


def _check(settings: argparse.Namespace) -> int:
    from index.checking import check
    from index.encoder import SentenceEncoder
    from index.salvage import salvage
    from ui.status import checked_text, saved_text
    from ui.terminal import safe

    if settings.salvage:
        saved = salvage(settings.library, settings.salvage, SentenceEncoder(settings.model) if settings.model else None)
        print(safe(saved_text(saved, settings.salvage)))
        return FAILED if saved.lost or saved.doubtful else 0
    checked = check(settings.library)
    print(safe(checked_text(checked, settings.library)))
    return FAILED if checked.damage else 0


def _vacuum(settings: argparse.Namespace) -> int:
    from index import Library
    from qa.conversations import forget_lost
    from ui.terminal import safe

    before = _size(settings.library)
    with Library.open(settings.library) as library:
        forget_lost(library)
        library.vacuum()
    for rows in settings.library.glob("evaluations/*.jsonl"):  # of evaluations broken off; they may quote what is gone
        rows.unlink()
    print(safe(f"{settings.library}: {before / 1e6:.1f} MB before, {_size(settings.library) / 1e6:.1f} MB now."))
    return 0


def _backup(settings: argparse.Namespace) -> int:
    from index.copies import backup
    from ui.terminal import safe

    file = backup(settings.library, settings.target)
    print(safe(f"{file}: {file.stat().st_size / 1e6:.1f} MB. Put it back with: footnote restore {file} --library DIR"))
    return 0


def _restore(settings: argparse.Namespace) -> int:
    from index.copies import restore
    from index.database import Database
    from index.store import Store
    from ui.terminal import safe
    from ui.wording import counted

    restore(settings.source, settings.library, replace=settings.replace)
    store = Store(settings.library, Database.open(settings.library))
    articles, passages = store.counts()
    store.close()
    print(safe(f"{settings.library}: {counted(articles, 'article')}, {counted(passages, 'passage')}."))
    return 0


def _doctor(settings: argparse.Namespace) -> int:
    from ui.doctor import examinations
    from ui.terminal import safe

    failed = False
    for found in examinations(settings.library, settings.model):
        failed |= not found.well
        print(safe(f"{'ok ' if found.well else 'BAD'}  {found.what}: {found.detail}"), flush=True)
    return FAILED if failed else 0


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
