"""The API's documentation: its OpenAPI schema, and a page made of it that needs no script and no other host."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

_STYLE = Path(__file__).with_name("plain.css").read_text("utf-8")


def add_docs(app: FastAPI) -> None:
    """Serve /api/openapi.json, and /api/docs for people."""

    @app.get("/api/openapi.json", include_in_schema=False)
    def schema(request: Request) -> Response:
        root = request.scope.get("root_path", "")
        return JSONResponse({**app.openapi(), "servers": [{"url": root or "/"}]})

    @app.get("/api/docs", include_in_schema=False)
    def docs() -> Response:
        return HTMLResponse(docs_html(app.openapi()))

    @app.get("/api/plain.css", include_in_schema=False)
    def style() -> Response:
        return Response(_STYLE, media_type="text/css")


def docs_html(schema: dict[str, Any]) -> str:
    """Write an OpenAPI schema as a page."""
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en"><head><meta charset="utf-8"><title>Footnote: the API</title>',
            '<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="plain.css">',
            "</head><body><main>",
            "<h1>Footnote: the API</h1>",
            f"<p>{html.escape(schema['info'].get('description', ''))}</p>",
            '<p>The same for programs: <a href="openapi.json">openapi.json</a>.</p>',
            *(
                line
                for path, methods in schema["paths"].items()
                for method, operation in methods.items()
                for line in _operation(path, method, operation)
            ),
            "<h2>Shapes</h2>",
            *(line for name, shape in sorted(schema["components"]["schemas"].items()) for line in _shape(name, shape)),
            "</main></body></html>",
        ]
    )


def _operation(path: str, method: str, operation: dict[str, Any]) -> Iterator[str]:
    yield f"<section><h2><code>{method.upper()} {html.escape(path)}</code></h2>"
    yield f"<p>{html.escape(operation.get('description', ''))}</p>"
    rows = [
        (f"{one['name']} ({one['in']})", _kind(one["schema"]), one.get("description", ""))
        for one in operation.get("parameters", ())
    ]
    for kind, content in operation.get("requestBody", {}).get("content", {}).items():
        rows.append(("body", _kind(content["schema"]), kind))
    for kind, content in operation["responses"]["200"].get("content", {}).items():
        rows.append(("answer", _kind(content.get("schema", {})), kind))
    yield from _table(rows)
    yield "</section>"


def _shape(name: str, shape: dict[str, Any]) -> Iterator[str]:
    yield f'<section><h3 id="{html.escape(name)}"><code>{html.escape(name)}</code></h3>'
    yield f"<p>{html.escape(' '.join(shape.get('description', '').split()))}</p>"
    needed = set(shape.get("required", ()))
    yield from _table(
        [
            (field, _kind(value), " ".join(filter(None, [value.get("description", ""), _extent(field, value, needed)])))
            for field, value in shape.get("properties", {}).items()
        ]
    )
    yield "</section>"


def _table(rows: list[tuple[str, str, str]]) -> Iterator[str]:
    """Write rows of a name, a kind, which is HTML already, and a remark."""
    if rows:
        yield "<table>"
        for name, kind, remark in rows:
            yield f"<tr><th>{html.escape(name)}</th><td>{kind}</td><td>{html.escape(remark)}</td></tr>"
        yield "</table>"


def _extent(field: str, value: dict[str, Any], needed: set[str]) -> str:
    if "default" in value:
        return f"Default: {json.dumps(value['default'])}."
    return "" if field in needed else "May be left out."


def _kind(schema: dict[str, Any]) -> str:
    """Write what a value may be, as HTML."""
    if "$ref" in schema:
        name = html.escape(schema["$ref"].rsplit("/", 1)[1])
        return f'<a href="#{name}">{name}</a>'
    if "anyOf" in schema:
        return " or ".join(map(_kind, schema["anyOf"]))
    if schema.get("type") == "array":
        return f"list of {_kind(schema['items'])}" if "items" in schema else "list"
    if "enum" in schema:
        return " or ".join(html.escape(json.dumps(one)) for one in schema["enum"])
    return html.escape(str(schema.get("type", "anything")))
