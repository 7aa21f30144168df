from pathlib import Path

from pytest import LogCaptureFixture, mark
from small_files import article, refusal

from index.formats.encodings import decoded

WESTERN = [
    "Jeudi, la neige est tombée sur les collines. « Je n’ai jamais vu ça », a déclaré le maire.",
    "Am Donnerstag fiel Schnee auf die Hügel, und die Straßen wurden gesperrt. „Das gab’s noch nie“, sagte er.",
    "El jueves nevó en las colinas. ¿Quién lo habría pensado? A 20 °C, señaló el alcalde.",
    "Na quinta-feira, nevou nas colinas e as estradas foram fechadas. As escolas não abrirão, e as orações são lidas.",
    "“I’ve never seen that,” said the mayor — who’s lived there for sixty years. The café stayed open for £5.",
]
OTHERS = [
    ("cp1250", "W czwartek śnieg spadł na wzgórza i pokrył drogi. Burmistrz powiedział, że szkoły będą zamknięte."),
    ("cp1250", "Ve čtvrtek napadl na kopcích sníh a silnice byly zavřené. Starosta řekl, že školy budou zavřené."),
    ("cp1250", "Csütörtökön hó esett a dombokra, és az utakat lezárták. Őszi szünet is volt, tűz ütött ki, sőt."),
    ("cp1251", "В четверг на холмы выпал снег, и дороги были закрыты. Мэр сказал, что школы будут закрыты до полудня."),
    ("koi8_r", "В четверг на холмы выпал снег, и дороги были закрыты. Мэр сказал, что школы будут закрыты до полудня."),
    ("cp1253", "Την Πέμπτη έπεσε χιόνι στους λόφους και οι δρόμοι έκλεισαν. Τα σχολεία θα μείνουν κλειστά."),
    (
        "shift_jis",
        "木曜日に丘に雪が降り、道路が閉鎖された。市長は、学校は正午まで休みになり、バスは運行しないと述べた。",
    ),
    ("gb18030", "星期四，山上下了雪，道路被封闭。市长说，学校将关闭到中午，公共汽车也不会开。"),
]


@mark.parametrize("text", WESTERN)
def test_western_text_without_a_mark_is_windows_1252_without_a_guess(
    tmp_path: Path, caplog: LogCaptureFixture, text: str
) -> None:
    assert article(tmp_path / "a.txt", text.encode("cp1252")).text == text
    assert not caplog.records


@mark.parametrize(("encoding", "text"), OTHERS)
def test_another_encoding_is_guessed_and_said_to_be_a_guess(
    tmp_path: Path, caplog: LogCaptureFixture, encoding: str, text: str
) -> None:
    assert article(tmp_path / "a.txt", text.encode(encoding)).text == text
    (notice,) = caplog.messages
    assert str(tmp_path / "a.txt") in notice
    assert "is a guess" in notice


@mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_is_read_by_its_mark_and_a_guess_is_not_needed(
    tmp_path: Path, caplog: LogCaptureFixture, encoding: str
) -> None:
    text = "Śnieg spadł. 雪が降り。 It snowed."
    mark = "\ufeff" if encoding[-3:] in {"-le", "-be"} else ""
    assert article(tmp_path / "a.txt", (mark + text).encode(encoding)).text == text
    assert not caplog.records


@mark.parametrize(
    ("data", "words"),
    [
        (b"It snowed.\0", "is binary"),
        (b"\1\2\3\4\5 snow \xe9", "is binary"),
        (b"\xff\xfea\x00\x00\xd8", "is not UTF-16"),
        (b"snow \x81 snow", "nor in another encoding"),
        ("Kalnos uzsniga, ceļi slēgti.".encode("cp1257"), "nor in another encoding"),
    ],
)
def test_bytes_that_are_no_text_or_too_few_to_tell_are_refused(tmp_path: Path, data: bytes, words: str) -> None:
    assert words in refusal(tmp_path / "a.txt", data)


@mark.parametrize(
    ("declared", "data", "text"),
    [
        ("windows-1251", "Снег".encode("cp1251"), "Снег"),
        ("iso-8859-1", "naïve “café”".encode(), "naïve “café”"),
        ("iso-8859-1", "naïve “café”".encode("cp1252"), "naïve “café”"),
        ("gb2312", "雪下得很大".encode("gbk"), "雪下得很大"),
        ("iso-2022-jp", "雪が降った".encode("iso2022_jp"), "雪が降った"),
        ("utf-16", b"plain", "plain"),
        ("punycode", b"plain-", "plain-"),
        ("rot13", b"plain", "plain"),
        ("no\0such", b"plain", "plain"),
    ],
)
def test_what_is_declared_is_believed_unless_it_cannot_be(declared: str, data: bytes, text: str) -> None:
    assert decoded(data, "x", declared) == text
