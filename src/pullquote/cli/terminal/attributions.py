"""Prints the attributions of an article."""

from __future__ import annotations

from pullquote.base.console import one_line, say
from pullquote.base.plurals import counted
from pullquote.schema import Article, Attribution
from pullquote.schema.attribution import Range


def print_attributions(article: Article, attributions: list[Attribution]) -> None:
    """Print who says what in an article: one line for the speaker and one for the words."""
    say(f"{one_line(article.id)}: {counted(len(attributions), 'attribution')}", style="bold")
    for one in attributions:
        named = one.speaker or _words(article.text, one.source) or "nobody named"
        source = _words(article.text, one.source)
        details = [one.manner, *(["word for word"] if one.direct else [])]
        if one.speaker is not None and source != one.speaker:
            details.append(f"“{source}”")
        if one.via is not None:
            details.append(f"as reported by {one.via}")
        say(one_line(f"{named}  ({', '.join(details)})"), style="bold", indent=2)
        say(_words(article.text, one.content), indent=4)
    say("")


def _words(text: str, ranges: tuple[Range, ...]) -> str:
    """The words of some ranges, with an ellipsis between them."""
    return one_line(" … ".join(text[start:end] for start, end in ranges))
