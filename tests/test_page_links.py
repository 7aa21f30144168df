"""Web pages added by their links: by the owner alone, where that was allowed, from a site on this machine."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from conftest import BAKERY, FERRY, UNDATED, ask, calling, open_page
from fastapi import FastAPI
from fastapi.testclient import TestClient
from playwright.sync_api import Page, expect
from pytest import TempPathFactory, fixture, mark
from small_files import SNOW, page, rss
from web_site import Reply, Site, served, visitor

from index import Library
from ui.authority import Authority, Visitor
from ui.binding import address_of, bound
from ui.page_adding import Adding
from ui.page_links import Links
from ui.server import Reach, application, guarded

OURS = {"x-footnote": "page"}


@fixture(scope="module")
def running() -> Iterator[Site]:
    with served() as site:
        yield site


@fixture
def site(running: Site) -> Site:
    running.replies.clear()
    running.asked.clear()
    return running


def client_of(library: Library, links: Links | None, who: Visitor | None = None) -> TestClient:
    app = FastAPI()
    Adding(library, links).offer(app)

    async def admitted(scope: Any, receive: Any, send: Any) -> None:
        await app({**scope, "state": {"visitor": who or Visitor()}}, receive, send)

    return TestClient(admitted)


def send(client: TestClient, address: object, headers: dict[str, str] = OURS) -> list[dict[str, Any]]:
    answer = client.post("/_page/links", json={"address": address}, headers=headers)
    return [json.loads(line) for line in answer.text.splitlines()]


@fixture
def client(small: Library) -> TestClient:
    return client_of(small, Links(visitor))


def test_a_page_is_added_with_its_address_and_again_only_when_it_changed(
    client: TestClient, small: Library, site: Site
) -> None:
    site.replies["/snow"] = Reply(page())
    *progress, last = send(client, site.url("/snow"))
    assert progress == [{"said": site.url("/snow")}]
    assert last["added"] == 1
    assert "1 article: 1 added." in last["html"]
    (found,) = (one for one in small.articles() if one.url)
    assert found.url == found.origin == site.url("/snow")
    assert SNOW in found.text
    assert "1 here already" in send(client, site.url("/snow"))[-1]["html"]
    assert site.paths().count("/robots.txt") == 1, "the visitor remembers what the site asked for"


def test_a_feed_tells_each_entry_and_what_is_refused_is_noted(client: TestClient, small: Library, site: Site) -> None:
    links = [site.url(f"/{number}") for number in range(2)]
    items = "".join(f"<item><title>Snow</title><link>{link}</link><guid>{link}</guid></item>" for link in links)
    site.replies |= {"/feed": Reply(rss(items), "application/rss+xml"), "/0": Reply(page())}
    told = send(client, site.url("/feed"))
    assert [one["said"].split(":")[0] for one in told[1:-1]] == ["1 of 2", "2 of 2"]
    assert "Not added:" in told[-1]["html"]
    assert list(small.failures.all()) == [site.url("/feed")]


@mark.parametrize(
    "address",
    [
        "",
        "news.example",
        "file:///etc/passwd",
        "ftp://news.example/a",
        "http://127.0.0.2/",
        "http://a:b@news.example/",
        7,
    ],
)
def test_what_is_no_link_or_leads_to_this_network_is_refused_with_a_reason(
    small: Library, site: Site, address: object
) -> None:
    last = send(client_of(small, Links()), address)[-1]
    assert last["added"] == 0
    assert "Expected:" in last["html"]
    assert site.asked == []


def test_the_visitor_of_the_page_goes_to_no_machine_of_this_network(small: Library, site: Site) -> None:
    last = send(client_of(small, Links()), f"http://127.0.0.1:{site.port}/snow")[-1]
    assert "Not added:" in last["html"]
    assert site.asked == []


def test_links_are_taken_of_the_owner_where_they_are_allowed_and_nowhere_else(small: Library, site: Site) -> None:
    site.replies["/snow"] = Reply(page())
    url = site.url("/snow")
    assert "footnote serve --fetch" in send(client_of(small, None), url)[-1]["html"]
    away = client_of(small, Links(visitor), Visitor("somebody", may_change=False))
    assert "you may read this library only" in send(away, url)[-1]["html"]
    assert send(client_of(small, Links(visitor)), url, {})[-1]["added"] == 0, "a form of another page"
    assert site.asked == []
    assert small.counts()[0] == 3


def test_the_gate_lets_no_stranger_send_a_link(small: Library) -> None:
    remote = Authority("t" * 32, names=("footnote.example.org",))
    with calling(small, remote, base_url="http://footnote.example.org") as stranger:
        assert stranger.post("/_page/links", json={"address": "https://news.example/"}).status_code == 401


@contextmanager
def served_here(library: Library, links: Links) -> Iterator[str]:
    """Serve the page in this process, with a visitor that may go to the site of the tests."""
    authority = Authority()
    app = guarded(application(library, authority, links=links), authority, Reach())
    with bound(None) as listening:
        listening.listen(128)
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", ws="none", timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield address_of(listening)
        finally:
            server.should_exit = True
            thread.join()


@fixture(scope="module")
def address(tmp_path_factory: TempPathFactory) -> Iterator[str]:
    with Library.create(tmp_path_factory.mktemp("links") / "library") as library:
        library.add([BAKERY, FERRY, UNDATED])
        with served_here(library, Links(visitor)) as address:
            yield address


def test_a_link_is_added_in_the_dialog_and_asked_about(wide: Page, address: str, site: Site) -> None:
    hostile = "<img/src=x/onerror=alert(1)>"
    site.replies["/lamp"] = Reply(
        page(body=f"<p>The lamp at Korsholm was lit in 1888 by Tora Lind.</p><p>{SNOW}</p><p>{SNOW}</p>", foot="")
    )
    open_page(wide, address)
    wide.get_by_role("button", name="Add", exact=False).first.click()
    field = wide.get_by_label("Link", exact=True)
    field.fill(site.url("/lamp"))
    field.press("Enter")
    expect(field).to_have_value("")
    rows = wide.locator("#fn-uploads > li")
    expect(rows.first).to_contain_text("1 article: 1 added.", timeout=30_000)
    field.fill(site.url(f"/gone?{hostile}"))
    wide.get_by_role("button", name="Add this link").click()
    expect(rows.first).to_contain_text("is not there (404)", timeout=30_000)
    expect(rows.first).to_contain_text("Check the address")
    assert rows.locator("img").count() == 0
    wide.keyboard.press("Escape")
    ask(wide, "When was the lamp at Korsholm lit?")
    expect(wide.locator(".fn-turn").last).to_contain_text("was lit in 1888")


def test_no_field_for_links_is_shown_where_they_are_not_allowed(wide: Page, seed_page: str) -> None:
    open_page(wide, seed_page)
    wide.locator("#fn-add-button").click()
    expect(wide.locator("#fn-drop")).to_be_visible()
    expect(wide.locator("#fn-link")).to_be_hidden()
