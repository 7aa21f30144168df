from datetime import date
from pathlib import Path

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
    assert status(small._store).bytes[1] == sum(file.stat().st_size for file in small.path.glob("vectors.*"))


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
