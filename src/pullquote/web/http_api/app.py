"""The application of the HTTP API: its paths, and the OpenAPI document that describes them."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Annotated, Any, Final

from fastapi import Body, FastAPI, Query
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount

from pullquote.newsroom.assistant import Assistant
from pullquote.schema import Reply
from pullquote.schema.api_results import ArticleList, ArticleWithCopies, FoundPassages
from pullquote.schema.errors import PullquoteError
from pullquote.schema.index_info import IndexInfo
from pullquote.schema.problem import PROBLEM_JSON, Problem
from pullquote.schema.quote_check import CheckedDraft
from pullquote.web.current_catalog import CurrentCatalog
from pullquote.web.http_api.endpoints import ApiEndpoints, event
from pullquote.web.http_api.examples import EXAMPLES
from pullquote.web.http_api.parameters import (
    ArticleQuery,
    AskQuery,
    DraftBody,
    ListQuery,
    SearchQuery,
)
from pullquote.web.http_api.problems import (
    refuse,
    refuse_http,
    refuse_invalid,
    report_failure,
)
from pullquote.web.request_limits import MAX_PASSAGES_READ
from pullquote.web.scheduler import Scheduler

API: Final = "/api/v1"
API_DOCUMENT: Final = f"{API}/openapi.json"

_DESCRIPTION = """\
Exact quotations from news articles, with their positions. pullquote writes nothing itself.

`start` and `end` count the characters (Unicode code points) of an article's stored text, `end`
exclusive. `version` names the text that was cited. Errors are application/problem+json (RFC 9457);
`detail` says what to do next. A response to GET has an ETag where it depends only on the index and
the request: send it as `If-None-Match`, and the answer is 304 until something has changed.

`ask`, `ask/stream` and `search` take the same parameters as a query (GET) or as JSON (POST). With
POST, the question is in no address, so proxies do not log it.

Within `v1`, no path, parameter or field of a response is removed or changes its meaning. Paths,
optional parameters, fields and values such as a new `verdict` may be added, so ignore what you do
not know. The words of `detail`, the scores, and which answers are found may change with a release.
What breaks a program that keeps to this comes as `v2`, beside `v1` for at least one release."""

_ERRORS: Mapping[int, str] = {
    304: "The client has the response already.",
    401: "A user name and a password are needed.",
    403: "The article may not be shown, or the request comes from a page of another site.",
    404: "There is no such article.",
    413: "The request is larger than the setting `body_bytes`.",
    422: "A parameter cannot be used.",
    503: "There is no index yet, or the server is busy; `Retry-After` says when to try again.",
}
"""The other responses, which every endpoint may give."""


_Handle = Callable[..., Awaitable[Response]]

_EVENTS: Final[Mapping[str, type[BaseModel]]] = {
    "hits": FoundPassages,
    "reply": Reply,
    "problem": Problem,
}
"""The data of each server-sent event."""


@dataclass(frozen=True, slots=True)
class ApiPath:
    """A path: its endpoint, the model that it takes and the model that it returns."""

    name: str
    handle: str
    summary: str
    takes: type[BaseModel] | None
    returns: type[BaseModel]
    methods: tuple[str, ...] = ("GET",)
    is_stream: bool = False

    @property
    def media_type(self) -> str:
        """The type of the response."""
        return "text/event-stream" if self.is_stream else "application/json"

    def content(self) -> dict[str, Any]:
        """The response as the document describes it; FastAPI adds the schema of a model."""
        events = {"schema": {"oneOf": [_event_schema(name) for name in _EVENTS]}}
        return {self.media_type: events if self.is_stream else {}}

    def example(self) -> object:
        """An example of a response."""
        if not self.is_stream:
            return EXAMPLES[self.returns].model_dump(mode="json")
        return (event("hits", EXAMPLES[FoundPassages]) + event("reply", EXAMPLES[Reply])).decode()


_BOTH = ("GET", "POST")

PATHS: Final = (
    ApiPath("ask", "ask", "Answer a question", AskQuery, Reply, _BOTH),
    ApiPath("ask/stream", "ask_stream", "Answer in steps", AskQuery, Reply, _BOTH, is_stream=True),
    ApiPath("search", "search", "Find passages", SearchQuery, FoundPassages, _BOTH),
    ApiPath("article", "article", "Read an article", ArticleQuery, ArticleWithCopies),
    ApiPath("articles", "articles", "List articles", ListQuery, ArticleList),
    ApiPath("index", "index", "Show what the index contains", None, IndexInfo),
    ApiPath("check", "check", "Check a draft", DraftBody, CheckedDraft, ("POST",)),
)

API_CALLS: Final = tuple(f"{API}/{path.name}" for path in PATHS)
"""The paths that ask for work."""


def api_mount(assistant: Assistant, scheduler: Scheduler, catalog: CurrentCatalog) -> Mount:
    """The API for one assistant, as a route."""
    return Mount(API, api_app(ApiEndpoints(assistant, scheduler, catalog)))


def api_app(endpoints: ApiEndpoints) -> FastAPI:
    """The application, whose document is at `openapi.json`."""
    app = _ApiApp(
        title="pullquote",
        version=version("pullquote"),
        description=_DESCRIPTION,
        servers=[{"url": API}],
        docs_url=None,  # its page loads scripts from another host
        redoc_url=None,
        exception_handlers={
            RequestValidationError: refuse_invalid,
            HTTPException: refuse_http,
            PullquoteError: refuse,
            Exception: report_failure,
        },
    )
    app.most_read = endpoints.most_read
    for path in PATHS:
        for method in path.methods:
            _add_route(app, path, endpoints, method)
    return app


def _add_route(app: FastAPI, path: ApiPath, endpoints: ApiEndpoints, method: str) -> None:
    """Add a path for one method; the endpoint takes its model from the query or from the body.

    The operation has the endpoint's name; if there is another with that name, "_by_query" follows.
    """
    handle = getattr(endpoints, path.handle)
    by_query = method != path.methods[-1]
    app.add_api_route(
        f"/{path.name}",
        _taking(handle, path.takes, Query() if method == "GET" else Body()),
        methods=[method],
        operation_id=f"{path.handle}_by_query" if by_query else path.handle,
        summary=path.summary,
        description=inspect.getdoc(handle),
        response_model=None if path.is_stream else path.returns,
        response_class=Response if path.is_stream else JSONResponse,
        responses={200: {"description": path.summary, "content": path.content()}},
    )


def _taking(handle: _Handle, model: type[BaseModel] | None, source: object) -> _Handle:
    """The endpoint with the annotations from which FastAPI knows what it takes."""
    if model is None:
        return handle

    async def endpoint(request: Request, given: Any) -> Response:  # noqa: ANN401 - see below
        return await handle(request, given)

    endpoint.__annotations__ = {"request": Request, "given": Annotated[model, source]}
    return endpoint


class _ApiApp(FastAPI):
    """FastAPI with the errors in its document as this API gives them.

    `most_read` passages are read for a question at most.
    """

    most_read = MAX_PASSAGES_READ

    def openapi(self) -> dict[str, Any]:
        """The document; it is made once."""
        if self.openapi_schema is None:
            document = super().openapi()
            schemas = document["components"]["schemas"]
            for unused in ("HTTPValidationError", "ValidationError"):
                schemas.pop(unused, None)
            for model in _EVENTS.values():
                schemas.update(_schemas_of(model))
            for operations in document["paths"].values():
                for operation in operations.values():
                    _name_errors(operation["responses"])
            _free_moments(document)
            _add_examples(document)
            _bound_passages_read(document, self.most_read)
        return self.openapi_schema or {}


def _add_examples(document: dict[str, Any]) -> None:
    """Add an example to each response; FastAPI would leave out the fields that are null."""
    for path in PATHS:
        for method in path.methods:
            responses = document["paths"][f"/{path.name}"][method.lower()]["responses"]
            responses["200"]["content"][path.media_type]["example"] = path.example()


def _bound_passages_read(document: dict[str, Any], most: int) -> None:
    """Say how many passages are read at most: that depends on a setting of the server."""
    asked = [document["components"]["schemas"][AskQuery.__name__]["properties"]["k"]]
    for path in PATHS:
        if path.takes is AskQuery:
            by_query = document["paths"][f"/{path.name}"]["get"]["parameters"]
            asked += [one["schema"] for one in by_query if one["name"] == "k"]
    for schema in asked:
        schema["anyOf"][0]["maximum"] = most


def _name_errors(responses: dict[str, Any]) -> None:
    """Replace FastAPI's errors in the document by those of this API."""
    problem = {PROBLEM_JSON: {"schema": {"$ref": _schema(Problem)}}}
    example = EXAMPLES[Problem].model_dump(mode="json")
    for status, description in _ERRORS.items():
        content = {} if status == 304 else {"content": problem}
        responses[str(status)] = {"description": description, **content}
    responses["422"]["content"] = {PROBLEM_JSON: {**problem[PROBLEM_JSON], "example": example}}
    responses["default"] = {"description": "Another error.", "content": problem}


def _event_schema(name: str) -> dict[str, Any]:
    """The schema of one event. Source: OpenAPI 3.2, section 4.14.6 (sequential media types)."""
    content = {"$ref": _schema(_EVENTS[name])}
    data = {"type": "string", "contentMediaType": "application/json", "contentSchema": content}
    properties = {"event": {"const": name}, "data": data}
    return {"type": "object", "properties": properties, "required": list(properties)}


def _free_moments(value: object) -> None:
    """Describe moments as they are: a day or a time, which has no zone if the article names none.

    The format "date-time" requires a zone (RFC 3339).
    """
    if isinstance(value, list):
        for one in value:
            _free_moments(one)
    if not isinstance(value, dict):
        return
    kinds = value.get("anyOf", [])
    if {"type": "string", "format": "date-time"} in kinds and _DAY in kinds:
        others = [kind for kind in kinds if "format" not in kind]
        value["anyOf"] = [{"type": "string", "description": _MOMENT}, *others]
    for one in value.values():
        _free_moments(one)


_DAY = {"type": "string", "format": "date"}
_MOMENT = "A day or a time (ISO 8601). A time has no zone if the article names none."


def _schema(model: type[BaseModel]) -> str:
    return f"#/components/schemas/{model.__name__}"


def _schemas_of(model: type[BaseModel]) -> dict[str, Any]:
    template = "#/components/schemas/{model}"
    found = model.model_json_schema(ref_template=template, mode="serialization")
    inner = found.pop("$defs", {})
    return {**inner, model.__name__: found}
