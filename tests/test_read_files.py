import os
from pathlib import Path

from pytest import mark

from index import Library
from index.formats.version import readers_version
from index.read_files import ReadFile, Stamp, name_of

READ = ReadFile("stamp", "readers", True)


def test_files_are_noted_with_their_articles_until_they_are_forgotten(small: Library) -> None:
    files = small.read_files
    files.link("/a", ["bakery"])
    assert files.all() == {"/a": ReadFile("", "", False)}
    files.finish("/a", READ, ["bakery"])
    files.finish("/empty", READ, [])
    assert files.all() == {"/a": READ, "/empty": READ}
    assert files.counts() == {"/a": 1}
    assert files.articles("/a") == {"bakery"}
    assert files.articles("/empty") == files.articles("/unknown") == set()
    files.vanish(["/a", "/empty"])
    files.forget(["/a", "/empty"])
    assert files.all() == {"/a": ReadFile("", "readers", False)}, "its article is still to be removed"
    small.remove_gone(["bakery"])
    files.forget(["/a"])
    assert files.all() == {}


def test_a_file_is_never_noted_as_read_without_all_of_its_articles(small: Library) -> None:
    small.read_files.link("/a", ["bakery"])
    small.read_files.finish("/a", READ, ["bakery", "nowhere"])
    assert small.read_files.all() == {"/a": ReadFile("", "readers", False)}


def test_what_a_file_holds_no_more_is_gone_when_no_other_holds_it(small: Library) -> None:
    files = small.read_files
    for file in ("/x/a", "/x/b", "/y/c"):
        files.link(file, ["bakery", "ferry"])
        files.finish(file, READ, ["bakery", "ferry"])
    files.finish("/x/a", READ, ["ferry"])
    files.finish("/y/c", READ, ["ferry"])
    assert files.gone(["/x", "/y"]) == []
    files.finish("/x/b", READ, [])
    assert files.gone(["/x", "/"]) == [("/x/a", "bakery"), ("/x/b", "bakery"), ("/y/c", "bakery")]
    assert files.gone(["/y/"]) == [("/y/c", "bakery")]
    assert files.gone(["/z", "/x/a"]) == []
    files.finish("/x/b", ReadFile("stamp", "readers", False), [])
    assert files.held("ferry"), "of a file that is not whole, nothing is gone"
    small.remove_gone(["bakery", "ferry"])
    assert small.article("bakery") is None
    assert small.article("ferry") is not None


@mark.parametrize("way", ["removed", "deleted"])
def test_a_file_whose_article_goes_is_no_longer_whole(small: Library, way: str) -> None:
    small.read_files.link("/a", ["bakery"])
    small.read_files.finish("/a", READ, ["bakery"])
    if way == "removed":
        small.remove("bakery")
    else:
        with small._store.writing():
            small._store.delete("bakery")
    assert small.read_files.all() == {"/a": ReadFile("stamp" if way == "removed" else "", "readers", False)}


def test_searches_do_not_see_what_is_noted(small: Library) -> None:
    state = small.state()
    small.read_files.link("/a", ["bakery"])
    assert small.state() == state


def test_a_stamp_tells_one_state_of_a_file_from_another(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("It snowed.")
    before, times = Stamp.of(file), file.stat()
    file.write_text("It rained.")
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    after = Stamp.of(file)
    assert (after.size, after.modified) == (before.size, before.modified)
    assert os.name == "nt" or after != before
    assert not before.quiet()
    assert Stamp(1, before.modified - 3_000_000_000, before.changed - 3_000_000_000).quiet()
    assert not Stamp(1, before.modified + 10**15, 0).quiet(), "a time to come says nothing"


def test_names_are_real_and_text(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    (tmp_path / "b.txt").symlink_to("a.txt")
    assert name_of(tmp_path / "b.txt") == name_of(tmp_path / "." / "a.txt") == str((tmp_path / "a.txt").resolve())
    assert name_of(Path("/\udcf6")) == "/\\udcf6"


def test_the_version_of_the_readers_is_that_of_their_files() -> None:
    assert len(readers_version()) == 16
    assert readers_version() == readers_version()
