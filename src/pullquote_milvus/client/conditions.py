"""Filter expressions in Milvus's language, with their values kept separate.

Servers from version 2.5 on accept the values separately. For older servers and milvus-lite, only
`literal` writes values into an expression. It escapes them so that no value can break out of its
quotes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from pullquote.index.metadata import folded, matching_languages
from pullquote.schema import Filters, Role
from pullquote_milvus.client.tables import clipped

Value = int | str | Sequence[int] | Sequence[str]

_ESCAPED = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
"""Characters that end a string or begin an escape, for Milvus and for milvus-lite."""


@dataclass(frozen=True, slots=True)
class Condition:
    """An expression with the names of its values in braces, and the values."""

    expression: str
    values: Mapping[str, Value] = field(default_factory=lambda: MappingProxyType({}))

    def __and__(self, other: Condition) -> Condition:
        """The condition that both are true; their values must have different names."""
        if common := self.values.keys() & other.values.keys():
            raise ValueError(f"two conditions both have a value named {min(common)!r}")
        expression = f"{self.expression} and {other.expression}"
        return Condition(expression, {**self.values, **other.values})

    def written(self) -> str:
        """The expression with its values in it, for a server without templates."""
        return self.expression.format_map({n: literal(v) for n, v in self.values.items()})


def literal(value: Value) -> str:
    """A value as a literal of Milvus's language."""
    if isinstance(value, str):
        return f'"{"".join(_ESCAPED.get(letter, letter) for letter in value)}"'
    if isinstance(value, int):
        return str(int(value))
    return f"[{', '.join(literal(one) for one in value)}]"


def among(column: str, values: Sequence[int] | Sequence[str]) -> Condition:
    """The condition that a column has one of the given values."""
    return Condition(f"{column} in {{{column}_in}}", {f"{column}_in": values})


def not_among(column: str, values: Sequence[str]) -> Condition:
    """The condition that a column has none of the given values."""
    return Condition(f"{column} not in {{{column}_not_in}}", {f"{column}_not_in": values})


def equal(column: str, value: int | str) -> Condition:
    """The condition that a column has the given value."""
    return Condition(f"{column} == {{{column}_is}}", {f"{column}_is": value})


def alive_at(step: int) -> Condition:
    """The condition that a row is in the generation of that step: written, and not yet retired."""
    return Condition("born <= {step} and died > {step}", {"step": step})


def answering(
    filters: Filters, *, step: int, now: int, languages: Iterable[str]
) -> Condition | None:
    """The condition that a passage passes the filters and may be shown; None if none can.

    `languages` are all languages of the generation.
    """
    wanted = folded(filters)
    found = alive_at(step) & Condition("released <= {now} and superseded > {now}", {"now": now})
    if not filters.comments:
        found &= Condition("role != {comment}", {"comment": str(Role.COMMENT)})
    if wanted.since is not None or wanted.until is not None:
        found &= Condition("day > {undated}", {"undated": 0})
    if wanted.since is not None:
        found &= Condition("day >= {since}", {"since": wanted.since.toordinal()})
    if wanted.until is not None:
        found &= Condition("day <= {until}", {"until": wanted.until.toordinal()})
    for column, names in (
        ("role", wanted.roles),
        ("source", wanted.sources),
        ("section", wanted.sections),
        ("kind", wanted.kinds),
        ("language", wanted.languages),
        ("article", tuple(map(clipped, wanted.articles))),
    ):
        if names:
            known = [str(name) for name in names if name]  # "" stands for no value
            if column == "language":
                known = matching_languages(languages, known)
            if not known:
                return None
            found &= among(column, known)
    if left_out := list(filter(None, wanted.not_sources)):
        found &= not_among("source", left_out)
    return found
