"""The connection to a server: sends requests, and reads responses, events and problems."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any, Self, TypeVar

import httpx
from pydantic import BaseModel, ValidationError
from pydantic_core import to_jsonable_python

from pullquote.schema.errors import PullquoteError, SettingsError
from pullquote.schema.problem import PROBLEM_JSON, Problem

ASKING_SECONDS = 150.0
"""How long the server may take: by default, a question waits up to 60 seconds, and is then searched
for and read for up to 60."""

_API = "/api/v1"

Returned = TypeVar("Returned", bound=BaseModel)


class ApiError(PullquoteError):
    """The server did not answer a request; `problem` says why, and what to do next."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.detail)


class ServerUnreachable(PullquoteError):
    """The server at `url` does not answer, or answers as no pullquote server does."""

    def __init__(self, url: str, reason: str) -> None:
        self.url = url
        self.reason = reason
        super().__init__(
            f"There is no pullquote server at {url}: {reason}. Start one with: pullquote serve"
        )


class Connection:
    """A connection to the server at `url`; close it, or use it in a `with` statement.

    `user` and `password` are those of the server's settings. `seconds` is how long one request may
    take. `transport` replaces the network, for tests.

    Raises:
        SettingsError: `url` is no address of a web server.
    """

    def __init__(
        self,
        url: str,
        *,
        user: str | None = None,
        password: str | None = None,
        seconds: float = ASKING_SECONDS,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        login = None if user is None or password is None else httpx.BasicAuth(user, password)
        self._url = _address(url)
        self._http = httpx.Client(
            base_url=self._url + _API,
            auth=login,
            timeout=httpx.Timeout(seconds, connect=10.0),
            transport=transport,
        )

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _call(
        self, method: str, path: str, given: Mapping[str, object], returns: type[Returned]
    ) -> Returned:
        """The response to a request.

        Raises:
            ApiError: the server refused it.
            ServerUnreachable: there is no such server.
        """
        with self._sent():
            response = self._http.request(method, path, **_content(method, given))
        self._check(response)
        return self._read(returns, response.content)

    def _stream(
        self, method: str, path: str, given: Mapping[str, object], events: Mapping[str, type[Any]]
    ) -> Iterator[Any]:
        """The data of each server-sent event, as the model that `events` has for its name."""
        with (
            self._sent(),
            self._http.stream(method, path, **_content(method, given)) as response,
        ):
            if response.is_error:
                response.read()
            self._check(response)
            name = ""
            for line in response.iter_lines():
                field, _, value = line.partition(": ")
                if field == "event":
                    name = value
                elif field == "data" and name in events:
                    found = self._read(events[name], value.encode())
                    if isinstance(found, Problem):
                        raise ApiError(found)
                    yield found

    @contextmanager
    def _sent(self) -> Iterator[None]:
        try:
            yield
        except httpx.HTTPError as error:
            raise ServerUnreachable(self._url, str(error) or type(error).__name__) from error

    def _check(self, response: httpx.Response) -> None:
        """Raise if a response is an error."""
        if not response.is_error:
            return
        if response.headers.get("content-type", "").startswith(PROBLEM_JSON):
            raise ApiError(self._read(Problem, response.content))
        phrase = HTTPStatus(response.status_code).phrase
        raise ServerUnreachable(self._url, f"it answers {response.status_code} {phrase}")

    def _read(self, model: type[Returned], content: bytes) -> Returned:
        """The object in a response. Fields that a newer server has added are left out."""
        try:
            return model.model_validate(json.loads(content), extra="ignore")
        except (ValueError, ValidationError) as error:
            raise ServerUnreachable(self._url, "its answer cannot be read") from error


def _address(url: str) -> str:
    """The address of a server, which may be given with or without the path of the API."""
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        parsed = httpx.URL()
    if parsed.scheme not in ("http", "https") or not parsed.host or parsed.query:
        raise SettingsError(
            f"The server's address is {url!r}. Give one that begins with http:// or https://, such "
            "as http://127.0.0.1:7860."
        )
    return url.rstrip("/").removesuffix(_API)


def _content(method: str, given: Mapping[str, object]) -> dict[str, Any]:
    """The parameters as JSON, or as a query; those that are left out have their defaults.

    `given` are the arguments of a method, `self` too.
    """
    chosen = {n: one for n, one in given.items() if n != "self" and one is not None and one != ()}
    plain = to_jsonable_python(chosen)
    return {"json": plain} if method == "POST" else {"params": plain}
