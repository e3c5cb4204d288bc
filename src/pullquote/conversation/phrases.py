"""Finds phrases that may stand for a filter: by day, source, section, kind, language, comments."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache

from pullquote.conversation.archive import Archive
from pullquote.conversation.days import day_phrases
from pullquote.conversation.names import bare, name_index
from pullquote.conversation.phrase import FilterPhrase, sure_phrase
from pullquote.schema import Filters, Kind


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
        (
            rf"(?i:\b(?:according to|(?:as )?reported by)\s+(?:the\s+)?(?:{cased})\b)",
            True,
        ),
        (rf"\b(?:[Ii]n|[Ff]rom|[Bb]y)\s+(?:[Tt]he\s+)?{cased}{_ENDS}", True),
        (
            rf"\b(?:[Tt]he\s+)?{cased}\s+(?:reports?|reported|wrote|writes?|published?)\b",
            False,
        ),
    )
    for pattern, removed in patterns:
        for match in re.finditer(pattern, question):
            name = _name_of(match["name"], sources)
            if name is not None:
                yield FilterPhrase(
                    start=match.start(),
                    end=match.end(),
                    label=name,
                    filters=Filters(sources=(name,)),
                    sure=True,
                    removed=removed,
                )


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
    return {spelling: name for name in sections for spelling in _spellings(name)}


def _spellings(name: str) -> tuple[str, ...]:
    """The name in the singular and the plural."""
    return (name, name.removesuffix("s") if name.endswith("s") else f"{name}s")


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
            phrase = sure_phrase(match, "with reader comments", Filters(comments=True))
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
