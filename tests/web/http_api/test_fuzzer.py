"""Schemathesis asks every operation of the HTTP API what its document allows, and what it does not.

No response is a failure of the server, and each is as the document says.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from docs.http_client import document
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from served import Served, serving
from web.test_app import OTHER, SEED

schemathesis = pytest.importorskip("schemathesis", reason="the extra dev is not installed")

pytestmark = pytest.mark.slow

EXAMPLES = 100
"""Requests of each case."""

POSITIVE, NEGATIVE = schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE

CASES = [
    (method.upper(), path, mode)
    for path, operations in document()["paths"].items()
    for method, operation in operations.items()
    for mode in (POSITIVE, NEGATIVE)
    if mode is POSITIVE or "requestBody" in operation or operation.get("parameters")
]
"""Each operation with valid requests, and with invalid ones if it takes any parameter."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A chat over two articles."""
    folder = tmp_path_factory.mktemp("fuzzer")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "interpol.txt").write_text(SEED, encoding="utf-8")
    (folder / "corpus" / "otters.txt").write_text(OTHER, encoding="utf-8")
    with serving(folder) as served:
        yield served


@pytest.fixture(scope="module")
def schema(server: Served) -> Any:
    """The document of the running server."""
    return schemathesis.openapi.from_url(f"{server.url}/api/v1/openapi.json")


@pytest.mark.parametrize(("method", "path", "mode"), CASES)
def test_no_request_is_a_failure(
    server: Served, schema: Any, method: str, path: str, mode: Any
) -> None:
    """The status is below 500, and the response is of a documented type and form."""
    operation = schema[path][method]

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    @given(data=st.data())
    def ask(data: st.DataObject) -> None:
        case = data.draw(operation.as_strategy(generation_mode=mode))
        response = case.call(base_url=f"{server.url}/api/v1")
        assert response.status_code < 500, response.text[:500]
        case.validate_response(
            response,
            checks=[
                schemathesis.checks.not_a_server_error,
                schemathesis.checks.status_code_conformance,
                schemathesis.checks.content_type_conformance,
                schemathesis.checks.response_schema_conformance,
            ],
        )

    ask()


def test_nothing_was_logged(server: Served) -> None:
    """The log has no traceback after all tests above."""
    assert "Traceback" not in Path(server.errors).read_text(encoding="utf-8")
