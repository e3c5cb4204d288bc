"""The form of the filters: a drawer with days, and fields to choose names from the index."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from pullquote.web.pages import render
from pullquote.web.state.facets import label_of

TEMPLATE: Final = "views/filters.html"


@dataclass(frozen=True, slots=True)
class FilterField:
    """A field to choose names in.

    `name` is that of the filter in a link, `dimension` that of its choices, `noun` that of one.
    """

    name: str
    label: str
    noun: str
    dimension: str


FILTER_FIELDS: Final = (
    FilterField("source", "Source", "source", "sources"),
    FilterField("not_source", "Sources to leave out", "source", "sources"),
    FilterField("section", "Section", "section", "sections"),
    FilterField("language", "Language", "language", "languages"),
    FilterField("kind", "Kind", "kind", "kinds"),
)
"""The fields in the order of the drawer."""


def filter_form_html() -> Markup:
    """The form without choices."""
    return render(TEMPLATE, "form", FILTER_FIELDS)


def filter_choices_html(names: Mapping[str, Sequence[str]]) -> Markup:
    """The choices of each field, for the script; `names` has those of each dimension."""
    choices = {
        field.name: [
            [one, label_of(field.dimension, one)] for one in names.get(field.dimension, ())
        ]
        for field in FILTER_FIELDS
    }
    return render(TEMPLATE, "choices", json.dumps(choices))
