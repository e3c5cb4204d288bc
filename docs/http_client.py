"""Writes the client's methods from the OpenAPI document: `python -m docs.http_client`.

Each path of the document becomes one method of `pullquote.client.Client`, with the parameters and
the description that the document has. A test checks that the file is up to date.
"""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pullquote.newsroom.assistant import Assistant
from pullquote.schema.settings import Settings
from pullquote.web.current_catalog import CurrentCatalog
from pullquote.web.http_api.app import api_app
from pullquote.web.http_api.endpoints import ApiEndpoints
from pullquote.web.scheduler import Scheduler

METHODS = Path(__file__).parents[1] / "src" / "pullquote" / "client" / "methods.py"

MODULES = {
    "ArticleList": "pullquote.schema.api_results",
    "ArticleState": "pullquote.schema.api_results",
    "ArticleWithCopies": "pullquote.schema.api_results",
    "CheckedDraft": "pullquote.schema.quote_check",
    "FoundPassages": "pullquote.schema.api_results",
    "IndexInfo": "pullquote.schema.index_info",
    "Problem": "pullquote.schema.problem",
}
"""The modules of the models; the others are in `pullquote.schema`."""

HEAD = '''"""The client's methods. `python -m docs.http_client` writes this file; do not edit it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Literal

from pullquote.client.connection import Connection
{imports}


class Client(Connection):
    """A connection to a server, with one method for each path of its HTTP API.

    Every method raises `ApiError` if the server refuses a request, and `ServerUnreachable` if there
    is no such server.
    """
'''

_TYPES = {"string": "str", "integer": "int", "boolean": "bool"}


def document() -> dict[str, Any]:
    """The OpenAPI document, without a server."""
    assistant = Assistant(Settings())
    endpoints = ApiEndpoints(assistant, Scheduler(waiting=1), CurrentCatalog(assistant))
    return api_app(endpoints).openapi()


class _Source:
    """The source of the methods, made from a document."""

    def __init__(self, found: Mapping[str, Any]) -> None:
        self._paths = found["paths"]
        self._schemas = found["components"]["schemas"]
        self._named: set[str] = set()
        self._described: dict[str, str] = {}

    def text(self) -> str:
        """The whole module."""
        methods = "\n".join(self._method(path) for path in self._paths)
        imports = defaultdict[str, list[str]](list)
        for name in sorted(self._named):
            imports[MODULES.get(name, "pullquote.schema")].append(name)
        lines = (f"from {one} import {', '.join(imports[one])}" for one in sorted(imports))
        return HEAD.format(imports="\n".join(lines)) + "\n" + methods

    def _method(self, path: str) -> str:
        """The method for a path. If the path takes GET and POST, the method sends POST."""
        operations = self._paths[path]
        verb = "post" if "post" in operations else "get"
        operation = operations[verb]
        fields = dict(self._fields(operation))
        call = f'"{verb.upper()}", "{path}", {"locals()" if fields else "{}"}'
        returns, body = self._body(operation["responses"]["200"]["content"], call)
        head = f"def {operation['operationId']}({self._signature(fields)}) -> {returns}:"
        parts = [*operation["description"].split("\n\n"), *self._listed(path, fields)]
        lines = (head, _docstring(parts), f"    {body}", "")
        return textwrap.indent("\n".join(lines), "    ")

    def _listed(self, path: str, fields: Mapping[str, Any]) -> Iterator[str]:
        """What the parameters mean, unless an earlier method has the same ones."""
        listed = "\n".join(f"- `{name}`: {field['description']}" for name, field in fields.items())
        if known := self._described.get(listed):
            yield f"The parameters are those of `{known}`."
        elif listed:
            self._described[listed] = path.removeprefix("/")
            yield listed

    def _body(self, content: Mapping[str, Any], call: str) -> tuple[str, str]:
        """The type that a method returns, and its statement."""
        if "text/event-stream" not in content:
            returned = self._name(content["application/json"]["schema"])
            return returned, f"return self._call({call}, {returned})"
        events = [one["properties"] for one in content["text/event-stream"]["schema"]["oneOf"]]
        named = {one["event"]["const"]: self._name(one["data"]["contentSchema"]) for one in events}
        listed = ", ".join(f'"{event}": {model}' for event, model in named.items())
        returned = " | ".join(model for model in named.values() if model != "Problem")
        return f"Iterator[{returned}]", f"yield from self._stream({call}, {{{listed}}})"

    def _signature(self, fields: Mapping[str, Any]) -> str:
        """The parameters; those that may be left out are given by name."""
        required = [name for name, field in fields.items() if field["required"]]
        optional = [name for name in fields if name not in required]
        named = ["*", *(self._parameter(name, fields[name]) for name in optional)]
        given = [self._parameter(name, fields[name]) for name in required]
        return ", ".join(["self", *given, *(named if optional else [])])

    def _fields(self, operation: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """The parameters of an operation with their schemas, from its body or its query."""
        if (body := operation.get("requestBody")) is not None:
            schema = self._schemas[
                body["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
            ]
            for name, one in schema["properties"].items():
                yield name, {**one, "required": name in schema.get("required", ())}
        for one in operation.get("parameters", ()):
            described = {"description": one["description"], "required": one["required"]}
            yield one["name"], {**one["schema"], **described}

    def _parameter(self, name: str, field: Mapping[str, Any]) -> str:
        typed = self._type(field)
        if field["required"]:
            return f"{name}: {typed}"
        default = field.get("default")
        return f"{name}: {typed} = {() if default == [] else default!r}"

    def _type(self, field: Mapping[str, Any]) -> str:
        if "anyOf" in field:
            return " | ".join(self._type(one) for one in field["anyOf"])
        if "$ref" in field:
            return self._name(field)
        if "enum" in field:
            return f"Literal[{', '.join(json.dumps(one) for one in field['enum'])}]"
        if field["type"] == "array":
            return f"Sequence[{self._type(field['items'])}]"
        if field["type"] == "null":
            return "None"
        return "date" if field.get("format") == "date" else _TYPES[field["type"]]

    def _name(self, schema: Mapping[str, Any]) -> str:
        name = str(schema["$ref"].rpartition("/")[2])
        self._named.add(name)
        return name


def _docstring(parts: Sequence[str]) -> str:
    """A docstring with these paragraphs."""
    text = "\n\n".join(map(_filled, parts))
    end = "\n" if len(parts) > 1 else ""
    return textwrap.indent(f'"""{text}{end}"""', "    ")


def _filled(paragraph: str) -> str:
    """A paragraph, or a list, in lines that fit."""
    items = paragraph.split("\n- ")
    lines = (" ".join(item.split()) for item in items)
    return "\n".join(
        textwrap.fill(f"- {line}" if at else line, 92, subsequent_indent="  " if items[1:] else "")
        for at, line in enumerate(lines)
    )


def source() -> str:
    """The module with the methods, formatted."""
    return subprocess.run(  # noqa: S603 - this project's own formatter
        [sys.executable, "-m", "ruff", "format", "--stdin-filename", str(METHODS), "-"],
        input=_Source(document()).text(),
        capture_output=True,
        text=True,
        check=True,
    ).stdout


if __name__ == "__main__":
    METHODS.write_text(source(), encoding="utf-8")
    print(f"Wrote {METHODS}.")
