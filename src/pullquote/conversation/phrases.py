"""Finds phrases that may stand for a filter: by day, source, section, kind, language, comments."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from itertools import chain

from pullquote.base.wording import WITH_COMMENTS
from pullquote.conversation.archive import Archive
from pullquote.english.questions.when import DATE, RELATIVE, DateRange, date_range_of
from pullquote.schema import Filters, Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterPhrase:
    """Words that may stand for a filter: `question[start:end]`.

    If `sure`, the words rarely mean anything else, so the filter hides hardly any answers. If
    `removed`, the words mean nothing but the filter, so they are not searched for.
    """

    start: int
    end: int
    label: str
    filters: Filters
    sure: bool
    removed: bool = True


def sure_phrase(match: re.Match[str], label: str, filters: Filters) -> FilterPhrase:
    """A phrase for the words of a match, which mean nothing but this filter."""
    return FilterPhrase(
        start=match.start(), end=match.end(), label=label, filters=filters, sure=True
    )


_REPORTS = (
    r"(?:(?:articles|stories|coverage|pieces|interviews|news reports) "
    r"(?:published |printed |written |dated )?)"
)
_RANGE = re.compile(
    rf"(?i)\b(?P<sure>{_REPORTS})?(?:between (?P<a>{DATE}) and (?P<b>{DATE})"
    rf"|from (?P<c>{DATE}) (?:to|until|till|through) (?P<d>{DATE}))"
)
_SINCE = re.compile(
    rf"(?i)\b(?P<sure>{_REPORTS})?(?:(?P<from>since|starting(?: from| in)?)|(?P<after>after)) "
    rf"(?P<day>{DATE})"
)
_ONWARDS = re.compile(rf"(?i)\bfrom (?P<day>{DATE}) on(?:wards?\b|(?=\s*(?:[?!.,;:]|$)))")
_UNTIL = re.compile(
    rf"(?i)\b(?P<sure>{_REPORTS})?(?:(?P<before>before|prior to)|until|till|up to) (?P<day>{DATE})"
)
_IN = re.compile(
    rf"(?i)\b(?P<sure>{_REPORTS})?(?:in|during|on|from|(?<!as )of|throughout) (?:the year )?"
    rf"(?P<day>{DATE})"
)
_RELATIVE_DAY = re.compile(rf"(?i)\b(?:in |during |over |within )?(?P<day>{RELATIVE})(?!['’])")


def day_phrases(question: str, *, today: date) -> Iterator[FilterPhrase]:
    """The phrases about days. Those that may date an event rather than a report are not `sure`."""
    for match in _RANGE.finditer(question):
        first = date_range_of(match["a"] or match["c"], today=today)
        last = date_range_of(match["b"] or match["d"], today=today)
        if first is not None and last is not None and first.first <= last.last:
            whole = DateRange(first.first, last.last)
            yield _day_phrase(match, str(whole), whole.first, whole.last, match["sure"])
    for pattern in (_SINCE, _ONWARDS):
        for match, period in _dated(pattern, question, today):
            after = pattern is _SINCE and match["after"] is not None
            if after and period.last == date.max:
                continue
            since = period.last + timedelta(days=1) if after else period.first
            yield _day_phrase(match, f"since {_day(since)}", since, None, "since")
    for match, period in _dated(_UNTIL, question, today):
        until = period.last
        if match["before"] is not None:
            if period.first == date.min:
                continue
            until = period.first - timedelta(days=1)
        yield _day_phrase(match, f"until {_day(until)}", None, until, match["sure"])
    for match, period in _dated(_IN, question, today):
        yield _day_phrase(match, str(period), period.first, period.last, match["sure"])
    for match, period in _dated(_RELATIVE_DAY, question, today):
        # An event of last week may be reported today, so there is no last day. A report about
        # today's events may have been published earlier, so a phrase such as "today" is not `sure`.
        past = None if match["day"].lower().startswith(("today", "this")) else match["day"]
        yield _day_phrase(match, f"since {_day(period.first)}", period.first, None, past)


def _dated(
    pattern: re.Pattern[str], question: str, today: date
) -> Iterator[tuple[re.Match[str], DateRange]]:
    for match in pattern.finditer(question):
        period = date_range_of(match["day"], today=today)
        if period is not None:
            yield match, period


def _day(day: date) -> str:
    return str(DateRange(day, day))


def _day_phrase(
    match: re.Match[str], label: str, since: date | None, until: date | None, sure: str | None
) -> FilterPhrase:
    """A phrase about days. A word such as "articles" before it is not part of the phrase."""
    named = match.groupdict().get("sure")
    start = match.start() + len(named or "")
    return FilterPhrase(
        start=start,
        end=match.end(),
        label=label,
        filters=Filters(since=since, until=until),
        sure=bool(sure),
    )


_ARTICLE = re.compile(r"(?i)^the\s+")
_WORD = re.compile(r"\w+")
_DOTTED = str.maketrans({"\u0131": "i", "\u0307": None})
"""Case-insensitive patterns treat all forms of the letter I alike; `casefold` does not."""

MOST_NAMES = 200
"""At most this many names are looked for in a question; real questions contain far fewer."""


def bare(name: str) -> str:
    """The name without "the"."""
    return _ARTICLE.sub("", name).strip()


class NameIndex:
    """An index that lists each name under its rarest word.

    A pattern of 10,000 names takes seconds to compile. A pattern of only the names that a question
    contains takes no time.
    """

    def __init__(self, names: tuple[str, ...]) -> None:
        words = [_words(bare(name)) for name in names]
        shared = Counter(chain.from_iterable(words))
        self._names = names
        self._words = words
        self._folded = [_folded(bare(name)) for name in names]
        self._by_word: dict[str | None, list[int]] = {}
        for at, of_name in enumerate(words):
            rarest = min(of_name, key=shared.__getitem__, default=None)
            self._by_word.setdefault(rarest, []).append(at)

    def within(self, question: str) -> tuple[str, ...]:
        """The names that a question may contain, in order.

        Upper and lower case, and kinds of white space, are not distinguished. If there are more
        than `MOST_NAMES` names, only the longest are returned.
        """
        asked, folded = frozenset(_words(question)), _folded(question)
        found = [
            at
            for word in (*asked, None)
            for at in self._by_word.get(word, ())
            if asked.issuperset(self._words[at]) and self._folded[at] in folded
        ]
        longest = sorted(found, key=lambda at: (-len(self._folded[at]), at))[:MOST_NAMES]
        return tuple(self._names[at] for at in sorted(longest))


@lru_cache(maxsize=8)
def name_index(names: tuple[str, ...]) -> NameIndex:
    """The index of these names, from a cache."""
    return NameIndex(names)


def _words(text: str) -> list[str]:
    """The words of a text, normalised so that they compare like a case-insensitive pattern."""
    words: list[str] = _WORD.findall(text)
    if text.isascii():
        return [word.lower() for word in words]
    return [word.casefold().translate(_DOTTED) for word in words]


def _folded(text: str) -> str:
    """The text with single spaces, normalised like `_words`."""
    spaced = " ".join(text.split())
    return spaced.lower() if spaced.isascii() else spaced.casefold().translate(_DOTTED)


def phrases(question: str, known: Archive, *, today: date) -> Iterator[FilterPhrase]:
    """All phrases of a question that may stand for a filter; the phrases may overlap."""
    yield from day_phrases(question, today=today)
    yield from _sources(question, tuple(known.sources))
    yield from _sections(question, tuple(known.sections))
    yield from _comments(question)
    yield from _kinds(question, known)
    yield from _languages(question, known)


_ENDS = (
    r"(?=\s*[?!.,;:]|\s*$|\s+(?:since|in|on|about|last|before|after|between|from|and|during|until|"
    r"today|yesterday|this|say|said|who|what|when|where|why|how|did|does|is|was|were|are)\b)"
)


def _names_pattern(names: Sequence[str]) -> str:
    """A pattern that matches any of the names without "the", trying the longest first."""
    longest = sorted(filter(None, dict.fromkeys(map(bare, names))), key=len, reverse=True)
    return "|".join(re.escape(name).replace(r"\ ", r"\s+") for name in longest)


def _name_of(words: str, names: Sequence[str]) -> str | None:
    """The known name that equals the words, except for case, spaces and "the"."""

    def plain(name: str) -> str:
        return " ".join(re.sub(r"(?i)^the\s+", "", name).casefold().split())

    written = plain(words)
    return next((name for name in names if plain(name) == written), None)


def _sources(question: str, known: tuple[str, ...]) -> Iterator[FilterPhrase]:
    sources = name_index(known).within(question)
    names = _names_pattern(sources)
    if not names:
        return
    cased = rf"(?P<name>{names})"
    patterns = (
        (rf"(?i:\b(?:according to|(?:as )?reported by)\s+(?:the\s+)?(?:{cased})\b)", True),
        (rf"\b(?:[Ii]n|[Ff]rom|[Bb]y)\s+(?:[Tt]he\s+)?{cased}{_ENDS}", True),
        (rf"\b(?:[Tt]he\s+)?{cased}\s+(?:reports?|reported|wrote|writes?|published?)\b", False),
    )
    for pattern, removed in patterns:
        for match in re.finditer(pattern, question):
            name = _name_of(match["name"], sources)
            if name is not None:
                phrase = sure_phrase(match, name, Filters(sources=(name,)))
                yield replace(phrase, removed=removed)


def _sections(question: str, sections: tuple[str, ...]) -> Iterator[FilterPhrase]:
    spelled = _spelled(sections)
    spellings = name_index(tuple(spelled)).within(question)
    names = _names_pattern(spellings)
    if not names:
        return
    pattern = (
        rf"(?i)\b(?:in|on|from) (?:the )?(?:(?P<name>{names}) (?:section|pages?|coverage)"
        rf"|section (?P<named>{names}))\b"
    )
    for match in re.finditer(pattern, question):
        name = _name_of(match["name"] or match["named"], spellings)
        if name is not None:
            yield sure_phrase(match, spelled[name], Filters(sections=(spelled[name],)))


@lru_cache(maxsize=8)
def _spelled(sections: tuple[str, ...]) -> Mapping[str, str]:
    """A mapping from singular and plural spellings to section names."""
    return {
        spelling: name
        for name in sections
        for spelling in (name, name.removesuffix("s") if name.endswith("s") else f"{name}s")
    }


_IN_COMMENTS = re.compile(
    r"(?i)\b(?:in|from) (?:the (?:(?:readers?['’]?s?|users?['’]?) )?"
    r"|(?:readers?['’]?s?|users?['’]?) )comments(?: section)?\b"
    r"|\b(?:in|from) comments\b(?! (?:to|made|by|that|at|posted|on|about|he|she|they)\b)"
    r"|\baccording to (?:the )?(?:readers|commenters)\b"
)
_READERS = re.compile(
    r"(?i)\b(?:readers|commenters) (?:say|said|think|thought|write|wrote|complain(?:ed)?)\b"
)


def _comments(question: str) -> Iterator[FilterPhrase]:
    for pattern, removed in ((_IN_COMMENTS, True), (_READERS, False)):
        for match in pattern.finditer(question):
            phrase = sure_phrase(match, WITH_COMMENTS, Filters(comments=True))
            yield replace(phrase, removed=removed)


_KINDS = {
    Kind.OPINION: r"opinion (?:pieces?|columns?|articles?|section|pages)|op-eds?|editorials"
    r"|comment pieces|columns",
    Kind.REVIEW: r"reviews|review (?:section|pages)",
    Kind.ANALYSIS: r"analyses|analysis (?:pieces?|articles?|section)",
    Kind.SATIRE: r"satire|satirical (?:pieces?|articles?)",
}


def _kinds(question: str, known: Archive) -> Iterator[FilterPhrase]:
    """Phrases for kinds of article.

    If the index has no articles of a kind, the phrase stands for a section of that name.
    """
    for kind, names in _KINDS.items():
        for match in re.finditer(rf"(?i)\b(?:in|from) (?:the )?(?:{names})\b", question):
            called = (name for name in known.sections if name.casefold().startswith(kind))
            if kind in known.kinds:
                yield sure_phrase(match, str(kind), Filters(kinds=(kind,)))
            elif (section := next(called, None)) is not None:
                yield sure_phrase(match, section, Filters(sections=(section,)))


LANGUAGES = dict(
    zip(
        "arabic chinese danish dutch english finnish french german greek hebrew hindi indonesian "
        "italian japanese korean malay norwegian polish portuguese russian spanish swedish thai "
        "turkish ukrainian vietnamese".split(),
        "ar zh da nl en fi fr de el he hi id it ja ko ms no pl pt ru es sv th tr uk vi".split(),
        strict=True,
    )
)
_LANGUAGE = "|".join(LANGUAGES)
_PRESS = r"(?:articles?|press|media|papers?|newspapers?|reports?|coverage|sources?)"
_IN_LANGUAGE = re.compile(
    rf"(?i)\b(?:(?P<sure>(?:in|from) (?:the )?(?P<a>{_LANGUAGE})(?:[- ]language)? {_PRESS})"
    rf"|(?P<also>{_PRESS} in (?P<b>{_LANGUAGE}))|in (?P<c>{_LANGUAGE}))\b"
)


def _languages(question: str, known: Archive) -> Iterator[FilterPhrase]:
    """Phrases for languages of the index; one like "called in French" is not sure."""
    spoken = {language.partition("-")[0] for language in known.languages}
    for match in _IN_LANGUAGE.finditer(question):
        name = (match["a"] or match["b"] or match["c"]).lower()
        if (language := LANGUAGES[name]) in spoken:
            phrase = sure_phrase(match, f"in {name.title()}", Filters(languages=(language,)))
            yield replace(phrase, sure=match["c"] is None)
