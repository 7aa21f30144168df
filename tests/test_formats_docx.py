from pathlib import Path

from pytest import mark
from small_files import SNOW, article, docx, paragraph, refusal, zipped


def test_paragraphs_and_rows_of_tables_are_read_in_order(tmp_path: Path) -> None:
    table = f"<w:tbl><w:tr><w:tc>{paragraph('Hill')}</w:tc><w:tc>{paragraph('3 cm')}{paragraph('wet')}</w:tc></w:tr></w:tbl>"
    found = article(
        tmp_path / "a.docx", docx(paragraph("Snow in June", style="Title") + table + paragraph(SNOW) + paragraph(" "))
    )
    assert found.text == f"Snow in June\n\nHill\t3 cm\nwet\n\n{SNOW}"
    assert found.title == "Snow in June"


def test_the_title_of_the_properties_comes_first(tmp_path: Path) -> None:
    assert article(tmp_path / "a.docx", docx(paragraph("A heading"), title="Snow")).title == "Snow"


def test_deletions_and_second_copies_are_left_out_and_marks_are_kept(tmp_path: Path) -> None:
    body = (
        "<w:p><w:r><w:t>It </w:t></w:r><w:del><w:r><w:delText>rained</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>snowed</w:t><w:tab/><w:t>all</w:t><w:br/><w:t>day</w:t></w:r></w:ins>"
        "<w:moveFrom><w:r><w:t>moved</w:t></w:r></w:moveFrom>"
        f'<x:AlternateContent xmlns:x="u"><x:Choice>{paragraph("Box.")}</x:Choice>'
        f"<x:Fallback>{paragraph('Box.')}</x:Fallback></x:AlternateContent></w:p>"
    )
    assert article(tmp_path / "a.docx", docx(body)).text == "It snowed\tall\nday\nBox."


@mark.parametrize(
    ("data", "words"),
    [
        (b"", "is damaged"),
        (docx("")[:100], "is damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, "is encrypted, or an old .doc"),
        (zipped({"a.txt": SNOW}), "lacks 'word/document.xml'"),
        (zipped({"word/document.xml": "<w:document>"}), "is not XML"),
        (docx(""), "holds no text"),
    ],
)
def test_a_file_that_is_no_document_is_refused(tmp_path: Path, data: bytes, words: str) -> None:
    assert words in refusal(tmp_path / "a.docx", data)
