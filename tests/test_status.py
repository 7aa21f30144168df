from dataclasses import replace
from datetime import date
from pathlib import Path

from conftest import COPIES, FERRY

from index import Library
from index.checking import Checked
from index.salvage import Saved
from index.schema import FORMAT
from ui.status import checked_text, saved_text, status, status_text, unusual_gaps


def test_a_library_is_looked_over(small: Library) -> None:
    small.failures.note({"/bad.txt": ["/bad.txt is binary; expected text. Leave it out."]})
    small.save_cache()
    text = status_text(status(small._store))
    for line in (
        f"{small.path}: 3 articles, 3 passages",
        f"format {FORMAT}, model letters (letters-1…)",
        "  Harbour Post (1)\n    2021-03        1",
        "  no source (1)\n    no date        1",
        "languages, by script and commonest words: English 3",
        "1 file could not be read when last tried:\n  /bad.txt is binary; expected text. Leave it out.",
    ):
        assert line in text
    assert "unusually long" not in text
    assert status(small._store).bytes[1] == sum(file.stat().st_size for file in small.path.glob("search*"))


def test_families_and_versions_are_counted(small: Library) -> None:
    shown = status_text(status(small._store))
    assert not [word for word in ("near-copies", "older version", "compared") if word in shown]
    small.add(COPIES[:2])
    small.add([replace(FERRY, id="new-1", text="Ferry news.", origin="/f")])
    for text in ("One.", "Two."):
        small.add([replace(FERRY, id="new-1", text=text, origin="/f")])
    shown = status_text(status(small._store))
    assert "3 of the articles are near-copies of others, in 1 family\n" in shown
    assert "1 article with 2 older versions; footnote versions ID lists them\n" in shown
    with small._store.writing():
        small._store.database.change("INSERT INTO settings VALUES ('uncompared', 2)")
    assert "2 articles not yet compared with the others; footnote check does that" in status_text(status(small._store))


def test_an_empty_library_is_no_error(tmp_path: Path, letters) -> None:
    with Library.create(tmp_path / "empty", letters) as library:
        assert "0 articles, 0 passages" in status_text(status(library._store))


def test_gaps_are_unusual_by_the_librarys_own_measure() -> None:
    january = [date(2023, 1, day) for day in range(1, 32)]
    assert unusual_gaps([]) == unusual_gaps(january[:1]) == unusual_gaps(january) == []
    assert unusual_gaps([*january, date(2023, 2, 6), date(2023, 5, 1)]) == [(date(2023, 2, 6), date(2023, 5, 1))]
    yearly = [date(year, 1, 1) for year in range(2000, 2010)]
    assert unusual_gaps(yearly) == []


def test_a_check_says_what_is_left_and_what_to_do() -> None:
    assert checked_text(Checked(whole=3), Path("l")) == "3 articles as stored, with all passages and vectors."
    text = checked_text(Checked(["it is cut"], [], 1, ["a", "b"], 4), Path("l"))
    assert "damaged: it is cut\n" in text
    assert "2 articles with changed bytes: a, b" in text
    assert "4 articles cannot be read." in text
    assert "footnote check --salvage NEW --library l" in text
    saved = saved_text(Saved(5, ["a"], 2, 1), Path("new"))
    assert saved.startswith("saved into new: 5 articles, 1 conversation\n")
    assert "add their files again: a" in saved


def test_hundreds_of_failures_and_sources_are_cut_unless_all_are_wanted(small: Library) -> None:
    found = status(small._store)
    months = [(f"Paper {n:03}", f"20{year}-01", n) for n in range(1, 301) for year in (19, 20, 21)]
    failures = {
        f"/bad-{n:03}.jsonl": [f"/bad-{n:03}.jsonl, line {line}, is bad" for line in range(5)] for n in range(322)
    }
    found = replace(found, months=[*months, ("Paper 300", "", 5)], failures=failures)
    text = status_text(found)
    assert text.count("\n") < 80
    assert "articles by source, of 300 sources:\n  Paper 300 (905)  2019-01 to 2021-01\n  Paper 299 (897)" in text
    assert "  and 280 others (118,020 articles; footnote status --all)" in text
    assert "322 files could not be read when last tried:\n  /bad-000.jsonl, line 0, is bad\n" in text
    assert "line 2, is bad\n    and 2 more in it\n  /bad-001" in text
    assert text.endswith("and 2 more in it\n  and 312 others (footnote status --all)")
    whole = status_text(found, everything=True)
    assert whole.count("is bad") == 5 * 322
    assert (
        "  Paper 300 (905)\n    2019-01      300\n    2020-01      300\n    2021-01      300\n    no date        5\n"
        in whole
    )
    assert "others" not in whole
