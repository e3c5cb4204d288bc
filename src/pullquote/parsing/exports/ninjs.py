"""Extracts the field values of items in ninjs 1 to 3, IPTC's JSON format for news.

Version 1 states the role or form of a text in the name of its field (`body_xhtml`). Versions 2 and
3 state it in an entry of a list (`bodies`). Version 3 writes names in camel case. If an item has
several forms of its body, only the best form is used.
"""

from __future__ import annotations

from collections.abc import Mapping

from pullquote.parsing.exports.values import first_line

_NINJS_FIELDS = frozenset(
    "pubstatus versioncreated representationtype urgency bodies headlines".split()
)
_FORMS = ("xhtml", "html", "richtext", "", "main", "text", "plain")
"""The forms of a body, best first: forms with paragraphs come before forms without."""
_AUTHOR_ROLES = ("author", "creator", "writer", "byline")


def is_ninjs(record: Mapping[str, object]) -> bool:
    """Whether a record is a ninjs item, with a `uri` and a field that occurs only in ninjs."""
    names = {str(name).casefold() for name in record}
    return "uri" in names and any(n in _NINJS_FIELDS or n.startswith("body_") for n in names)


def ninjs_values(record: Mapping[str, object]) -> dict[str, object]:
    """The values of an item, by field."""
    item = {str(name).casefold(): value for name, value in record.items()}
    uri = first_line(item.get("uri"))
    return {
        "id": uri,
        "revision": item.get("version"),
        "title": _headline(item),
        "standfirst": _best_form(item, "description", "descriptions"),
        "body": _best_form(item, "body", "bodies"),
        "authors": _authors(item),
        "source": _first(item, "infosources", "infosource", "copyrightholder"),
        "section": _first(item, "subjects", "subject"),
        "place": _first(item, "located"),
        "tags": _entries(item, "subject", "subjects"),
        "published": _first(item, "firstcreated", "versioncreated"),
        "modified": _first(item, "versioncreated"),
        "url": uri if uri is not None and uri.startswith(("http://", "https://")) else None,
        "language": _first(item, "language"),
        "status": _first(item, "pubstatus"),
        "embargoed": item.get("embargoed"),
    }


def _headline(item: Mapping[str, object]) -> str | None:
    """The main headline, or else the first headline, or else the title."""
    entries = _entries(item, "headline", "headlines")
    main = [e for e in entries if isinstance(e, Mapping) and e.get("role") == "main"]
    lines = (first_line(entry) for entry in (*main, *entries, item.get("title")))
    return next((line for line in lines if line is not None), None)


def _best_form(item: Mapping[str, object], name: str, names: str) -> object:
    """The best form of a body or description."""
    forms = {
        field.partition("_")[2]: value
        for field, value in item.items()
        if field == name or field.startswith(f"{name}_")
    }
    for entry in _entries(item, names, names):
        if isinstance(entry, Mapping):
            fields = {str(key).casefold(): value for key, value in entry.items()}
            forms.setdefault(_form(fields), fields.get("value"))
    order = {form: at for at, form in enumerate(_FORMS)}
    best = sorted(forms, key=lambda form: order.get(form, len(_FORMS)))
    return next((forms[form] for form in best if first_line(forms[form]) is not None), None)


def _form(entry: Mapping[str, object]) -> str:
    """The form of an entry, as its content type or its role states it."""
    kind = first_line(entry.get("contenttype"))
    if kind is not None and "html" in kind.casefold():
        return "xhtml"
    role = first_line(entry.get("role"))
    return "" if role is None else role.casefold()


def _authors(item: Mapping[str, object]) -> object:
    """The byline, or else the people with the role of an author."""
    byline = _first(item, "byline", "by")
    if byline is not None:
        return byline
    people = _entries(item, "person", "people")
    return [p for p in people if isinstance(p, Mapping) and p.get("rel") in _AUTHOR_ROLES]


def _first(item: Mapping[str, object], *names: str) -> str | None:
    """The first line of the first of these fields that has text."""
    return next((line for n in names if (line := first_line(item.get(n))) is not None), None)


def _entries(item: Mapping[str, object], name: str, names: str) -> list[object]:
    """The entries of a field. In version 1, the field's name is singular."""
    for value in (item.get(names), item.get(name)):
        if value is not None:
            return value if isinstance(value, list) else [value]
    return []
