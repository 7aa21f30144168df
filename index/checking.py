"""Whether a library is whole: what is made from the articles is made again, the rest is reported."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from index.database import FILE, Database
from index.errors import LibraryDamaged, LibraryUnwritable, WordsDamaged
from index.families import Families
from index.salvage import older_survivors, survivors
from index.segment_cache import CACHE_FILES, forget, load
from index.store import Store
from index.versions import Versions
from index.whole_files import sweep


@dataclass(slots=True)
class Checked:
    """Say what was found: `damage` is beyond mending here, `mended` is as it should be again.

    `whole` articles are as they were stored, `older` counts older versions of them that are; `doubtful`
    ones (by id) have changed bytes, also in an older version, `lost` cannot be read.
    """

    damage: list[str] = field(default_factory=list)
    mended: list[str] = field(default_factory=list)
    whole: int = 0
    doubtful: list[str] = field(default_factory=list)
    lost: int = 0
    older: int = 0


def check(folder: Path) -> Checked:
    """Read everything in a library and compare it with what was stored.

    A broken word index or vector cache is made again where the folder may be written.
    Raises: LibraryMissing, LibraryMismatch.
    """
    checked = Checked()
    try:
        Database.open(folder).close()
    except LibraryDamaged as error:
        checked.damage.append(error.found)
    try:
        with Database.open_as_it_is(folder / FILE) as database:
            checked.damage += database.problems()
            _count(database, checked)
    except LibraryDamaged as error:
        checked.damage.append(error.found)
    checked.damage = list(dict.fromkeys(checked.damage))
    try:
        _mend(folder, checked)
    except LibraryUnwritable as error:
        checked.damage.append(f"what could be made again was not: {error.found}")
    except LibraryDamaged as error:
        checked.damage.append(error.found)
    return checked


def _count(database: Database, checked: Checked) -> None:
    for survivor in survivors(database, broken=bool(checked.damage)):
        if survivor.article is None:
            checked.lost += 1
        elif survivor.vectors is None:
            checked.doubtful.append(survivor.article.id)
        else:
            checked.whole += 1
    for survivor in older_survivors(database):
        if survivor.article is None:
            checked.lost += 1
        elif survivor.vectors is None:
            checked.doubtful.append(survivor.article.id)
        else:
            checked.older += 1
    checked.doubtful = list(dict.fromkeys(checked.doubtful))
    if checked.doubtful:
        checked.damage.append(f"bytes have changed in {', '.join(checked.doubtful[:5])}")


def _mend(folder: Path, checked: Checked) -> None:
    if checked.doubtful or checked.lost:
        return
    store = Store.open(folder)
    try:
        if checked.damage or not _words_fit(store):
            store.rebuild_words()
            with store.writing(counted=False):
                Versions(store).rebuild_words()
            if not (problems := store.database.problems()):
                checked.damage.clear()
                checked.mended.append("the word index was broken")
            else:
                checked.damage = problems
        _compare(store, checked)
        if any(any(folder.glob(pattern)) for pattern in CACHE_FILES) and load(folder, store.settings()["id"]) is None:
            forget(folder)
            checked.mended.append("the search cache was broken; the next search makes another")
    finally:
        store.close()
    checked.mended += [f"{name} was left unfinished" for name in sweep(folder)]


def _words_fit(store: Store) -> bool:
    if not store.words_fit():
        return False
    try:
        with store.writing(counted=False):
            return Versions(store).words_fit()
    except WordsDamaged:
        return False


def _compare(store: Store, checked: Checked) -> None:
    """See to it that all articles have been compared with one another."""
    families = Families(store.database)
    if not families.fit():
        with store.writing():
            families.rebuild()
        checked.mended.append("the table of near-copies was broken")
    elif families.uncompared():
        with store.writing():
            compared = families.catch_up(None)
        checked.mended.append(f"{compared} articles had not been compared with the others, to know near-copies")
