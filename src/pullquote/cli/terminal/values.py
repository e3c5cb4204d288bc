"""Prints what became of answers, and the values that differ or change."""

from __future__ import annotations

from pullquote.base.console import one_line, say
from pullquote.cli.terminal.citations import print_quote
from pullquote.schema import Answer, Reply
from pullquote.schema.value_words import (
    correction_words,
    status_words,
    value_facts,
    values_heading,
)


def print_correction(answer: Answer) -> None:
    """Print the sentence that corrects an answer, before the answer."""
    if answer.correction is not None:
        say(f"{correction_words(answer)}:", style="bold yellow")
        print_quote(answer.correction)
        say("")


def print_status(answer: Answer, reply: Reply) -> None:
    """Print what became of an answer, if that is known."""
    if words := status_words(answer, reply.values):
        say(one_line(words), style="yellow", indent=2)


def print_values(reply: Reply) -> None:
    """Print all values, if there are several. A quote follows unless an answer above has it."""
    heading = values_heading(reply.values)
    if not heading:
        return
    printed = {cited for answer in reply.shown for cited in (*answer.citations, answer.correction)}
    say(f"{heading}:", style="bold")
    for value in reply.values:
        facts = (value.text, *value_facts(value, reply.values))
        say(" · ".join(map(one_line, facts)), indent=2)
        if printed.isdisjoint(value.citations):
            print_quote(value.citations[0], indent=4)
        if value.correction is not None and value.correction not in printed:
            say(f"{correction_words(value)}:", style="yellow", indent=4)
            print_quote(value.correction, indent=4)
    say("")
