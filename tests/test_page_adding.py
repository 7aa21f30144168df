"""What is sent as a file or a text, by whomever, over HTTP."""

import json
from pathlib import Path
from types import SimpleNamespace

from conftest import BAKERY
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hostile import FILE_NAMES
from pytest import fixture, mark, raises

from index import Library
from index.errors import ArticleError
from ui.authority import Visitor
from ui.page_adding import Adding, NotAllowed, _name

OURS = {"x-footnote": "page"}


def request_of(visitor: Visitor) -> SimpleNamespace:
    return SimpleNamespace(state=SimpleNamespace(visitor=visitor))


@fixture
def client(small: Library) -> TestClient:
    return client_of(small, Visitor())


def client_of(library: Library, visitor: Visitor) -> TestClient:
    app = FastAPI()
    Adding(library).offer(app)

    async def admitted(scope, receive, send) -> None:
        await app({**scope, "state": {"visitor": visitor}}, receive, send)

    return TestClient(admitted)


def send(client: TestClient, name: str, data: bytes, headers: dict[str, str] = OURS) -> list[dict]:
    answer = client.post("/_page/articles", params={"name": name}, content=data, headers=headers)
    return [json.loads(line) for line in answer.text.splitlines()]


def test_a_file_is_searchable_when_its_bar_is_full(client: TestClient, small: Library) -> None:
    *progress, last = send(client, "owl.txt", b"The barn owl hunts at night over the fields of Vik.")
    assert [one["done"] / one["of"] for one in progress] == [1.0]
    assert last["added"] == 1
    assert "1 article: 1 added." in last["html"]
    assert small.search("barn owl", k=1)[0].passage.article.title.startswith("The barn owl")
    (again,) = send(client, "owl.txt", b"The barn owl hunts at night over the fields of Vik.")[-1:]
    assert "1 here already" in again["html"]


def test_two_files_of_one_name_are_two_articles(client: TestClient, small: Library) -> None:
    for text in (b"The barn owl hunts at night.", b"The swift sleeps on the wing."):
        assert "1 added" in send(client, "bird.txt", text)[-1]["html"]
    assert small.counts()[0] == 5


@mark.parametrize(
    ("name", "data"),
    [
        ("a.exe", b"MZ"),
        ("a.txt", b""),
        ("a.pdf", b"%PDF-1.4 nothing"),
        ("a.jsonl", b"{}\n[]\n"),
        ("a.md", b"---\nid: ../../x\n---\nText."),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_name_and_a_reason(client: TestClient, name: str, data: bytes) -> None:
    last = send(client, name, data)[-1]
    assert last["added"] == 0
    assert "Not added:" in last["html"]
    assert "Expected:" in last["html"]
    assert "/tmp" not in last["html"]


def test_a_pasted_text_brings_its_fields_and_bad_ones_are_told(client: TestClient, small: Library) -> None:
    def paste(**fields: object) -> dict:
        answer = client.post("/_page/articles", json=fields, headers=OURS)
        return json.loads(answer.text.splitlines()[-1])

    assert paste(title="Owls", source="Bird News", published="2024-03-02", text="Owls hunt at night.")["added"] == 1
    found = small.search("owls", k=1)[0].passage.article
    assert (found.title, found.source, found.published.isoformat()) == ("Owls", "Bird News", "2024-03-02")
    assert "a date such as" in paste(title="Owls", published="soon", text="Owls hunt.")["html"]
    assert "holds no text" in paste(title="Owls", text="  ")["html"]
    bad = client.post("/_page/articles", content=b"[", headers={**OURS, "content-type": "application/json"})
    assert "no text from the page" in bad.text


def test_what_a_form_of_another_page_could_send_is_not_taken(client: TestClient, small: Library) -> None:
    assert send(client, "a.txt", b"Planted text of another page.", {})[-1]["added"] == 0
    assert small.counts()[0] == 3


def test_visitors_may_only_read(small: Library) -> None:
    visitor = Visitor("somebody", may_change=False)
    away = client_of(small, visitor)
    assert "you may read this library only" in send(away, "a.txt", b"Planted text.")[-1]["html"]
    with raises(NotAllowed):
        Adding(small).remove({"id": "ferry"}, request_of(visitor))
    assert small.article("ferry") is not None


def test_what_is_removed_comes_back_whole_once(small: Library) -> None:
    adding = Adding(small)
    here = request_of(Visitor())
    assert adding.remove({"id": "bakery"}, here) == {"id": "bakery", "title": BAKERY.title}
    assert small.article("bakery") is None
    adding.restore({"id": "bakery"}, here)
    assert small.article("bakery") == BAKERY
    for call in (adding.restore, adding.remove):
        with raises(ArticleError):
            call({"id": "nothing"}, here)


@mark.parametrize("name", [*FILE_NAMES, "", "/", "..", "c:\\x\\y.txt", "\udcff.txt"])
def test_no_name_leads_out_of_its_folder(name: str, tmp_path: Path) -> None:
    made = _name(name)
    assert made
    assert (tmp_path / made).parent == tmp_path
    assert not made.startswith(".")
    assert len(made.encode("utf-8", "replace")) < 256
