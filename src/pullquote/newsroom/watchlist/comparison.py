"""Compares the reply to a standing question with the one that was reported last."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, product

from pullquote.english.values import Relation, Text, Value, compare, value_of
from pullquote.english.values.names import normalise
from pullquote.newsroom.watchlist.models import ChangeKind, Difference, WatchedAnswer
from pullquote.schema import (
    Answer,
    Citation,
    CitationState,
    Outcome,
    QuestionKind,
    Reply,
    ReportedValue,
    ValueStatus,
    VerifiedCitation,
    day_of,
)

Given = Answer | ReportedValue
"""What an answer or a value of a reply has in common: words, a status and citations."""

Place = tuple[str, str]
"""An article and its version."""


def is_equal(one: Given, other: Given) -> bool:
    """Whether the words are equal, or overlap in an article that has not changed."""
    here, there = normalise(one.text), normalise(other.text)
    if (here or one.text) == (there or other.text):
        return True
    return any(_overlap(a, b) for a, b in product(one.citations, other.citations))


def is_same(one: Given, other: Given) -> bool:
    """Whether two answers are equal or give values that agree."""
    return is_equal(one, other) or relation(one, other) in (Relation.EQUAL, Relation.COMPATIBLE)


def relation(one: Given, other: Given) -> Relation:
    """How the values of two answers relate."""
    here, there = _value(one), _value(other)
    return Relation.UNRELATED if here is None or there is None else compare(here, there)


def is_other_value(one: Given, other: Given) -> bool:
    """Whether two answers give values that can be compared, rather than other words."""
    plain = any(isinstance(_value(given), Text) for given in (one, other))
    return not plain and relation(one, other) is not Relation.UNRELATED


def equal_in(given: Given, among: Iterable[Given]) -> Given | None:
    """The first of some answers that is equal to a given one."""
    return next((one for one in among if is_equal(given, one)), None)


def status_in(given: Given, reply: Reply) -> ValueStatus | None:
    """The status of an answer in a later reply; None if the reply does not say."""
    found = equal_in(given, reply.values) or equal_in(given, reply.answers)
    return None if found is None else found.status


def evidence(answers: Iterable[Answer], values: Iterable[ReportedValue]) -> frozenset[Place]:
    """The articles on which answers and values rest, with their versions."""
    return frozenset((one.article, one.version) for one in _cited(list(answers), list(values)))


def _cited(answers: Sequence[Answer], values: Sequence[ReportedValue]) -> Iterator[Citation]:
    given: list[Given] = [*answers, *values]
    yield from chain.from_iterable(one.citations for one in given)
    yield from chain.from_iterable(one.mentions for one in values)
    yield from (one.correction for one in given if one.correction is not None)


def _overlap(one: Citation, other: Citation) -> bool:
    return (
        one.article == other.article
        and one.version == other.version
        and one.start < other.end
        and other.start < one.end
    )


def _value(given: Given) -> Value | None:
    cited = given.citations[0]
    sentence = cited.sentence if given.text in cited.sentence else ""
    return value_of(given.text, day=day_of(cited.published), sentence=sentence)


Verify = Callable[[Sequence[Citation]], Sequence[VerifiedCitation]]
"""Says what became of citations in the current generation."""

SEVERAL = frozenset({QuestionKind.LIST, QuestionKind.COMPARISON, QuestionKind.CHANGE})
"""The kinds of questions with several answers, of which none is the best."""

_BECAME = {
    ValueStatus.CORRECTED: ChangeKind.CORRECTED,
    ValueStatus.OUTDATED: ChangeKind.OUTDATED,
    ValueStatus.DISPUTED: ChangeKind.DISPUTED,
}
_NO_ARTICLE = frozenset({CitationState.GONE, CitationState.WITHDRAWN})


def differences(old: Reply, new: Reply, verify: Verify) -> list[Difference]:
    """What a new reply says that the old one did not, and the other way round."""
    if new.best is None:
        return [] if old.best is None else [_silent(old, old.best, verify)]
    if old.best is None:
        return [Difference(kind=ChangeKind.NEW_ANSWER, new=_watched(new.best, new))]
    if old.kind in SEVERAL and new.kind in SEVERAL:
        return [*_items(old, new, verify), *_corrected(old, new, list(old.shown))]
    first = _best(old, new, old.best, new.best, verify)
    return [*([] if first is None else [first]), *_corrected(old, new, [old.best])]


def basis(old: Reply, new: Reply, found: Sequence[Difference]) -> Reply:
    """The reply to compare the next one with: what was reported last.

    It is the new one, except where that was less sure of words that still stand, or only had them
    in another order. So an answer whose score moves about a limit is reported once.
    """
    kinds = {one.kind for one in found}
    if new.best is None:
        return old if kinds == {ChangeKind.LESS_SURE} else new
    if kinds == {ChangeKind.OTHER_ORDER}:
        return old
    doubted = [one.old for one in found if one.kind is ChangeKind.LESS_SURE]
    carried = [answer for answer in old.answers if _watched(answer, old) in doubted]
    return new.model_copy(update={"answers": (*new.answers, *carried)})


def _silent(old: Reply, best: Answer, verify: Verify) -> Difference:
    """The old answer is no longer found: its words are gone, or are no longer sure enough."""
    return _unfound(old, best, verify) or Difference(
        kind=ChangeKind.LESS_SURE, old=_watched(best, old)
    )


def _unfound(
    old: Reply, answer: Answer, verify: Verify, *, new: WatchedAnswer | None = None
) -> Difference | None:
    """That one of the articles of an answer no longer supports it; None if all do."""
    lost = next((one for one in verify(answer.citations) if not one.state.is_good), None)
    if lost is None:
        return None
    return Difference(
        kind=ChangeKind.NO_LONGER_SUPPORTED,
        old=_watched(answer, old),
        new=new,
        state=lost.state,
        reason=lost.reason,
    )


def _best(old: Reply, new: Reply, was: Answer, now: Answer, verify: Verify) -> Difference | None:
    known = equal_in(was, new.values)
    superseded = known is not None and not is_equal(known, now)
    if is_equal(was, now) or (is_same(was, now) and not superseded):
        return _same(old, new, was, now, verify)
    return _replaced(old, new, was, now, verify)


def _same(old: Reply, new: Reply, was: Answer, now: Answer, verify: Verify) -> Difference | None:
    """What is new about an answer that is still the best one."""
    before, after = _watched(was, old), _watched(now, new)
    if now.status is not was.status:
        kind = None if now.status is None else _BECAME.get(now.status)
        if kind is None and was.status is ValueStatus.DISPUTED:
            kind = ChangeKind.SETTLED
        if kind is not None and _rests_on_known(now, new, old) and _all_stand(old, verify):
            kind = ChangeKind.OTHER_ORDER
        if kind is not None:
            return Difference(kind=kind, old=before, new=after, correction=now.correction)
    earlier, later = _articles(was), _articles(now)
    if later <= earlier and later:
        return None
    kind = ChangeKind.FURTHER_SUPPORT if earlier & later else ChangeKind.OTHER_SUPPORT
    return Difference(kind=kind, old=before, new=after)


def _replaced(old: Reply, new: Reply, was: Answer, now: Answer, verify: Verify) -> Difference:
    """Why another answer is the best one."""
    before, after = _watched(was, old), _watched(now, new)
    if equal_in(was, new.answers) is not None and _rests_on_known(now, new, old):
        return Difference(kind=ChangeKind.OTHER_ORDER, old=before, new=after)
    verified = verify(was.citations)
    lost = [one for one in verified if not one.state.is_good]
    stands = len(lost) < len(verified)
    status = status_in(was, new)
    if status in (ValueStatus.CORRECTED, ValueStatus.DISPUTED):
        kind = _BECAME[status]
    elif not stands and all(one.state in _NO_ARTICLE for one in lost):
        kind = ChangeKind.NO_LONGER_SUPPORTED
    elif is_other_value(was, now):
        kind = ChangeKind.CHANGED_VALUE
    else:
        kind = ChangeKind.OTHER_ANSWER if stands else ChangeKind.NO_LONGER_SUPPORTED
    return Difference(
        kind=kind,
        old=before,
        new=after,
        state=lost[0].state if lost else CitationState.STANDS,
        reason=lost[0].reason if lost else "",
        correction=_correction(was, new),
    )


def _rests_on_known(now: Answer, new: Reply, old: Reply) -> bool:
    """Whether an answer rests only on articles that the old reply rested on, none of them changed.

    Then only the scores have changed, because words have become rarer or more frequent.
    """
    return evidence([now], new.values) <= evidence(old.answers, old.values)


def _all_stand(old: Reply, verify: Verify) -> bool:
    """Whether the articles still have the words of all values."""
    cited = [one for value in old.values for one in (*value.citations, *value.mentions)]
    return all(one.state.is_good for one in verify(cited))


def _items(old: Reply, new: Reply, verify: Verify) -> Iterator[Difference]:
    for now in new.shown:
        if not any(is_same(now, was) for was in old.answers):
            yield Difference(kind=ChangeKind.NEW_ANSWER, new=_watched(now, new))
    for was in old.shown:
        if not any(is_same(was, now) for now in new.answers):
            yield _silent(old, was, verify)


def _corrected(old: Reply, new: Reply, answers: Sequence[Answer]) -> Iterator[Difference]:
    """The values that an article has corrected since, without those of the given answers."""
    for was in old.values:
        now = equal_in(was, new.values)
        if (
            now is not None
            and now.status is ValueStatus.CORRECTED is not was.status
            and equal_in(was, answers) is None
        ):
            yield Difference(
                kind=ChangeKind.CORRECTED,
                old=_watched(was, old),
                new=None if new.best is None else _watched(new.best, new),
                correction=_correction(was, new),
            )


def _correction(was: Given, new: Reply) -> Citation | None:
    found = equal_in(was, new.values) or equal_in(was, new.answers)
    return None if found is None else found.correction


def _articles(answer: Answer) -> frozenset[str]:
    return frozenset(one.article for one in answer.citations)


def _watched(given: Answer | ReportedValue, reply: Reply) -> WatchedAnswer:
    return WatchedAnswer(
        text=given.text,
        possible=reply.outcome is Outcome.POSSIBLE,
        status=given.status,
        citation=given.citations[0],
    )


def first_asked(reply: Reply) -> Difference:
    """That a question was asked for the first time, with its answer."""
    new = None if reply.best is None else _watched(reply.best, reply)
    return Difference(kind=ChangeKind.FIRST_ASKED, new=new)
