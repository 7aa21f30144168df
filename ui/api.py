"""The JSON API under /api/v1: the same records as `footnote ask --json`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, FastAPI, File, Path, Query, Request, UploadFile
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.routing import Match

from index import FootnoteError, Library
from qa import Turn, answer, retrieve
from qa.conversations import ConversationError, delete, keep, new_id, rename, reopen
from qa.retriever import checked
from ui.api_requests import (
    NEW,
    ArticlesRequest,
    AskRequest,
    RenameRequest,
    RetrieveRequest,
    invalid,
    turns,
)
from ui.authority import may_change, owner_of, visitor_of
from ui.conversation_export import conversation_json, conversation_markdown
from ui.http_errors import MISTAKE, NO_TOKEN, RequestError, error_response, error_values, said_to
from ui.line import Line
from ui.receiving import Received, add_files, add_records
from ui.records import answer_values, article_values, conversation_values, hit_values, kept_values, whole_article_values
from ui.values import (
    AddedValues,
    ArticlesValues,
    ArticleValues,
    AskedValues,
    ConversationsValues,
    ConversationValues,
    ErrorValues,
    GoneValues,
    HealthValues,
    HitsValues,
    NamedValues,
    ResultValues,
    StatusValues,
    WholeArticleValues,
)
from ui.work import Gone, Work

_MOST_FILES = 100
_CLIENT_GONE = 499
_NO_STORE = {"cache-control": "no-store"}


Limit = Annotated[int, Query(ge=1, le=200)]
Offset = Annotated[int, Query(ge=0, le=10**9)]
ArticleId = Annotated[str, Path(max_length=500)]
Version = Annotated[int, Query(ge=0, le=2**62)]
ConversationId = Annotated[str, Path(max_length=200)]


def add_api(app: FastAPI, library: Library, work: Work) -> None:
    """Put the API into a web application, behind the gate; `work` is where questions are answered."""
    _handle_errors(app)
    router = APIRouter(
        prefix="/api/v1", default_response_class=JSONResponse, responses={"default": {"model": ErrorValues}}
    )
    changes = Work(Line(1))
    _add_questions(router, library, work)
    _add_articles(router, library, changes)
    _add_conversations(router, library)
    _add_state(router, library)
    app.include_router(router)
    _offer_exports(app, library)

    @app.api_route("/api/{rest:path}", methods=["GET", "POST", "PATCH", "DELETE"], include_in_schema=False)
    def nothing(rest: str, request: Request) -> Response:
        if any(route.matches(request.scope)[0] is Match.PARTIAL for route in router.routes):
            raise RequestError(405, f"{request.method} there", "another method", "/api/docs says which")
        raise RequestError(404, f"the path /api/{rest[:80]}", "one of /api/docs", "Correct it")


def _add_questions(router: APIRouter, library: Library, work: Work) -> None:
    json_body = [Depends(_json_only)]

    @router.post("/ask", response_model=AskedValues, tags=["questions"], dependencies=json_body)
    async def ask(asked: AskRequest, request: Request) -> Response:
        """Answer a question with sentences of the articles, or with none."""
        owner = owner_of(request)

        def answered() -> Response:
            question = checked(asked.question)
            found = answer(question, library, history=_history(asked, library, owner), **asked.narrowing())
            id = new_id() if asked.conversation == NEW else asked.conversation
            if id is not None and not keep(found, id, library, owner):
                raise _no_conversation(id)
            return _json({**answer_values(found), "conversation": id})

        return await work.do(answered, request)

    @router.post("/retrieve", response_model=HitsValues, tags=["questions"], dependencies=json_body)
    async def find(asked: RetrieveRequest, request: Request) -> Response:
        """Find the passages that best fit a question."""
        owner = owner_of(request)

        def found() -> Response:
            question = checked(asked.question)
            hits = retrieve(question, library, k=asked.k, history=_history(asked, library, owner), **asked.narrowing())
            return _json({"hits": [hit_values(hit) for hit in hits]})

        return await work.do(found, request)


def _add_articles(router: APIRouter, library: Library, changes: Work) -> None:
    @router.get("/articles", response_model=ArticlesValues, tags=["articles"])
    def listed(limit: Limit = 50, offset: Offset = 0) -> Response:
        """List the articles, newest first, those without a date last."""
        page = [article_values(article) for article in library.articles(offset, limit)]
        return _json({"articles": page, "total": library.counts()[0]})

    @router.post(
        "/articles",
        response_model=AddedValues,
        tags=["articles"],
        dependencies=[Depends(_owner_only), Depends(_json_only)],
    )
    async def add(sent: ArticlesRequest, request: Request) -> Response:
        """Add articles. One with the id of an article that came this way before replaces it."""
        return _added(await changes.do(lambda: add_records(sent.articles, library), request))

    @router.post("/articles/files", response_model=AddedValues, tags=["articles"], dependencies=[Depends(_owner_only)])
    async def upload(
        request: Request, files: Annotated[list[UploadFile], File(description="Of the kinds that footnote add reads.")]
    ) -> Response:
        """Add the articles of files, as footnote add reads them."""
        if len(files) > _MOST_FILES:
            raise RequestError(422, f"{len(files)} files", f"at most {_MOST_FILES}", "Send them in parts")
        named = [(file.filename or "", file.file) for file in files]
        return _added(await changes.do(lambda: add_files(named, library), request))

    @router.get("/articles/{id:path}", response_model=WholeArticleValues, tags=["articles"])
    def article(id: ArticleId, version: Version = 0) -> Response:
        """Give an article with its text, as it is now or in the version that a quote names."""
        found = library.article(id, version)
        if found is None:
            raise _no_article(id)
        return _json(whole_article_values(found))

    @router.delete(
        "/articles/{id:path}", response_model=ArticleValues, tags=["articles"], dependencies=[Depends(_owner_only)]
    )
    async def remove(id: ArticleId, request: Request) -> Response:
        """Delete an article; its words leave the disk with footnote vacuum."""
        removed = await changes.do(lambda: library.remove(id), request)
        if removed is None:
            raise _no_article(id)
        return _json(article_values(removed))


def _add_conversations(router: APIRouter, library: Library) -> None:
    @router.get("/conversations", response_model=ConversationsValues, tags=["conversations"])
    def listed(request: Request, limit: Limit = 50, offset: Offset = 0) -> Response:
        """List your conversations, the latest changed first."""
        kept = library.conversations.all(owner_of(request))
        page = [kept_values(one) for one in islice(kept, offset, offset + limit)]
        return _json({"conversations": page, "total": len(kept)})

    @router.get("/conversations/{id}", response_model=ConversationValues, tags=["conversations"])
    def read(id: ConversationId, request: Request) -> Response:
        """Give a conversation, with the quotes that still stand."""
        return _json(conversation_values(reopen(id, library, owner_of(request))))

    @router.patch(
        "/conversations/{id}",
        response_model=NamedValues,
        tags=["conversations"],
        dependencies=[Depends(_json_only)],
    )
    def name(id: ConversationId, sent: RenameRequest, request: Request) -> Response:
        """Give a conversation another name."""
        return _json({"id": id, "name": rename(id, sent.name, library, owner_of(request))})

    @router.delete("/conversations/{id}", response_model=GoneValues, tags=["conversations"])
    def forget(id: ConversationId, request: Request) -> Response:
        """Delete a conversation."""
        delete(id, library, owner_of(request))
        return _json({"id": id})

    @router.get("/conversations/{id}/export", response_class=Response, tags=["conversations"])
    def export(id: ConversationId, request: Request, format: Literal["md", "json"] = "md") -> Response:
        """Give a conversation as a file: Markdown with footnotes, or JSON."""
        return _exported(id, format, library, owner_of(request))


def _add_state(router: APIRouter, library: Library) -> None:
    @router.get("/status", response_model=StatusValues, tags=["state"])
    def status(request: Request) -> Response:
        """Say what the library holds."""
        articles, passages = library.counts()
        first, last, undated = library.dates()
        return _json(
            {
                "articles": articles,
                "passages": passages,
                "sources": [{"name": name, "articles": number} for name, number in library.sources()],
                "first_day": first.isoformat() if first else None,
                "last_day": last.isoformat() if last else None,
                "undated": undated,
                "may_change": may_change(request),
                "failures": library.failures.all() if may_change(request) else None,
            }
        )

    @router.get("/health", response_model=HealthValues, tags=["state"])
    def health() -> Response:
        """Say that the library can be read; needs no token."""
        library.state()
        return _json({"status": "ok"})


def _offer_exports(app: FastAPI, library: Library) -> None:
    """Give conversations as files where the page links to them."""

    @app.get("/conversations/{id}.{format}", include_in_schema=False)
    def export(id: str, format: Literal["md", "json"], request: Request) -> Response:
        return _exported(id, format, library, owner_of(request))


def _exported(id: str, format: str, library: Library, owner: str) -> Response:
    conversation = reopen(id, library, owner)
    markdown = format == "md"
    text = conversation_markdown(conversation) if markdown else conversation_json(conversation)
    name = "".join(char for char in conversation.kept.id[:8] if char.isascii() and char.isalnum())
    headers = {**_NO_STORE, "content-disposition": f'attachment; filename="conversation-{name}.{format}"'}
    return Response(text, media_type="text/markdown" if markdown else "application/json", headers=headers)


def _owner_only(request: Request) -> None:
    if not may_change(request):
        raise NO_TOKEN


def _json_only(request: Request) -> None:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise RequestError(
            415,
            f"a body of kind {kind[:80] or 'unknown'}",
            "application/json",
            "Name it in the header content-type",
        )


def _history(asked: AskRequest | RetrieveRequest, library: Library, owner: str) -> Sequence[Turn]:
    if asked.conversation is None or asked.conversation == NEW:
        return turns(asked.history, library)
    if asked.history:
        raise RequestError(422, "both a history and a conversation", "one of the two", "Leave one out")
    return reopen(asked.conversation, library, owner).history


def _added(received: Sequence[Received]) -> Response:
    results: list[ResultValues] = [
        {
            "id": one.id or None,
            "outcome": one.outcome.value if one.outcome else "refused",
            "error": error_values(one.refusal) if one.refusal else None,
        }
        for one in received
    ]
    refused = [one for one in received if one.refusal]
    status = 200
    if refused and len(refused) == len(received):
        status = 409 if all(one.clash for one in refused) else 422
    counts = Counter(result["outcome"] for result in results)
    return _json({"results": results, "counts": dict(counts)}, status)


def _no_article(id: str) -> RequestError:
    return RequestError(404, f"no article {id[:80]!r}", "the id of one", "GET /api/v1/articles lists them")


def _no_conversation(id: str) -> ConversationError:
    return ConversationError(
        f"there is no conversation {id[:80]!r}", "the id of one of yours", "GET /api/v1/conversations lists them"
    )


def _json(values: Any, status: int = 200) -> Response:
    return JSONResponse(values, status, _NO_STORE)


def _handle_errors(app: FastAPI) -> None:
    def handles(kind: type[Exception]) -> Callable[[Callable[[Request, Any], Response]], None]:
        return lambda handler: app.add_exception_handler(kind, handler)

    @handles(FootnoteError)
    def expected(request: Request, error: FootnoteError) -> Response:
        if isinstance(error, ConversationError):
            error = ConversationError(error.found, "the id of one of yours", "GET /api/v1/conversations lists them")
        return error_response(said_to(error, owner=visitor_of(request).may_change))

    @handles(RequestValidationError)
    def not_valid(request: Request, error: RequestValidationError) -> Response:
        return error_response(invalid(error.errors()))

    @handles(HTTPException)
    def of_the_framework(request: Request, error: HTTPException) -> Response:
        if error.status_code == 404:
            return error_response(RequestError(404, "a path that is none", "one of /api/docs", "Correct it"))
        return error_response(
            RequestError(error.status_code, "a body that cannot be read", "what /api/docs says", "Correct it")
        )

    @handles(Gone)
    def gone(request: Request, error: Gone) -> Response:
        return Response(status_code=_CLIENT_GONE)

    @handles(Exception)
    def mistake(request: Request, error: Exception) -> Response:
        return error_response(MISTAKE)
