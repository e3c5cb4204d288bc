"""Comparable values of the words of answers: quantities, times, names, and other words."""

from pullquote.english.values.comparison import compare
from pullquote.english.values.models import (
    FoundValue,
    Name,
    Period,
    Qualifier,
    Quantity,
    Relation,
    Score,
    Text,
    Value,
)
from pullquote.english.values.parse import value_of, values_in

__all__ = [
    "FoundValue",
    "Name",
    "Period",
    "Qualifier",
    "Quantity",
    "Relation",
    "Score",
    "Text",
    "Value",
    "compare",
    "value_of",
    "values_in",
]
