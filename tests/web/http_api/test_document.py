"""The OpenAPI document of the HTTP API: complete, with valid examples, and the client's source."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from docs.http_client import METHODS, document, source
from jsonschema import Draft202012Validator

from pullquote.schema.filter_parameters import FILTER_PARAMETERS, QUERY_PARAMETERS
from pullquote.schema.problem import PROBLEM_JSON
from pullquote.web.http_api.app import PATHS
from pullquote.web.http_api.examples import EXAMPLES


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    """The document."""
    return document()


def operations(described: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The operations by their ids."""
    return {
        operation["operationId"]: operation
        for path in described["paths"].values()
        for operation in path.values()
    }


def schema(described: dict[str, Any], name: str) -> dict[str, Any]:
    """The parameters in a model, by name."""
    found: dict[str, Any] = described["components"]["schemas"][name]["properties"]
    return found


def test_the_filters_are_those_of_every_other_edge(described: dict[str, Any]) -> None:
    """`ask` and `search` take each filter and option, with the same description."""
    expected = {one.name: one.description for one in (*FILTER_PARAMETERS, *QUERY_PARAMETERS)}
    asked = {name: one["description"] for name, one in schema(described, "AskQuery").items()}
    assert {name: asked[name] for name in expected} == expected
    assert set(asked) - set(expected) == {"question", "k"}
    searched = set(schema(described, "SearchQuery"))
    assert searched == {"question", "k", *(one.name for one in FILTER_PARAMETERS)}


def test_a_query_takes_what_a_body_takes(described: dict[str, Any]) -> None:
    """GET and POST of one path have the same parameters."""
    found = operations(described)
    for name, model in (("ask", "AskQuery"), ("search", "SearchQuery")):
        by_query = {one["name"] for one in found[f"{name}_by_query"]["parameters"]}
        assert by_query == set(schema(described, model))


def test_everything_is_described(described: dict[str, Any]) -> None:
    """Each operation and parameter has a description, and each response an example."""
    for operation in operations(described).values():
        assert operation["description"]
        assert operation["summary"]
        assert all(one["description"] for one in operation.get("parameters", ()))
        (content,) = operation["responses"]["200"]["content"].values()
        assert content["example"]


def test_every_operation_tells_its_errors_as_problems(described: dict[str, Any]) -> None:
    """An error has the type application/problem+json, also one that is not listed."""
    for operation in operations(described).values():
        errors = {s: r for s, r in operation["responses"].items() if s not in ("200", "304")}
        assert {"401", "404", "422", "503", "default"} <= set(errors)
        assert all(list(one["content"]) == [PROBLEM_JSON] for one in errors.values())


def test_references_lead_somewhere(described: dict[str, Any]) -> None:
    """Every model that is named is in the document."""
    schemas = described["components"]["schemas"]

    def named(value: Any) -> set[str]:
        if isinstance(value, dict):
            own = (
                {value["$ref"].rpartition("/")[2]} if isinstance(value.get("$ref"), str) else set()
            )
            return own.union(*map(named, value.values()))
        return set().union(*map(named, value)) if isinstance(value, list) else set()

    assert named(described) <= set(schemas)


@pytest.mark.parametrize("model", EXAMPLES, ids=lambda model: model.__name__)
def test_an_example_is_what_the_model_writes(model: Any) -> None:
    """An example that is read and written again is the same."""
    written = EXAMPLES[model].model_dump_json()
    assert model.model_validate_json(written).model_dump_json() == written


def examples(described: dict[str, Any]) -> Iterator[tuple[dict[str, Any], object]]:
    """Each example in the document, of a response, a parameter or a field, with its schema."""
    for value in dicts(described):
        schema = value.get("schema", value)
        if isinstance(schema, dict) and "example" in value:
            yield schema, value["example"]
        if isinstance(schema, dict) and isinstance(value.get("examples"), list):
            yield from ((schema, one) for one in value["examples"])


def dicts(value: Any) -> Iterator[dict[str, Any]]:
    """All objects in a document; not those within an example."""
    if isinstance(value, dict):
        yield value
        for name, inner in value.items():
            if name not in ("example", "examples"):
                yield from dicts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from dicts(inner)


def test_every_example_is_valid(described: dict[str, Any]) -> None:
    """Each has the schema that is beside it; of a stream, the data of each event."""
    checked = 0
    for schema, example in examples(described):
        values = [(schema, example)]
        if isinstance(example, str) and "oneOf" in schema:
            of_event = {
                one["properties"]["event"]["const"]: one["properties"]["data"]["contentSchema"]
                for one in schema["oneOf"]
            }
            sent = re.findall(r"event: (\w+)\r?\ndata: (.*?)\r?\n", example)
            assert len(sent) == 2
            values = [(of_event[name], json.loads(data)) for name, data in sent]
        for expected, value in values:
            Draft202012Validator({**expected, "components": described["components"]}).validate(
                value
            )
            checked += 1
    assert checked > 20


def test_the_document_says_how_many_passages_are_read(described: dict[str, Any]) -> None:
    """`ask` refuses more than `search` does."""
    for model, most in (("AskQuery", 50), ("SearchQuery", 1000)):
        assert schema(described, model)["k"]["anyOf"][0]["maximum"] == most
    for name, most in (("ask_by_query", 50), ("search_by_query", 1000)):
        (k,) = [one for one in operations(described)[name]["parameters"] if one["name"] == "k"]
        assert k["schema"]["anyOf"][0]["maximum"] == most


def test_the_document_says_what_a_version_promises(described: dict[str, Any]) -> None:
    """The reference page says the same."""
    promise = "Within `v1`, no path, parameter or field of a response is removed"
    page = Path(__file__).parents[3] / "docs" / "reference" / "http-api.md"
    assert promise in described["info"]["description"]
    assert promise in page.read_text(encoding="utf-8")


def test_every_path_has_an_example() -> None:
    """No model is returned without one."""
    assert {path.returns for path in PATHS} <= set(EXAMPLES)


def test_the_client_is_up_to_date() -> None:
    """`python -m docs.http_client` has been run since the document was changed."""
    assert METHODS.read_text(encoding="utf-8") == source()
