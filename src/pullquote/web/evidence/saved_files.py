"""The files that the chat saves as evidence: their names, and what is shown of them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from pullquote.base.plurals import counted
from pullquote.conversation import Conversation, Turn
from pullquote.newsroom.absences import AbsenceStatement, absence_lines, absence_markdown
from pullquote.newsroom.absences.words import source_line
from pullquote.newsroom.packs import BuiltPack
from pullquote.web.templating import render
from pullquote.web.views.downloads import Download

SOURCES_SHOWN = 200
"""Sources that the page lists; the files have all of them."""


@dataclass(frozen=True, slots=True)
class ShownStatement:
    """A statement of absence with the files to save; `more` counts the sources not shown."""

    statement: AbsenceStatement
    lines: Sequence[str]
    sources: Sequence[str]
    more: int
    files: Sequence[tuple[str, Download]]


def pack_name(conversation: Conversation) -> str:
    """The name of the ZIP, with the day of the last question."""
    return f"pullquote-evidence{_day(conversation.turns)}.zip"


def pack_message(built: BuiltPack) -> str:
    """What is in a pack, in ASCII."""
    facts = built.manifest
    quotes = counted(len(facts.citations), "quote")
    parts = [f"{quotes} from {counted(len(facts.articles), 'article')}."]
    if facts.left_out:
        left_out = counted(len(facts.left_out), "quote")
        parts.append(f"{left_out} left out; the pack says why.")
    if facts.absences:
        parts.append("It states what was searched, because nothing was found.")
    return " ".join([*parts, f"SHA-256 of the ZIP: {built.sha256}"])


def statement_html(statement: AbsenceStatement, turn: Turn) -> Markup:
    """The statement, with buttons that save it as Markdown and as JSON."""
    name = f"pullquote-absence{_day([turn])}"
    files = (
        (
            "Save as Markdown",
            Download(f"{name}.md", "text/markdown", absence_markdown(statement)),
        ),
        ("Save as JSON", Download(f"{name}.json", "application/json", statement.to_json())),
    )
    sources = statement.coverage.sources
    shown = ShownStatement(
        statement=statement,
        lines=absence_lines(statement),
        sources=[source_line(one) for one in sources[:SOURCES_SHOWN]],
        more=len(sources[SOURCES_SHOWN:]),
        files=files,
    )
    return render("views/evidence.html", "statement", shown)


def _day(turns: Sequence[Turn]) -> str:
    return "".join(f"-{turn.asked:%Y-%m-%d}" for turn in turns[-1:])
