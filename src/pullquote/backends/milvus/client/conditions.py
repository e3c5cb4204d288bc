"""What rows must fulfil, in Milvus's language, with the values apart from it.

Servers since 2.5 take the values beside the expression. For those that do not, milvus-lite among
them, they are written as literals by `literal` alone, which gives no value a way out of its quotes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from pullquote.index.folding import folded
from pullquote.schema import Filters, Role

Value = int | str | Sequence[int] | Sequence[str]

_ESCAPED = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
"""What ends or breaks a string, or begins an escape, in Milvus's grammar and in milvus-lite's."""


@dataclass(frozen=True, slots=True)
class Condition:
    """An expression with the names of values in braces, and the values."""

    expression: str
    values: Mapping[str, Value] = field(default_factory=lambda: MappingProxyType({}))

    def __and__(self, other: Condition) -> Condition:
        """Both hold; they name no value alike."""
        if twice := self.values.keys() & other.values.keys():
            raise ValueError(f"two conditions name a value {min(twice)!r}")
        expression = f"{self.expression} and {other.expression}"
        return Condition(expression, {**self.values, **other.values})

    def written(self) -> str:
        """The expression with its values in it, for a server that takes none beside it."""
        return self.expression.format_map({n: literal(v) for n, v in self.values.items()})


def literal(value: Value) -> str:
    """A value as Milvus's grammar writes it."""
    if isinstance(value, str):
        return f'"{"".join(_ESCAPED.get(letter, letter) for letter in value)}"'
    if isinstance(value, int):
        return str(int(value))
    return f"[{', '.join(literal(one) for one in value)}]"


def among(column: str, values: Sequence[int] | Sequence[str]) -> Condition:
    """A column has one of some values."""
    return Condition(f"{column} in {{{column}_in}}", {f"{column}_in": values})


def equal(column: str, value: int | str) -> Condition:
    """A column has a value."""
    return Condition(f"{column} == {{{column}_is}}", {f"{column}_is": value})


def alive_at(step: int) -> Condition:
    """A row was in the generation of that step: written by then, and not taken out."""
    return Condition("born <= {step} and died > {step}", {"step": step})


def answering(
    filters: Filters, *, step: int, now: int, languages: Iterable[str]
) -> Condition | None:
    """Passages that filters leave and that may be shown now; None where there can be none.

    `languages` are those that the generation holds.
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
    ):
        if names:
            known = [str(name) for name in names if name]  # "" is of articles that have none
            if column == "language":
                known = _within(known, languages)
            if not known:
                return None
            found &= among(column, known)
    return found


def _within(wanted: Sequence[str], languages: Iterable[str]) -> list[str]:
    """The languages that are one of those tags of BCP 47 or within it, as "pt-br" is in "pt"."""
    begins = tuple(f"{tag}-" for tag in wanted)
    return [one for one in languages if f"{one}-".startswith(begins)]
