import re
from collections.abc import Iterator
from typing import Any

from conftest import calling
from pytest import fixture

from index import Library
from ui.api_docs import docs_html
from ui.server import Reach


@fixture
def client(small: Library) -> Iterator[Any]:
    with calling(small) as client:
        yield client


def test_the_schema_names_each_path_with_its_shapes(client: Any) -> None:
    schema = client.get("/api/openapi.json").json()
    assert set(schema["paths"]) == {
        "/api/v1/ask",
        "/api/v1/retrieve",
        "/api/v1/articles",
        "/api/v1/articles/files",
        "/api/v1/articles/{id}",
        "/api/v1/conversations",
        "/api/v1/conversations/{id}",
        "/api/v1/conversations/{id}/export",
        "/api/v1/status",
        "/api/v1/health",
    }
    assert {"found", "citations", "conversation"} <= set(schema["components"]["schemas"]["AskedValues"]["properties"])
    for path, methods in schema["paths"].items():
        for operation in methods.values():
            assert operation["description"], path
            assert operation["responses"]["default"]["content"]["application/json"]["schema"]["$ref"].endswith(
                "/ErrorValues"
            )


def test_the_page_shows_all_of_it_without_a_script_or_another_host(client: Any) -> None:
    schema, page = client.get("/api/openapi.json").json(), client.get("/api/docs")
    assert "script" not in page.headers["content-security-policy"]
    assert "<script" not in page.text
    for link in re.findall(r'(?:href|src)="([^"]*)"', page.text):
        assert re.fullmatch(r"#\w+|plain\.css|openapi\.json", link), link
        if link.startswith("#"):
            assert f'id="{link[1:]}"' in page.text
        else:
            assert client.get(f"/api/{link}").status_code == 200
    for path in schema["paths"]:
        assert path in page.text
    for field in ("question", "history", "light_words", "outcome"):
        assert f"<th>{field}</th>" in page.text


def test_the_schema_says_under_which_path_it_is_served(small: Library) -> None:
    with calling(small, reach=Reach(root_path="/footnote")) as client:
        assert client.get("/footnote/api/openapi.json").json()["servers"] == [{"url": "/footnote"}]


def test_what_a_schema_says_is_escaped() -> None:
    evil = "<script>x</script>"
    schema = {
        "info": {"description": evil},
        "paths": {f"/{evil}": {"get": {"description": evil, "responses": {"200": {}}}}},
        "components": {"schemas": {evil: {"description": evil, "properties": {evil: {"enum": [evil]}}}}},
    }
    assert "<script" not in docs_html(schema)
