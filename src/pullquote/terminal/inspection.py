"""How a file was read: its facts with their origins, its blocks, and what is not in them."""

from __future__ import annotations

from itertools import groupby

from pullquote.errors import ArticleError
from pullquote.parsing.trace import Trace
from pullquote.schema import Article
from pullquote.terminal.answers import print_article
from pullquote.terminal.console import one_line, say, warn

_SHOWN = 100
"""Characters of a stretch that was left out: enough to find it in the file."""
_FACTS = tuple(
    "title standfirst authors source section place tags published modified url language kind item"
    " revision status embargoed".split()
)


def print_inspected(article: Article, notes: Trace) -> None:
    """An article as it was read: facts, blocks, and what was left out."""
    facts = article.model_dump(mode="json", exclude={"text", "blocks"}, exclude_defaults=True)
    width = max(map(len, facts))
    for name, value in facts.items():
        said = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        origin = _origin(article, name, notes)
        known = "" if origin is None else f"  ({one_line(origin)})"
        say(f"{name:{width}}  {one_line(said)}{known}", style="dim")
    say("")
    print_article(article)
    _print_left_out(notes)


def print_unread(error: ArticleError) -> None:
    """A record of a file that is no article, and why."""
    warn("left out:" if error.left_out else "not read:", one_line(str(error)), style="yellow")


def inspected(article: Article, notes: Trace) -> dict[str, object]:
    """The same as plain values for JSON."""
    origins = {name: _origin(article, name, notes) for name in _FACTS}
    return {
        **article.model_dump(mode="json"),
        "origins": {name: origin for name, origin in origins.items() if origin is not None},
        "left_out": [{"text": out.text, "reason": out.reason} for out in notes.dropped],
        "left_out_more": notes.more_dropped,
    }


def _origin(article: Article, name: str, notes: Trace) -> str | None:
    """Where a fact is known from, None where no reader said it."""
    return notes.origin(name, getattr(article, name)) if name in _FACTS else None


def _print_left_out(notes: Trace) -> None:
    """What is in the file and in no block, a line each, under its reason."""
    if not notes.dropped:
        return
    many = len(notes.dropped) + notes.more_dropped
    say(f"left out: {many} {'stretch' if many == 1 else 'stretches'} of the file", style="bold")
    for reason, outs in groupby(notes.dropped, key=lambda out: out.reason):
        say(one_line(reason), style="yellow", indent=2)
        for out in outs:
            cut = out.text[:_SHOWN] + ("…" if len(out.text) > _SHOWN else "")
            say(one_line(cut), style="dim", indent=4)
    if notes.more_dropped:
        say(f"and {notes.more_dropped:,} more", style="dim", indent=2)
    say("")
