import io
import zipfile
from pathlib import Path

from pytest import LogCaptureFixture
from small_files import MAYOR, SNOW, articles, docx, page, paragraph, read, refusal, zipped

from index import Article


def test_the_files_of_an_archive_are_read_as_those_of_a_folder(tmp_path: Path, caplog: LogCaptureFixture) -> None:
    file = tmp_path / "a.zip"
    found = articles(
        file,
        zipped(
            {
                "b/snow.txt": SNOW,
                "a.html": page(),
                "c.docx": docx(paragraph(MAYOR)),
                "__MACOSX/._a.txt": "x",
                ".hidden/x.txt": "x",
                "photo.png": b"\x89PNG",
                "LICENSE": "x",
            }
        ),
    )
    assert [one.origin for one in found] == [f"{file.resolve()}!{name}" for name in ("a.html", "b/snow.txt", "c.docx")]
    assert found[1].text == SNOW
    (notice,) = caplog.messages
    assert "left out files of other kinds: 1 .png, 1 without suffix" in notice


def test_names_that_lead_out_of_the_archive_and_archives_in_it_are_refused(tmp_path: Path) -> None:
    names = ["../up.txt", "/etc/passwd.txt", "a/../../b.txt", "C:\\x.txt", "..\\w.txt", "inner.zip"]
    found = read(tmp_path / "a.zip", zipped({**dict.fromkeys(names, SNOW), "fine.txt": SNOW}))
    assert [one.text for one in found if isinstance(one, Article)] == [SNOW]
    errors = [str(one) for one in found if not isinstance(one, Article)]
    assert len(errors) == len(names)
    assert sum("names inside the archive" in error for error in errors) == 5
    assert sum("archive in an archive" in error for error in errors) == 1


def test_bombs_are_refused_unread(tmp_path: Path) -> None:
    file = tmp_path / "a.zip"
    assert "at most 200 to 1" in refusal(file, zipped({"a.txt": b" " * 50_000_000}))
    assert "10,001 files" in refusal(file, zipped({f"{n}.txt": "" for n in range(10_001)}))
    claims = zipped({"a.txt": SNOW})
    at = claims.index(b"PK\1\2") + 24
    assert "MB unpacked" in refusal(file, claims[:at] + b"\xf0\xff\xff\xff" + claims[at + 4 :])


def test_a_member_that_unpacks_to_more_than_it_says_is_cut_and_refused(tmp_path: Path) -> None:
    lies = zipped({"a.txt": SNOW * 10})
    at = lies.index(b"PK\1\2") + 24
    assert "is damaged" in refusal(tmp_path / "a.zip", lies[:at] + b"\x0a\0\0\0" + lies[at + 4 :])


def test_an_encrypted_or_oddly_packed_member_is_refused_and_the_others_are_read(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        made.writestr("odd.txt", SNOW, zipfile.ZIP_LZMA)
        made.writestr("locked.txt", SNOW)
        made.writestr("plain.txt", MAYOR)
    data = bytearray(packed.getvalue())
    data[data.index(b"locked.txt", data.index(b"PK\1\2")) - 46 + 8] |= 1
    found = read(tmp_path / "a.zip", bytes(data))
    assert [one.text for one in found if isinstance(one, Article)] == [MAYOR]
    assert ["locked.txt is encrypted" in str(found[0]), "packed in an unusual way" in str(found[1])] == [True, True]


def test_a_file_that_is_no_archive_is_refused(tmp_path: Path) -> None:
    for data in (b"", b"PK", zipped({"a.txt": SNOW})[:-30]):
        assert "is damaged" in refusal(tmp_path / "a.zip", data)
