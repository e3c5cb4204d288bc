"""ninjs, IPTC's news in JSON, versions 1 to 3: what an item says, by the name of the fact.

Version 1 puts the role or form of a text into the name of its field (`body_xhtml`), versions 2 and
3 into an entry of a list (`bodies`); version 3 writes names in camel case. Where an item gives its
body in several forms, one of them is read.
"""

from __future__ import annotations

from collections.abc import Mapping

from pullquote.parsing.exports.values import line_of

_TELLING = frozenset("pubstatus versioncreated representationtype urgency bodies headlines".split())
_FORMS = ("xhtml", "html", "richtext", "", "main", "text", "plain")
"""Forms of a body, best first: what has paragraphs goes before what may have lost them."""
_WROTE = ("author", "creator", "writer", "byline")


def is_ninjs(record: Mapping[str, object]) -> bool:
    """Whether a record is a ninjs item, of any version: it has a `uri` and a word of IPTC's."""
    names = {str(name).casefold() for name in record}
    return "uri" in names and any(n in _TELLING or n.startswith("body_") for n in names)


def values_of(record: Mapping[str, object]) -> dict[str, object]:
    """What an item says."""
    item = {str(name).casefold(): value for name, value in record.items()}
    uri = line_of(item.get("uri"))
    return {
        "id": uri,
        "revision": item.get("version"),
        "title": _headline(item),
        "standfirst": _best(item, "description", "descriptions"),
        "body": _best(item, "body", "bodies"),
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
    """The main headline, or the first, or what stands for one."""
    entries = _entries(item, "headline", "headlines")
    main = [e for e in entries if isinstance(e, Mapping) and e.get("role") == "main"]
    lines = (line_of(entry) for entry in (*main, *entries, item.get("title")))
    return next((line for line in lines if line is not None), None)


def _best(item: Mapping[str, object], name: str, names: str) -> object:
    """The text of the best form that a body or description is given in."""
    forms = {
        field.partition("_")[2]: value
        for field, value in item.items()
        if field == name or field.startswith(f"{name}_")
    }
    for entry in _entries(item, names, names):
        if isinstance(entry, Mapping):
            told = {str(key).casefold(): value for key, value in entry.items()}
            forms.setdefault(_form(told), told.get("value"))
    order = {form: at for at, form in enumerate(_FORMS)}
    best = sorted(forms, key=lambda form: order.get(form, len(_FORMS)))
    return next((forms[form] for form in best if line_of(forms[form]) is not None), None)


def _form(entry: Mapping[str, object]) -> str:
    """In which form an entry gives its text, by the kind of its content or by its role."""
    kind = line_of(entry.get("contenttype"))
    if kind is not None and "html" in kind.casefold():
        return "xhtml"
    role = line_of(entry.get("role"))
    return "" if role is None else role.casefold()


def _authors(item: Mapping[str, object]) -> object:
    """The byline, or the people who are said to have written it."""
    byline = _first(item, "byline", "by")
    if byline is not None:
        return byline
    people = _entries(item, "person", "people")
    return [p for p in people if isinstance(p, Mapping) and p.get("rel") in _WROTE]


def _first(item: Mapping[str, object], *names: str) -> str | None:
    """The first line under the first of those names that says something."""
    return next((line for n in names if (line := line_of(item.get(n))) is not None), None)


def _entries(item: Mapping[str, object], name: str, names: str) -> list[object]:
    """The entries under a name, which version 1 writes in the singular."""
    for value in (item.get(names), item.get(name)):
        if value is not None:
            return value if isinstance(value, list) else [value]
    return []
