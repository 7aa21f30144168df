"""The library: what goes in, what comes out, what is refused."""

import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
from conftest import BAKERY, FERRY, UNDATED, LetterEncoder, meant, without_override
from pytest import approx, fixture, mark, raises

from index import Article, Library, Outcome, Place, Query
from index.database import FILE
from index.errors import ArticleError, LibraryEmpty, LibraryMismatch, LibraryMissing
from index.passages import encoded_text, passages, spoken_date
from index.ranking import COSINE, scores
from index.terms import terms
from qa import Answer
from qa.conversations import keep
from qa.records import Citation


def test_adding_again_changes_nothing(small: Library) -> None:
    state = small._store.state()
    assert small.add([BAKERY, FERRY]) == [Outcome.UNCHANGED] * 2
    assert small._store.state() == state


def test_a_changed_article_replaces_the_one_of_its_id_and_origin(small: Library) -> None:
    assert small.add([replace(BAKERY, text="The bakery has closed.")]) == [Outcome.REPLACED]
    assert small.article("bakery").text == "The bakery has closed."
    assert small.search("rye favourite bread", k=9)[0].passage.article.text != BAKERY.text
    assert small.passage_counts(["rye"]) == {"rye": 0}


def test_a_changed_file_replaces_the_article_that_was_read_from_it(small: Library) -> None:
    first, second = Article("snow-1", "Snow", "Snow.", origin="/a"), Article("snow-2", "Snow", "Snow!", origin="/a")
    assert small.add([first]) == [Outcome.ADDED]
    assert small.add([second]) == [Outcome.REPLACED]
    assert small.article("snow-1") is None
    assert small.article("snow-2") is not None


def test_the_same_article_in_another_place_is_not_added_twice(small: Library) -> None:
    assert small.add([replace(BAKERY, origin="/elsewhere")]) == [Outcome.UNCHANGED]


def test_an_id_of_another_article_is_refused_and_the_rest_goes_in(small: Library) -> None:
    taken = Article("bakery", "Other", "Another bakery.", origin="/other")
    outcomes = small.add([taken, Article("new", "New", "New."), Article("new", "New", "Newer.", origin="/n")])
    assert [type(outcome) for outcome in outcomes] == [ArticleError, Outcome, ArticleError]
    assert small.article("bakery") == BAKERY
    assert small.article("new").text == "New."


def test_removing_takes_an_article_out_of_everything(small: Library) -> None:
    assert small.remove("ferry") == FERRY
    assert small.remove("ferry") is None
    assert all(hit.passage.article.id != "ferry" for hit in small.search("The ferry to Oster is late", k=50))
    assert [article.id for article in small.articles()] == ["bakery", "bees"]
    assert small.passages("ferry") == []


def test_search_ranks_every_passage_as_plain_python_does(small: Library, letters: LetterEncoder) -> None:
    query = "bread and bees on Mill Lane"
    parts = [part for article in (BAKERY, FERRY, UNDATED) for part in passages(article)]
    documents = [[terms(p.article.title), terms(spoken_date(p.article)), terms(p.text)] for p in parts]
    counts = {word: sum(any(word in field for field in document) for document in documents) for word in terms(query)}
    cosines = letters.encode([encoded_text(part) for part in parts]) @ letters.encode([query])[0]
    mean = np.mean([sum(map(len, document)) for document in documents])
    expected = scores(dict.fromkeys(terms(query), 1.0), documents, list(cosines), counts, len(parts), float(mean))
    found = small.search(query, k=9)
    assert [hit.passage for hit in found] == [parts[i] for i in np.argsort(-expected)]
    assert [hit.score for hit in found] == approx(sorted(expected, reverse=True))
    assert [hit.rank for hit in found] == [1, 2, 3]


def test_light_words_only_reorder(small: Library) -> None:
    found = small.search(Query(("zither",), (("zither", 1.0),), (("bee", 0.2),)), k=9)
    assert {hit.passage.article.id for hit in found} == {"bakery", "ferry", "bees"}
    alone = {hit.passage: hit.score for hit in small.search("zither", k=9)}
    for hit in found:
        if hit.passage.article.id == "bees":
            assert hit.score > alone[hit.passage]
        else:
            assert hit.score == approx(alone[hit.passage])


def test_two_texts_are_compared_by_their_mean_vector(small: Library, letters: LetterEncoder) -> None:
    texts = ("bread", "the ferry to Oster")
    mean = letters.encode(list(texts)).mean(axis=0)
    found = small.search(Query(texts, ()), k=9)
    for hit in found:
        vector = letters.encode([encoded_text(hit.passage)])[0]
        assert hit.score == approx(COSINE * float(vector @ mean / np.linalg.norm(mean)), abs=1e-5)


def test_passages_to_look_at_again_are_candidates_within_the_filters(tmp_path, letters) -> None:
    many = [Article(f"m{i}", "Bees", "Bees hum in May.") for i in range(150)]
    with Library.create(tmp_path / "many", letters) as library:
        library.add([*many, Article("far", "Zzz", "Zzz zzz zzz.", source="Elsewhere")])
        query = Query(("bees hum",), (("bee", 1.0),), again=(Place("far", 0, 3),))
        assert "far" in {hit.passage.article.id for hit in library.search(query, k=200)}
        shut = library.search(query, k=200, sources=["Nobody"])
        assert "far" not in {hit.passage.article.id for hit in shut}


def test_filters_hold_for_words_and_vectors(small: Library) -> None:
    def ids(**filters: object) -> set[str]:
        return {hit.passage.article.id for hit in small.search("bread ferry bees", k=9, **filters)}

    assert ids() == {"bakery", "ferry", "bees"}
    assert ids(after=date(2022, 1, 1)) == {"ferry"}
    assert ids(before=date(2021, 3, 2)) == {"bakery"}
    assert ids(sources=["harbour post", "OSTER WEEKLY"]) == {"bakery", "ferry"}
    assert ids(sources=["nobody"]) == set()


def test_changes_by_another_process_are_seen_without_opening_again(small: Library, letters: LetterEncoder) -> None:
    small.search("bread")
    with Library.open(small.path, letters) as other:
        other.add([Article("moon", "The moon", "The moon rose over Oster.")])
        other.remove("bakery")
    assert {hit.passage.article.id for hit in small.search("moon over Oster bread", k=9)} == {"moon", "ferry", "bees"}


def test_the_cache_is_rebuilt_when_it_is_damaged_or_gone(small: Library, letters: LetterEncoder) -> None:
    expected = small.search("bread", k=9)
    for damage in (b"garbage", None):
        (file,) = small.path.glob("search-*.vectors")
        file.unlink() if damage is None else file.write_bytes(damage)
        with Library.open(small.path, letters) as again:
            assert again.search("bread", k=9) == expected
        assert file.stat().st_size > 100


def test_another_model_is_refused_with_what_to_do(small: Library) -> None:
    other = LetterEncoder()
    other.name, other.fingerprint = "digits", "digits-1"
    with raises(LibraryMismatch, match=r"made with the model letters.*expected digits.*footnote add --model"):
        Library.open(small.path, other)


def test_a_search_before_anything_is_added_says_so(tmp_path: Path, letters: LetterEncoder) -> None:
    with Library.create(tmp_path / "library", letters) as library, raises(LibraryEmpty, match="footnote add"):
        library.search("anything")
    with raises(LibraryMissing, match="footnote add PATH"):
        Library.open(tmp_path / "nowhere", letters)


class _Failing(LetterEncoder):
    def encode(self, texts: Sequence[str]) -> np.ndarray:
        if any("poison" in text for text in texts):
            raise KeyboardInterrupt
        return super().encode(texts)


def test_an_addition_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    with Library.create(tmp_path / "library", _Failing()) as library:
        library.add([BAKERY])
        with raises(KeyboardInterrupt):
            library.add([FERRY, replace(UNDATED, text="poison")])
        assert [article.id for article in library.articles()] == ["bakery"]
        assert library.counts() == (1, 1)
        library.add([FERRY])
        assert library.counts() == (2, 2)


def test_progress_counts_all_characters_of_the_passages(tmp_path: Path, letters: LetterEncoder) -> None:
    done: list[int] = []
    with Library.create(tmp_path / "library", letters) as library:
        library.add([BAKERY, FERRY], progress=done.append)
    assert sum(done) == sum(part.end - part.start for article in (BAKERY, FERRY) for part in passages(article))


@fixture
def read_only(small: Library) -> Path:
    small.save_cache()
    small.close()
    for file in small.path.iterdir():
        file.chmod(0o444)
    small.path.chmod(0o555)
    yield small.path
    small.path.chmod(0o755)


@mark.skipif(sys.platform != "linux", reason="takes root's rights away with a call that only Linux has")
def test_a_read_only_library_is_read_and_refuses_to_be_written(read_only: Path) -> None:
    script = (
        "import sys; sys.path[:0] = ['.', 'tests']\n"
        "from conftest import FERRY, LetterEncoder\n"
        "from index import Article, FootnoteError, Library\n"
        f"library = Library.open({str(read_only)!r}, LetterEncoder())\n"
        "print(library.search('bread', k=1)[0].passage.article.id)\n"
        "for change in (lambda: library.remove('ferry'), lambda: library.add([Article('n', 'N', 'New.')])):\n"
        "    try: change()\n"
        "    except FootnoteError as error: print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        preexec_fn=without_override,
        check=True,
        timeout=60,
    )
    lines = done.stdout.splitlines()
    assert lines[0] == "bakery"
    assert len(lines) == 3
    assert all("cannot be written" in line for line in lines[1:])
    assert sorted(file.suffix for file in read_only.iterdir()) == [".arrays", ".json", ".sqlite", ".vectors"]


def test_discarding_takes_only_the_librarys_own_files(small: Library) -> None:
    small.save_cache()
    (small.path / "notes.txt").write_text("mine")
    small.discard()
    assert [file.name for file in small.path.iterdir()] == ["notes.txt"]


def test_an_article_of_white_space_has_no_passages(small: Library) -> None:
    assert small.add([Article("blank", "Blank", " \n ")]) == [Outcome.ADDED]
    assert small.passages("blank") == []


WRITER = """
import sys; sys.path[:0] = ['.', 'tests']
from conftest import LetterEncoder
from index import Article, Library
library = Library.open(sys.argv[1], LetterEncoder())
version = 0
while True:
    version += 1
    text = f'The tide stood at {version} feet. ' * 60
    library.add([Article(id, 'Tide', text, origin=f'/{id}') for id in ('left', 'right')])
    if version % 20 == 0: library.vacuum()
"""
READER = """
import re, sys, time; sys.path[:0] = ['.', 'tests']
from concurrent.futures import ThreadPoolExecutor
from conftest import LetterEncoder
from index import Library
from index.passages import passages
library = Library.open(sys.argv[1], LetterEncoder())
def look(_):
    hits = library.search('tide', k=50)
    versions = {int(re.search(r'at (\\d+) feet', hit.passage.article.text)[1]) for hit in hits}
    found = {passage for hit in hits for passage in (hit.passage, *hit.also)}
    articles = {passage.article for passage in found}
    assert sorted(article.id for article in articles) == ['left', 'right']
    assert found == {part for article in articles for part in passages(article)}
    listed = {article.text for article in library.articles()}
    assert len(versions) == len(listed) == 1, versions
    return versions.pop()
deadline, seen = time.monotonic() + 50, []
with ThreadPoolExecutor(3) as threads:
    while len(set(seen)) < 25 and time.monotonic() < deadline: seen += threads.map(look, range(3))
print(len(set(seen)))
"""


def test_readers_in_other_programs_see_whole_states_and_new_ones(tmp_path: Path, letters: LetterEncoder) -> None:
    with Library.create(tmp_path / "tides", letters) as library:
        text = "The tide stood at 0 feet. " * 70
        library.add([Article(id, "Tide", text, origin=f"/{id}") for id in ("left", "right")])
    writer, *readers = (
        subprocess.Popen([sys.executable, "-c", script, tmp_path / "tides"], stdout=subprocess.PIPE, text=True)
        for script in (WRITER, READER, READER)
    )
    seen = [reader.communicate(timeout=100)[0] for reader in readers]
    assert writer.poll() is None, "it goes on writing beside them"
    writer.kill()
    writer.communicate()
    assert [reader.returncode for reader in readers] == [0, 0]
    assert min(map(int, seen)) >= 25, "states come and go without a restart"


def bytes_of(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file()).lower()


def test_what_was_removed_leaves_the_disk_with_vacuum(tmp_path: Path, letters: LetterEncoder) -> None:
    secret = Article(
        "q", "Quokka Quarry", "Zyzzyva beetles ate the quokka. " * 40, "Kvothe Kurier", "https://quux.example/q",
        date(1903, 7, 9), origin="/quokka", author="Xanthe Quill",
    )  # fmt: skip
    with Library.create(tmp_path / "library", letters) as library:
        library.add([BAKERY, secret, FERRY])
        (hit,) = library.search("zyzzyva", k=1)
        citation = Citation(1, hit.passage, hit.passage.start, hit.passage.start + 31, 0.9)
        keep(Answer("What did they eat?", meant("What did they eat?"), (citation,), (), 0.9), "talk", library)
        vector = letters.encode([encoded_text(library.passages("q")[0])])[0].tobytes()
        traces = [b"zyzzyva", b"beetl", b"quokka", b"kvothe", b"quux", b"xanthe", b"1903-07-09", vector.lower()]
        (tmp_path / "library" / "library.sqlite.new-killed").write_text("zyzzyva")
        assert all(trace in bytes_of(tmp_path / "library") for trace in traces)
        library.add([replace(secret, text="Replaced. " * 9)])
        library.remove("q")
        assert library.passage_counts(["zyzzyva", "quokka"]) == {"zyzzyva": 0, "quokka": 0}
        assert library.article("q") is None
        library.vacuum()
        assert not [trace for trace in traces if trace in bytes_of(tmp_path / "library")]
        assert {article.id for article in library.articles()} == {"bakery", "ferry"}
        assert library.search("bread", k=1)[0].passage.article == BAKERY
    assert not [trace for trace in traces if trace in bytes_of(tmp_path / "library")]


def test_a_broken_or_missing_word_index_is_made_again_by_the_search_that_finds_it(small: Library) -> None:
    expected = small.search("bread ferry", k=9)
    for damage in ("UPDATE words_data SET block = zeroblob(12)", "DROP TABLE words", "DELETE FROM words_data"):
        with sqlite3.connect(small.path / FILE) as connection:
            connection.execute(damage)
        connection.close()
        assert small.search("bread ferry", k=9) == expected


FULL = """
import resource, sys; sys.path[:0] = ['.', 'tests']
from pathlib import Path
from conftest import LetterEncoder
from index import Article, FootnoteError, Library
from index.copies import backup, restore
folder = Path(sys.argv[1])
library = Library.open(folder, LetterEncoder())
backup(folder, folder.parent / 'whole')
def big(i): return Article(f'big{i}', 'Big', f'A long story number {i} goes on. ' * 9000)
changes = {
    'add': lambda: library.add([big(0), big(1)]),
    'vacuum': library.vacuum,
    'backup': lambda: backup(folder, folder.parent / 'copy'),
    'restore': lambda: restore(folder.parent / 'whole', folder, replace=True),
    'turn': lambda: library.conversations.append('t', '{}' * 100_000, 'T'),
    'create': lambda: Library.create(folder.parent / 'other', LetterEncoder()),
}
for name, change in changes.items():
    before = [list(library.articles()), library.counts(), library.conversations.all()]
    resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, resource.RLIM_INFINITY))
    try:
        change()
        print(name, 'done')
    except FootnoteError as error:
        print(name, 'refused:', 'cannot be written' in str(error) and 'free some space' in str(error))
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    assert [list(library.articles()), library.counts(), library.conversations.all()] == before, name
    assert library.search('bread', k=1)[0].passage.article.id == 'bakery'
library.add([big(0)])
print(library.counts()[0], sorted(file.name for file in folder.parent.iterdir()))
"""


def test_articles_are_given_by_pages(small: Library) -> None:
    ids = [article.id for article in small.articles()]
    assert [[one.id for one in small.articles(first, 2)] for first in (0, 2, 4)] == [ids[:2], ids[2:], []]
    assert [one.id for one in small.articles(1)] == ids[1:]


@mark.skipif(sys.platform != "linux", reason="limits files in a way that only Linux has")
def test_a_full_disk_is_said_and_leaves_the_library_as_it_was(small: Library) -> None:
    small.close()
    done = subprocess.run(
        [sys.executable, "-c", FULL, small.path], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    *lines, last = done.stdout.splitlines()
    assert lines == [f"{name} refused: True" for name in ("add", "vacuum", "backup", "restore", "turn", "create")]
    assert last == "4 ['library', 'other', 'whole']"
