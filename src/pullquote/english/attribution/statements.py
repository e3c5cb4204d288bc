"""Joins quotations that have no cue of their own to the speaker before them."""

from __future__ import annotations

from dataclasses import replace

from pullquote.english.attribution.introductions import introduction
from pullquote.english.attribution.statement import Statement
from pullquote.english.attribution.tokens import Layout, Sentence


def with_floating_quotations(page: Layout, statements: list[Statement]) -> list[Statement]:
    """The statements, with sentences that only quote joined to the direct claim before them."""
    by_sentence: dict[int, list[Statement]] = {}
    for statement in statements:
        by_sentence.setdefault(statement.sentence, []).append(statement)
    found: list[Statement] = []
    last: int | None = None
    waiting: Statement | None = None
    for number, sentence in enumerate(page.sentences):
        mine = by_sentence.get(number, [])
        if mine:
            waiting = None
            direct = [at for at, one in enumerate(mine) if _quotes(page, one)]
            last = len(found) + direct[-1] if direct else None
            if last is None and sentence.tokens[-1].text == ":":
                last = len(found) + len(mine) - 1
            found += mine
            continue
        if last is None and (opener := introduction(sentence)) is not None:
            waiting = replace(opener, sentence=number)
            continue
        if waiting is not None and _only_quotes(sentence):
            found.append(
                replace(waiting, sentence=number, content=[(sentence.start, sentence.end)])
            )
            last, waiting = len(found) - 1, None
            continue
        waiting = None
        if not _only_quotes(sentence):
            last = last if last is not None and sentence.tokens[-1].text == ":" else None
            continue
        if last is not None:
            joined = found[last]
            near = page.sentences[joined.sentence].paragraph
            words = (sentence.start, sentence.end)
            after_cue = joined.cue[-1][1] if joined.cue else sentence.start
            introduced = page.text[after_cue : sentence.start].strip() == ":"
            if sentence.paragraph == near or introduced or _goes_on(page, joined.content[-1][1]):
                found[last] = replace(joined, content=[*joined.content, words])
            elif sentence.paragraph - near <= 1:
                found.append(replace(joined, sentence=number, content=[words], cue=[]))
                last = len(found) - 1
    return found


def _only_quotes(sentence: Sentence) -> bool:
    """Whether all words of a sentence are in quote marks, and there are some."""
    words = [token for token in sentence.tokens if token.is_word]
    return len(words) > 1 and all(token.quoted for token in words)


def _quotes(page: Layout, one: Statement) -> bool:
    """Whether the content of a claim begins or ends in quote marks."""
    low, high = one.content[0][0], one.content[-1][1]
    return page.text[low] in "\"“„«‘'" or page.text[high - 1] in "\"”»’'"


def _goes_on(page: Layout, end: int) -> bool:
    """Whether the quotation that ends here goes on in the next paragraph."""
    return any(one.continues and one.end == end for one in page.quotations_from(max(0, end - 1)))
