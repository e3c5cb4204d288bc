"""What a user can do about a file that could not be read. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ADVICE_IN_REASON = re.compile(r"; ((?:save|run) [^;]*)$")
"""Some reasons end with advice, such as "…; save it as UTF-8"."""

_ADVICE = (
    ("setting fields", "In the setting “fields”, name the field that holds the text."),
    ("front matter", "Correct the lines between the two “---” at the top of the file."),
    ("password|encrypted|drm", "Save a copy without protection, and add the copy."),
    ("file is empty|without a body", "Export the article again: this copy is empty."),
    ("seconds|crashed", "Split the file into smaller files, or save it in another format."),
    (
        "parser failed|invalid article",
        "This is a fault in pullquote, not in your file. Report it to the administrator, with the "
        "reason shown here.",
    ),
    ("a link that|a link to", "Put the file itself into the folder, not a link to it."),
    (
        "permission|cannot be listed",
        "Give pullquote permission to read the file, then update the index.",
    ),
    ("encoding|utf-", "Save the file as UTF-8."),
    ("its name", "Give the file another name."),
    ("larger than|more than|unpacks|too large|bomb|too deep", "Split the file into smaller files."),
    ("extension|not text|no parser|not supported", "Save it in one of the supported formats."),
    (
        "no text|only attachments|contains text|no articles|no json|not a record|two columns",
        "Check that the file contains the text of an article.",
    ),
    (
        "valid|damaged|incomplete|in the middle|well-formed|closed|cells|unpacked",
        "Export or save it again.",
    ),
)
"""Advice for the first pattern that occurs in a reason, ignoring case."""

_OTHERWISE = "Correct the file, and update the index."


@dataclass(frozen=True, slots=True)
class FailureAdvice:
    """Why a file could not be read, and what to do about it."""

    reason: str
    step: str


def failure_advice(reason: str) -> FailureAdvice:
    """The reason as a sentence without its subject, and the next step."""
    if found := _ADVICE_IN_REASON.search(reason):
        step = found[1]
        return FailureAdvice(reason[: found.start()], f"{step[0].upper()}{step[1:]}.")
    text = reason.casefold()
    steps = (step for pattern, step in _ADVICE if re.search(pattern, text))
    return FailureAdvice(reason, next(steps, _OTHERWISE))
