"""Where the owner shows the token in a browser, which then has a cookie for it."""

from __future__ import annotations

from typing import Annotated

from fastapi import FastAPI, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from ui.authority import OWNER_COOKIE, OWNER_SECONDS, Authority, may_change

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Footnote: the owner's token</title>
<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="api/plain.css"></head><body><main>
<h1>Footnote</h1>
{content}
</main></body></html>
"""
_FORM = """<p>{reason}</p>
{wrong}
<form method="post" action="unlock">
<label for="token">The owner's token</label>
<input id="token" name="token" type="password" autocomplete="current-password" maxlength="200" required autofocus>
<button>Go on</button>
</form>"""
_OPEN = """<p>This browser has shown the owner's token. <a href="./">To the page</a></p>
<form method="post" action="lock"><button>Forget it here</button></form>"""
_WRONG = '<p role="alert">That is not the owner\'s token.</p>'


def add_unlocking(app: FastAPI, authority: Authority) -> None:
    """Serve /unlock, and /lock, which takes it back."""
    reason = "Who reads here needs the owner's token." if authority.private else "It lets you add and delete articles."

    @app.get("/unlock", include_in_schema=False)
    def form(request: Request) -> Response:
        shown = _OPEN if may_change(request) else _FORM.format(reason=reason, wrong="")
        return HTMLResponse(_PAGE.format(content=shown))

    @app.post("/unlock", include_in_schema=False)
    def unlock(request: Request, token: Annotated[str, Form(max_length=200)]) -> Response:
        if not authority.is_token(token.strip()):
            return HTMLResponse(_PAGE.format(content=_FORM.format(reason=reason, wrong=_WRONG)), 401)
        response = _home(request)
        response.set_cookie(
            OWNER_COOKIE,
            authority.owner_pass(),
            max_age=OWNER_SECONDS,
            path=_path(request),
            secure=request.url.scheme == "https",
            httponly=True,
            samesite="lax",
        )
        return response

    @app.post("/lock", include_in_schema=False)
    def lock(request: Request) -> Response:
        response = _home(request)
        response.delete_cookie(OWNER_COOKIE, path=_path(request))
        return response


def _home(request: Request) -> Response:
    return RedirectResponse(f"{request.scope.get('root_path', '')}/", 303)


def _path(request: Request) -> str:
    return request.scope.get("root_path", "") or "/"
