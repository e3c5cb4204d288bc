"""Writes the parts of the reference that follow from the code, when the site is built.

A page in docs/reference/ has a line such as `<!-- generated: settings -->`. `site_hooks.py` puts
the text of the function with that name there.
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import typer
from pydantic import BaseModel

from pullquote.cli.commands import app
from pullquote.schema import (
    Answer,
    Article,
    Block,
    Citation,
    Reply,
    ReportedValue,
    Verification,
    VerifiedCitation,
)
from pullquote.schema.api_results import ArticleList, ArticleWithCopies, FoundPassage, FoundPassages
from pullquote.schema.file_limits import EditionBounds, Limits
from pullquote.schema.index_info import IndexInfo
from pullquote.schema.problem import Problem
from pullquote.schema.quote_check import (
    CheckedDraft,
    CheckedQuote,
    DraftQuestion,
    QuoteDifference,
    QuoteOmission,
)
from pullquote.schema.settings import Settings

JSON_MODELS: Sequence[tuple[type[BaseModel], str]] = (
    (Reply, "`pullquote ask --json`, `/api/v1/ask` and the tool `ask_archive`"),
    (Answer, "an item of `Reply.answers`"),
    (Citation, "an item of `Answer.citations`"),
    (ReportedValue, "an item of `Reply.values`"),
    (Article, "`pullquote show --json` and Gradio's endpoint `article`"),
    (Block, "an item of `Article.blocks`"),
    (FoundPassages, "`/api/v1/search` and the tool `search_archive`"),
    (FoundPassage, "an item of `FoundPassages.hits`"),
    (ArticleWithCopies, "`/api/v1/article`"),
    (ArticleList, "`/api/v1/articles`"),
    (IndexInfo, "`/api/v1/index`"),
    (Problem, "the errors of `/api/v1`"),
    (CheckedDraft, "`pullquote check --json`, `/api/v1/check` and the tool `check_draft`"),
    (CheckedQuote, "an item of `CheckedDraft.quotes`"),
    (QuoteDifference, "an item of `CheckedQuote.differences`"),
    (QuoteOmission, "an item of `CheckedQuote.omitted`"),
    (DraftQuestion, "an item of `CheckedDraft.questions`"),
    (Verification, "`pullquote verify --json`"),
    (VerifiedCitation, "an item of `Verification.citations`"),
)
"""The models that programs read, each with where it is found."""


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(_cell, line)) + " |" for line in lines)


def _cell(text: str) -> str:
    """A text in one line, whose bars do not end the cell."""
    return re.sub(r"\s+", " ", text).strip().replace("|", "\\|")


def command_line() -> str:
    """Every command with its usage, arguments and options."""
    group = typer.main.get_command(app)
    return "\n\n".join(part for name, one in commands(group) for part in _command(name, one))


def commands(command: Any, name: str = "pullquote") -> Iterator[tuple[str, Any]]:  # noqa: ANN401
    """Each command below a command, with its full name; a group comes before its commands."""
    for part, one in getattr(command, "commands", {}).items():
        yield f"{name} {part}", one
        yield from commands(one, f"{name} {part}")


def _command(name: str, command: Any) -> Iterator[str]:  # noqa: ANN401 - click's or Typer's own
    yield f"## {name}"
    yield inspect.cleandoc(command.help or "").replace("\f", "")
    with command.make_context(name, [], resilient_parsing=True) as context:
        yield f"```text\n{' '.join([name, *command.collect_usage_pieces(context)])}\n```"
        records = [_record(one, context) for one in command.get_params(context)]
    yield table(("argument or option", "meaning"), filter(None, records))


def _record(parameter: Any, context: Any) -> tuple[str, str] | None:  # noqa: ANN401
    """The names of a parameter and what it means; None if it is hidden."""
    if getattr(parameter, "hidden", False):
        return None
    names, meaning = parameter.get_help_record(context) or (parameter.name.upper(), "")
    return f"`{names}`", meaning.replace("[", r"\[")


def settings() -> str:
    """Every setting, and the fields of the settings that are tables."""
    parts = [_fields_of(Settings, prefix="")]
    for heading, model in (("limits", Limits), ("editions", EditionBounds)):
        parts += [f"### The table `[{heading}]`", _fields_of(model, prefix=f"{heading}.")]
    return "\n\n".join(parts)


def _fields_of(model: type[BaseModel], *, prefix: str) -> str:
    schema = model.model_json_schema()
    rows = [
        (f"`{prefix}{name}`", _type(one, schema), _initial(model, name), one.get("description", ""))
        for name, one in schema["properties"].items()
    ]
    return table(("setting", "type", "default", "meaning"), rows)


def _initial(model: type[BaseModel], name: str) -> str:
    """The default of a setting; those of a folder or number of cores depend on the machine."""
    field = model.model_fields[name]
    if field.default_factory is not None:
        return "none" if field.default_factory is dict else "depends on the machine"
    if isinstance(field.default, BaseModel):
        return "see below"
    if field.default in (None, "", ()):
        return "none"
    value = str(field.default)
    return f"`{value.lower() if isinstance(field.default, bool) else value}`"


def _type(schema: Mapping[str, Any], root: Mapping[str, Any]) -> str:
    """A type in JSON schema in a few words."""
    if "$ref" in schema:
        return _referred(schema["$ref"], root)
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            kinds = [_type(one, root) for one in schema[several]]
            return " or ".join(dict.fromkeys(kinds))
    if "enum" in schema or "const" in schema:
        return " or ".join(f"`{one}`" for one in schema.get("enum", [schema.get("const")]))
    if schema.get("type") == "array":
        items = schema.get("items") or {"anyOf": schema.get("prefixItems", [])}
        return f"list of {_type(items, root)}"
    return _plain_type(schema)


def _referred(reference: str, root: Mapping[str, Any]) -> str:
    name = reference.rpartition("/")[2]
    referred = root.get("$defs", {}).get(name, {})
    return _type(referred, root) if "enum" in referred else f"`{name}`"


def _plain_type(schema: Mapping[str, Any]) -> str:
    form = {"path": "path", "file-path": "file", "date": "day", "date-time": "date and time"}
    named = {
        "string": "text",
        "integer": "whole number",
        "boolean": "true or false",
        "object": "table",
    }
    kind = schema.get("type", "any")
    bounds = [
        f"{word} {schema[name]:,}"
        for name, word in (
            ("minimum", "from"),
            ("exclusiveMinimum", "over"),
            ("maximum", "to"),
            ("exclusiveMaximum", "under"),
        )
        if name in schema
    ]
    return " ".join([form.get(schema.get("format", ""), named.get(kind, kind)), *bounds])


def endpoints() -> str:
    """Every named endpoint, with its arguments."""
    from pullquote.web.api.endpoints import ENDPOINT_NAMES, Endpoints  # noqa: PLC0415 - gradio

    return "\n\n".join(
        part for name in ENDPOINT_NAMES for part in _endpoint(name, getattr(Endpoints, name))
    )


def _endpoint(name: str, endpoint: Callable[..., Any]) -> Iterator[str]:
    yield f"### {name}"
    yield inspect.getdoc(endpoint) or ""
    signature = inspect.signature(endpoint)
    parameters = [one for one in signature.parameters.values() if one.name != "self"]
    described = _parameter_descriptions()
    rows = [
        (
            f"`{one.name}`",
            "required"
            if one.default is inspect.Parameter.empty
            else f"`{json.dumps(one.default)}`",
            described.get(one.name, ""),
        )
        for one in parameters
    ]
    yield table(("argument", "default", "meaning"), rows)


def _parameter_descriptions() -> dict[str, str]:
    from pullquote.schema.filter_parameters import (  # noqa: PLC0415
        FILTER_PARAMETERS,
        QUERY_PARAMETERS,
    )

    declared = {one.name: one.description for one in (*FILTER_PARAMETERS, *QUERY_PARAMETERS)}
    return declared | {
        "question": "The question.",
        "k": "How many passages are read or returned.",
        "article": "The id of an article, as in a citation.",
        "draft": "The text to check, plain or in Markdown.",
    }


def api_parameters() -> str:
    """Every path of the HTTP API, with its parameters."""
    from pullquote.web.http_api.app import API, PATHS  # noqa: PLC0415 - fastapi
    from pullquote.web.http_api.endpoints import ApiEndpoints  # noqa: PLC0415

    described: dict[type[BaseModel], str] = {}
    return "\n\n".join(
        part
        for path in PATHS
        for part in (
            f"### {API}/{path.name}",
            inspect.getdoc(getattr(ApiEndpoints, path.handle)) or "",
            _parameters_of(path.takes, f"{API}/{path.name}", described),
        )
    )


def _parameters_of(
    model: type[BaseModel] | None, path: str, described: dict[type[BaseModel], str]
) -> str:
    """The parameters of a path; `described` has the path where each model was listed before."""
    if model is None:
        return "It takes no parameters."
    if model in described:
        return f"The parameters are those of `{described[model]}`."
    described[model] = path
    schema = model.model_json_schema()
    required = schema.get("required", ())
    rows = [
        (
            f"`{name}`",
            _type(one, schema),
            "required" if name in required else f"`{json.dumps(one.get('default'))}`",
            one.get("description", ""),
        )
        for name, one in schema["properties"].items()
    ]
    return table(("parameter", "type", "default", "meaning"), rows)


def json_fields() -> str:
    """Every model that programs read, with its fields."""
    return "\n\n".join(part for model, where in JSON_MODELS for part in _model(model, where))


def _model(model: type[BaseModel], where: str) -> Iterator[str]:
    yield f"## {model.__name__}"
    yield f"Found in {where}."
    yield inspect.getdoc(model) or ""
    schema = model.model_json_schema(mode="serialization")
    rows = [(f"`{name}`", _type(one, schema)) for name, one in schema["properties"].items()]
    yield table(("field", "type"), rows)


GENERATED: Mapping[str, Callable[[], str]] = {
    "command-line": command_line,
    "settings": settings,
    "endpoints": endpoints,
    "api-parameters": api_parameters,
    "json-fields": json_fields,
}
"""The generated parts, by their names in the pages."""

_MARK = re.compile(r"^<!-- generated: ([a-z-]+) -->$", re.M)


def with_generated(text: str) -> str:
    """A page with the generated parts in the place of their marks."""
    return _MARK.sub(lambda mark: GENERATED[mark[1]](), text)
