"""Finds the attributions of an article.

`python -m benchmarks.attribution` measures the rules of this folder on the packaged training data.
"""

from __future__ import annotations

from dataclasses import replace

from pullquote.english.attribution.certainty import shown
from pullquote.english.attribution.claims import claims_in, illustrated, introduction, signed
from pullquote.english.attribution.phrases import Claim, Statement
from pullquote.english.attribution.speakers import Speakers
from pullquote.english.attribution.tokens import Layout, Sentence, layout
from pullquote.schema import Article, Role
from pullquote.schema.arguments import naming_arguments
from pullquote.schema.attribution import Attribution, Range


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
        if last is None and (opener := introduction(sentence.tokens)) is not None:
            waiting = _statement(page, number, opener)
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


_RUNNING_TEXT = frozenset(
    {Role.HEADLINE, Role.STANDFIRST, Role.BODY, Role.CAPTION, Role.QUOTATION, Role.CORRECTION}
)


@naming_arguments
def attribute(article: Article | str) -> list[Attribution]:
    """The claims of an article or a text, in order: their words, who makes them, and how.

    The rules are for English; an article in another language has no attributions. Comments,
    bylines and boilerplate of an article are left out.

    >>> [claim] = attribute("The bridge is safe, Ida Roe said.")
    >>> claim.speaker, claim.manner, claim.content
    ('Ida Roe', 'said', ((0, 18),))
    """
    if isinstance(article, str):
        text, ranges = article, [(0, len(article))]
    elif article.language.partition("-")[0].lower() != "en":
        return []
    else:
        text = article.text
        ranges = [(b.start, b.end) for b in article.blocks if b.role in _RUNNING_TEXT]
    return _named(*read(text, ranges))


def read(text: str, ranges: list[Range]) -> tuple[Layout, list[Statement]]:
    """The sentences in some ranges of a text, and the claims in them, without names."""
    page = layout(text, ranges)
    statements = [one for number in range(len(page.sentences)) for one in _stated(page, number)]
    return page, with_floating_quotations(page, statements)


def attributions_covering(
    attributions: list[Attribution], start: int, end: int
) -> list[Attribution]:
    """The attributions whose content covers a range of the article, the innermost first."""
    covering = [
        one
        for one in attributions
        if any(low <= start and end <= high for low, high in one.content)
    ]
    return sorted(covering, key=lambda one: sum(high - low for low, high in one.content))


def _stated(page: Layout, number: int) -> list[Statement]:
    tokens = page.sentences[number].tokens
    found = claims_in(tokens)
    if not found and (alone := signed(tokens) or illustrated(tokens)) is not None:
        found = [alone]
    return [_statement(page, number, claim) for claim in found]


def _statement(page: Layout, number: int, claim: Claim) -> Statement:
    """A claim with ranges of characters instead of tokens."""
    tokens = page.sentences[number].tokens

    def ranges(parts: tuple[tuple[int, int], ...]) -> list[Range]:
        return [(tokens[low].start, tokens[high - 1].end) for low, high in parts]

    return Statement(
        sentence=number,
        content=sorted(ranges(claim.content)),
        source=ranges((claim.source,)) if claim.source else [],
        cue=ranges(claim.cue),
        manner=claim.manner,
    )


def _named(page: Layout, statements: list[Statement]) -> list[Attribution]:
    speakers = Speakers(page)
    direct = [is_direct(page, one) for one in statements]
    names = []
    for at, one in enumerate(statements):
        name = speakers.name(one.source[0] if one.source else None)
        names.append(shown(speakers, one, name, direct=direct[at]))
    outer = [_outer(statements, at) for at in range(len(statements))]
    return [
        Attribution(
            content=tuple(one.content),
            source=names[at].source,
            cue=tuple(one.cue),
            speaker=names[at].speaker,
            manner=one.manner,
            direct=direct[at],
            via=None if (by := outer[at]) is None else names[by].speaker,
        )
        for at, one in enumerate(statements)
    ]


def _outer(statements: list[Statement], at: int) -> int | None:
    """The statement in whose content the cue of another lies."""
    cue = statements[at].cue
    if not cue:
        return None
    for other in range(max(0, at - 6), min(len(statements), at + 7)):
        if other != at and any(
            low <= cue[0][0] and cue[0][1] <= high for low, high in statements[other].content
        ):
            return other
    return None


def is_direct(page: Layout, one: Statement) -> bool:
    """Whether all of the content is in quote marks."""
    text = page.text
    return all(text[low] in "\"“„«‘'" and _quoted(page, low, high) for low, high in one.content)


def _quoted(page: Layout, low: int, high: int) -> bool:
    """Whether a range lies in quotations, with at most white space between them."""
    at = low
    for quotation in page.quotations_from(low):
        if page.text[at : quotation.start].strip() or at >= high:
            break
        at = quotation.end
    return at >= high
