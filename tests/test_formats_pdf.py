from bisect import bisect_right
from pathlib import Path

from pytest import mark
from small_files import SNOW, article, pdf, pdf_page, read, refusal

from index import Article

THAW = "On Friday it thawed, and the roads were open again."


def test_lines_become_paragraphs_and_pages_are_offsets(tmp_path: Path) -> None:
    found = article(
        tmp_path / "a.pdf",
        pdf([pdf_page(f"{SNOW}\n\n{THAW}"), [], pdf_page(f"{SNOW} {THAW}"), []], title="Snow in June"),
    )
    assert found.text == f"{SNOW}\n\n{THAW}\n\n{SNOW} {THAW}"
    assert found.title == "Snow in June"
    third = len(f"{SNOW}\n\n{THAW}\n\n")
    assert found.pages == (third, third, len(found.text))
    assert bisect_right(found.pages, third - 3) + 1 == 1
    assert bisect_right(found.pages, third) + 1 == 3


def test_a_file_name_left_as_the_title_is_none(tmp_path: Path) -> None:
    found = article(tmp_path / "a.pdf", pdf([pdf_page(THAW)], title="Microsoft Word - snow.doc"))
    assert found.title == THAW


def test_a_date_of_the_file_is_no_date_of_the_article(tmp_path: Path) -> None:
    made = pdf([pdf_page(THAW)]).replace(b"/Title ()", b"/Title () /CreationDate (D:20200609100000Z)")
    assert article(tmp_path / "a.pdf", made).published is None


def test_a_scanned_pdf_is_refused(tmp_path: Path) -> None:
    assert "2 pages and no text" in refusal(tmp_path / "a.pdf", pdf([[], []]))


def test_an_encrypted_pdf_is_refused(tmp_path: Path) -> None:
    locked = "/ID [<00> <00>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <{0}> /U <{0}> >>".format("ab" * 32)
    assert "is encrypted" in refusal(tmp_path / "a.pdf", pdf([pdf_page(THAW)], encrypted=locked))


@mark.parametrize("data", [b"", b"%PDF-1.4\n", b"MZ" * 100, pdf([pdf_page(THAW)])[:200]])
def test_a_file_that_is_no_pdf_is_refused(tmp_path: Path, data: bytes) -> None:
    assert "damaged, or no PDF" in refusal(tmp_path / "a.pdf", data)


@mark.parametrize("count", [5001, 2_000_000_000, -1])
def test_a_pdf_that_claims_a_huge_number_of_pages_does_no_harm(tmp_path: Path, count: int) -> None:
    for found in read(tmp_path / "a.pdf", pdf([pdf_page(THAW)], count=count)):
        assert THAW in found.text if isinstance(found, Article) else "pages" in str(found)


def test_more_pages_than_a_book_has_are_refused(tmp_path: Path) -> None:
    assert "5,001 pages" in refusal(tmp_path / "a.pdf", pdf([[]] * 5001))
