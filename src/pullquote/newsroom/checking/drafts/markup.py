"""Removes from a quotation what a draft may add to its words: emphasis, links, footnote marks."""

from __future__ import annotations

import re

_LINK = re.compile(r"\[([^\[\]\n]{1,500})\]\((?:https?:|\.|/|\?|#)[^\s()]{0,2000}\)")
_STARS = re.compile(r"(?<![\w*])\*{1,3}(?=[^\s*])([^*\n]{1,500})(?<=[^\s*])\*{1,3}(?![\w*])")
_LINES = re.compile(r"(?<![\w_])_{1,3}(?=[^\s_])([^_\n]{1,500})(?<=[^\s_])_{1,3}(?![\w_])")
_RAISED = "\u00b9\u00b2\u00b3\u2070\u2074-\u2079"
_NOTE_AFTER_MARK = re.compile(rf"(?<=[.,;:!?\"”’'])[{_RAISED}]{{1,3}}")
_NOTE_AT_END = re.compile(rf"(?<=[^\W\d_]{{4}})[{_RAISED}]{{1,3}}(?=\W*$)")
_SIGN = re.compile(r"(?<=[\w.,;:!?\"”’'])(?:\*|[†‡])(?=[\s.,;:!?\"”’']|$)")
_FIGURE_BEFORE_END = re.compile(r"\d\S*(?:\s+\S+){0,2}\s*$")


def without_markup(quote: str) -> str:
    """The words of a quotation without emphasis and links in Markdown, and without footnote marks.

    Raised digits are footnote marks after a punctuation mark, and at the end after a word unless a
    figure is near, as in "20 metres²".

    >>> without_markup("We *will* [pay](https://post.example/a).¹")
    'We will pay.'
    """
    text = _LINK.sub(r"\1", quote)
    text = _LINES.sub(r"\1", _STARS.sub(r"\1", text))
    text = _SIGN.sub("", _NOTE_AFTER_MARK.sub("", text))
    return text if _FIGURE_BEFORE_END.search(text) else _NOTE_AT_END.sub("", text)
