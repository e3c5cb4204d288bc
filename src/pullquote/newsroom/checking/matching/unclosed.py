"""Says where the words end of a quotation whose quote mark was never closed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pullquote.newsroom.checking.matching.splices import LEAST_RUN, Run, first_run
from pullquote.newsroom.checking.text.words import CLOSING, WordList, is_word, words_of

_SAYS = (
    r"(?:said|says|told|tells|added|adds|wrote|writes|replied|insisted|warned|explained|declared|"
    r"argued|continued|concluded|noted|stated|recalled|claimed|asked)"
)
_WHO = r"(?:he|she|they|it|the \w+(?: \w+){0,3}|[^\W\d_a-z][\w'’.-]*(?: [\w'’.-]+){0,4})"
_CLAUSE = re.compile(rf"[,.!?…] (?={_SAYS} |{_WHO}(?:, [^,.]{{1,60}},)? {_SAYS}\b)")
_OPENING_MARKS, _CLOSING_MARKS = '“„«"', '”"»'


def end_of_words(text: str, articles: Sequence[WordList]) -> int:
    """Where the quotation ends that begins a text: as an article has it, or as the text goes on.

    It ends where an article that has its words closes its own quotation, or with the words that an
    article has in one piece, if they end with a sentence. Otherwise it ends before a clause such as
    "she said", or with the text.
    """
    words = words_of(text)
    run = first_run(words, articles)
    if run is not None:
        article = articles[run.article]
        size = _size_quoted(article, run)
        marks = {*words.words[run.end : run.end + 1], words.words[run.end - 1]}
        ends = size is not None or run.end == len(words.words) or CLOSING & marks
        size = len(run) if size is None else size
        if ends and sum(map(is_word, words.words[:size])) >= LEAST_RUN:
            return words.ends[size - 1]
    clause = _CLAUSE.search(text)
    return len(text) if clause is None else clause.start() + 1


def _size_quoted(article: WordList, run: Run) -> int | None:
    """How many words of a run an article has before a mark that ends a quotation there.

    None if there is no such mark in the run or right after it.
    """
    for at in range(run.at + 1, run.at + len(run) + 1):
        after = article.ends[at - 1]
        if article.stored[after : after + 1] in _CLOSING_MARKS:
            return at - run.at
    return None
