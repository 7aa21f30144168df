from pathlib import Path

from pytest import approx

from ui.workload import Workload


def test_before_anything_is_read_kinds_tell_how_much_text_there_is() -> None:
    work = Workload([(Path("a.txt"), 1000), (Path("b.PDF"), 1_000_000)])
    assert work.bytes == 1_001_000
    assert work.characters == approx(1000 + 50_000)


def test_what_has_been_read_tells_of_the_rest_of_its_kind() -> None:
    files = [(Path(f"{n}.pdf"), 10_000_000) for n in range(4)]
    work = Workload(files)
    before = work.characters
    work.read(Path("0.pdf"), 20_000, 1.0)
    assert 20_000 + 3 * 20_000 <= work.characters < before / 10
    assert work.bytes_read == 10_000_000
    for number in (1, 2, 3):
        work.read(Path(f"{number}.pdf"), 20_000, 1.0)
    assert work.characters == 80_000
    assert work.bytes_read == work.bytes


def test_the_part_of_a_large_file_that_has_been_read_tells_of_the_rest() -> None:
    work = Workload([(Path("big.jsonl"), 1_000_000), (Path("a.txt"), 10)])
    assert work.characters == approx(1_000_010)
    work.read(Path("big.jsonl"), 25_000, 0.1)
    assert work.characters == approx(250_010)
    assert work.bytes_read == 100_000
    work.read(Path("big.jsonl"), 240_000, 1.0)
    work.read(Path("a.txt"), 10, 1.0)
    assert work.characters == 240_010


def test_where_the_share_is_not_known_it_is_at_least_what_has_been_read() -> None:
    work = Workload([(Path("book.epub"), 1000)])
    work.read(Path("book.epub"), 90_000, None)
    assert work.characters == 90_000
