from datetime import date
from pathlib import Path

from pytest import mark
from small_files import MAYOR, SNOW, article, mail, refusal

PLAIN, HTML = "Content-Type: text/plain; charset=utf-8", "Content-Type: text/html; charset=utf-8"


def test_a_message_brings_its_subject_sender_and_date(tmp_path: Path) -> None:
    found = article(tmp_path / "a.eml", mail((PLAIN, SNOW)))
    assert (found.title, found.author, found.text) == ("Snow in June", "Ann Lee", SNOW)
    assert (found.published, found.published_from) == (date(2020, 6, 9), "Date header")


def test_the_text_part_comes_before_the_html_part_and_attachments_are_left_out(tmp_path: Path) -> None:
    attached = (f"{PLAIN}\r\nContent-Disposition: attachment; filename=a.txt", "Attached.")
    assert article(tmp_path / "a.eml", mail(attached, (HTML, f"<p>{MAYOR}"), (PLAIN, SNOW))).text == SNOW
    assert article(tmp_path / "b.eml", mail(attached, (HTML, f"<style>p {{}}</style><p>{MAYOR}<p>{SNOW}"))).text == (
        f"{MAYOR}\n\n{SNOW}"
    )


def test_encoded_words_and_bodies_are_decoded(tmp_path: Path) -> None:
    coded = "Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable"
    made = mail((coded, "Caf=E9 Ode")).replace(b"Ann Lee <", b"=?utf-8?q?Ann_L=C3=A9?= <")
    found = article(tmp_path / "a.eml", made)
    assert (found.author, found.text) == ("Ann Lé", "Café Ode")


@mark.parametrize(
    "wrong", ["Date: yesterday", "Date: ", "Subject: =?marsian?q?x?=", "From: <<<", "Content-Type: nonsense"]
)
def test_wrong_headers_do_no_harm(tmp_path: Path, wrong: str) -> None:
    name = wrong.split(":")[0].encode()
    made = b"".join(
        line if not line.startswith(name) else f"{wrong}\r\n".encode()
        for line in mail((PLAIN, SNOW)).splitlines(keepends=True)
    )
    assert SNOW in article(tmp_path / "a.eml", made).text


@mark.parametrize("data", [b"", mail((PLAIN, "")), mail(("Content-Type: image/png", "x")), mail((HTML, "<p>"))])
def test_a_message_without_text_is_refused(tmp_path: Path, data: bytes) -> None:
    assert "holds no text" in refusal(tmp_path / "a.eml", data)
