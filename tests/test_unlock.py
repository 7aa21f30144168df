from collections.abc import Iterator
from typing import Any

from conftest import BAKERY, LetterEncoder, calling
from pytest import TempPathFactory, fixture, mark

from index import Library
from ui.authority import OWNER_COOKIE, Authority
from ui.server import Reach

TOKEN = "t" * 32


@fixture(scope="module")
def library(tmp_path_factory: TempPathFactory) -> Iterator[Library]:
    with Library.create(tmp_path_factory.mktemp("unlock") / "library", LetterEncoder()) as library:
        library.add([BAKERY])
        yield library


def visiting(library: Library, *, private: bool = False, root_path: str = "") -> Any:
    authority = Authority(TOKEN, private=private, names=("footnote.example.org",))
    return calling(
        library,
        authority,
        Reach(root_path=root_path),
        base_url="https://footnote.example.org",
        follow_redirects=False,
    )


@mark.parametrize("root_path", ["", "/footnote"])
def test_the_token_opens_a_browser_until_it_is_locked(library: Library, root_path: str) -> None:
    with visiting(library, private=True, root_path=root_path) as browser:
        assert browser.get(f"{root_path}/api/v1/articles").status_code == 401
        form = browser.get(f"{root_path}/unlock")
        assert 'type="password"' in form.text
        assert "script" not in form.text
        wrong = browser.post(f"{root_path}/unlock", data={"token": "x" * 32})
        assert wrong.status_code == 401
        assert "not the owner" in wrong.text
        assert OWNER_COOKIE not in wrong.headers.get("set-cookie", "")
        right = browser.post(f"{root_path}/unlock", data={"token": f" {TOKEN}\n"})
        assert (right.status_code, right.headers["location"]) == (303, f"{root_path}/")
        cookies = right.headers.get_list("set-cookie")
        (given,) = [cookie for cookie in cookies if cookie.startswith(OWNER_COOKIE)]
        assert {"HttpOnly", "Secure", "SameSite=lax", f"Path={root_path or '/'}"} <= set(given.split("; "))
        assert TOKEN not in given
        assert browser.get(f"{root_path}/api/v1/status").json()["may_change"]
        assert "Forget it here" in browser.get(f"{root_path}/unlock").text
        browser.post(f"{root_path}/lock")
        assert browser.get(f"{root_path}/api/v1/articles").status_code == 401


def test_another_sites_form_opens_nothing(library: Library) -> None:
    with visiting(library) as browser:
        for said in ({"origin": "https://evil.example"}, {"origin": "null"}):
            assert browser.post("/unlock", data={"token": TOKEN}, headers=said).status_code == 403


@mark.parametrize("sent", [{}, {"token": "x" * 201}, {"token": ""}, {"token": "ä"}])
def test_what_is_no_token_is_refused(library: Library, sent: dict[str, str]) -> None:
    with visiting(library) as browser:
        assert browser.post("/unlock", data=sent).status_code in {401, 422}


def test_this_machine_needs_no_token(library: Library) -> None:
    with calling(library) as browser:
        assert "has shown" in browser.get("/unlock").text
        assert browser.post("/unlock", data={"token": "x" * 32}).status_code == 401
