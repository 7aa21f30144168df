import io
from pathlib import PurePath

from hypothesis import given
from hypothesis import strategies as st
from pytest import mark

from index import Library, Outcome
from ui.receiving import add_files, add_records, safe_name


@mark.parametrize(
    ("name", "safe"),
    [
        ("news.md", "news.md"),
        ("Über das Brot.txt", "Über das Brot.txt"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("/etc/shadow.txt", "shadow.txt"),
        ("a\0b.md", "a_b.md"),
        ('x"\r\nset-cookie: a.html', "x_set-cookie_ a.html"),
        ("..", "file"),
        (".md", "md"),
        ("", "file"),
        ("con" + "x" * 300 + ".jsonl", "con" + "x" * 57 + ".jsonl"),
    ],
)
def test_a_name_from_afar_is_made_one_of_ours(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@given(st.text())
def test_no_name_leads_out_of_its_folder(name: str) -> None:
    safe = safe_name(name)
    assert PurePath("/a", safe).parent == PurePath("/a")
    assert safe not in {"", ".", ".."}
    assert "\0" not in safe
    assert len(safe) <= 72


def test_what_came_before_is_replaced_by_its_id_alone(small: Library) -> None:
    def sent(text: str, **fields: str) -> list[Outcome | None]:
        return [one.outcome for one in add_records([{"text": text, **fields}], small)]

    assert sent("Hens lay eggs.", id="hens") == [Outcome.ADDED]
    assert sent("Hens lay eggs.", id="hens") == [Outcome.UNCHANGED]
    assert sent("Hens lay no eggs.", id="hens") == [Outcome.REPLACED]
    assert sent("Hens lay eggs.", title="Hens") == [Outcome.ADDED]
    assert sent("Hens lay few eggs.", title="Hens") == [Outcome.ADDED], "no id: another text is another article"
    (clash,) = add_records([{"text": "mine", "id": "bakery"}], small)
    assert clash.clash
    assert "bakery" in str(clash.refusal)


def test_files_bring_their_articles_and_errors_in_order(small: Library) -> None:
    lines = b'{"id": "one", "text": "The first line."}\n{"id": "two"}\n{"id": "three", "text": "The third line."}\n'
    found = add_files([("a.md", io.BytesIO(b"# A\n\nText.")), ("b.jsonl", io.BytesIO(lines))], small)
    assert [one.id.split("-")[0] for one in found] == ["a", "one", "", "three"]
    assert str(found[2].refusal).startswith("b.jsonl, line 2")
    assert small.article("one").origin == "received#one"
    again = add_files([("c.jsonl", io.BytesIO(lines.replace(b"first", b"1st")))], small)
    assert [one.outcome for one in again] == [Outcome.REPLACED, None, Outcome.UNCHANGED]
