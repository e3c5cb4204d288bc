"""Prints how a file was read.

Prints its metadata and where each value came from, its blocks, and the text left out.
"""

from __future__ import annotations

from itertools import groupby

from pullquote.base.console import one_line, say, warn
from pullquote.base.plurals import counted
from pullquote.cli.terminal.answers import print_article
from pullquote.parsing.trace import Trace
from pullquote.schema import Article
from pullquote.schema.errors import ArticleError

_SHOWN = 100
"""How many characters of a left-out text are shown: enough to find it in the file."""
_FACTS = tuple(
    "title standfirst authors source section place tags published modified url language kind item"
    " revision status embargoed".split()
)


def print_inspected(article: Article, trace: Trace) -> None:
    """Print an article as it was read: its metadata, its blocks, and the text left out."""
    facts = article.model_dump(mode="json", exclude={"text", "blocks"}, exclude_defaults=True)
    width = max(map(len, facts))
    for name, value in facts.items():
        text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        origin = _origin(article, name, trace)
        source = "" if origin is None else f"  ({one_line(origin)})"
        say(f"{name:{width}}  {one_line(text)}{source}", style="dim")
    say("")
    print_article(article)
    _print_left_out(trace)


def print_unread(error: ArticleError) -> None:
    """Print a record that cannot be read as an article, and why."""
    warn("left out:" if error.left_out else "not read:", one_line(str(error)), style="yellow")


def inspection_facts(article: Article, trace: Trace) -> dict[str, object]:
    """The facts that `print_inspected` prints, as plain values for JSON."""
    origins = {name: _origin(article, name, trace) for name in _FACTS}
    return {
        **article.model_dump(mode="json"),
        "origins": {name: origin for name, origin in origins.items() if origin is not None},
        "left_out": [{"text": out.text, "reason": out.reason} for out in trace.dropped],
        "left_out_more": trace.more_dropped,
    }


def _origin(article: Article, name: str, trace: Trace) -> str | None:
    """Where in the file a fact comes from; None if unknown."""
    return trace.origin(name, getattr(article, name)) if name in _FACTS else None


def _print_left_out(trace: Trace) -> None:
    """Print the texts that are in no block, grouped by the reason why they were left out."""
    if not trace.dropped:
        return
    many = len(trace.dropped) + trace.more_dropped
    say(f"left out: {counted(many, 'part')} of the file", style="bold")
    for reason, outs in groupby(trace.dropped, key=lambda out: out.reason):
        say(one_line(reason), style="yellow", indent=2)
        for out in outs:
            cut = out.text[:_SHOWN] + ("…" if len(out.text) > _SHOWN else "")
            say(one_line(cut), style="dim", indent=4)
    if trace.more_dropped:
        say(f"and {trace.more_dropped:,} more", style="dim", indent=2)
    say("")
