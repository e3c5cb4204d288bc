"""Says which fields of a pack contradict its quotes and texts, or each other."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice

from pullquote.answering.answers.citing import cite_at
from pullquote.base.plurals import counted
from pullquote.index import OpenGeneration
from pullquote.newsroom.absences import AbsenceStatement, Coverage, counted_again
from pullquote.newsroom.editions import shown_article
from pullquote.newsroom.packs.build import OF_THE_ARTICLE, packed_article
from pullquote.newsroom.packs.manifest import (
    MANIFEST,
    PackedAnswer,
    PackedArticle,
    PackedQuestion,
    PackedValue,
    PackManifest,
    first_and_last,
)
from pullquote.schema import Article, Citation, CitationState, Outcome

_SHA256 = re.compile(r"[0-9a-f]{64}")
_OF_BOTH = ("title", "published", "source", "url", "section")
"""The fields that a citation repeats from its article, besides the version."""
_OF_THE_INDEX = ("generation", "index_sha256", "index_config", "settings", "pullquote")
_AS_ASKED = ("question", "searched_for", "kind", "as_of", "filters")


def contradictions(pack: PackManifest, texts: Mapping[str, str | None]) -> Iterator[str]:
    """One sentence for each field that cannot be as pullquote wrote it; it names the field.

    `texts` are the stored texts by the articles' ids; None if the pack does not have a text.
    """
    for place, problem in chain(
        _of_articles(pack, texts),
        _of_citations(pack, texts),
        _of_questions(pack),
        _of_left_out(pack),
        _of_absences(pack),
    ):
        yield f"{MANIFEST}: {place} {problem}."


def not_checked(pack: PackManifest, compared: Collection[str] = ()) -> Iterator[str]:
    """One sentence for each fact that a pack of version 1 is not checked for; none for a newer one.

    `compared` are the ids of articles that the pack was compared with; their facts are checked.
    """
    if pack.version > 1:
        return
    yield "The pack has version 1, which pullquote 0.2 wrote. Less is checked than in a newer pack."
    unknown = sum(one.article not in compared for one in pack.citations)
    if unknown and _repeats_articles(pack):
        yield f"Not checked: the section of {counted(unknown, 'quote')}."
    elif unknown:
        facts = "the title, paper, day, address, section and speaker"
        yield (
            f"Not checked: {facts} of {counted(unknown, 'quote')}. Some answers are from another "
            "state of the index."
        )
    if pack.left_out:
        yield "Not checked: whether each answer is from its own quotes. Some quotes were left out."
    if any(True for _ in _unused(pack)):
        yield "Not checked: whether each quote belongs to an answer. Some may be corrections."


def _repeats_articles(pack: PackManifest) -> bool:
    """Whether the quotes must repeat the facts of their articles.

    In a pack of version 1, a quote has the facts of the time of its answer. They are those of the
    article if the answers are from the state of the index that the pack was made from.
    """
    return pack.version > 1 or all(one.generation == pack.generation for one in pack.questions)


def _unused(pack: PackManifest) -> Iterator[int]:
    """The indexes of the quotes that no answer and no value has."""
    used: set[int] = set()
    for question in pack.questions:
        used = used.union(*map(_numbers, question.answers), *map(_numbers, question.values))
    yield from (at for at in range(len(pack.citations)) if at + 1 not in used)


_Problem = tuple[str, str]


def _of_articles(pack: PackManifest, texts: Mapping[str, str | None]) -> Iterator[_Problem]:
    cited = {one.article for one in pack.citations}
    with_texts = any(one.file is not None for one in pack.articles)
    for number, article in enumerate(pack.articles):
        here, text = f"articles[{number}]", texts.get(article.id)
        for name in ("version", "text_sha256"):
            if not _SHA256.fullmatch(getattr(article, name)):
                yield f"{here}.{name}", "is not a SHA-256"
        if article.id not in cited:
            yield f"{here}.id", "is an article that no quote is from"
        if article.file != (f"articles/{number + 1:04}.txt" if with_texts else None):
            yield f"{here}.file", "is not the file of this article"
        if text is not None and article.characters != len(text):
            yield f"{here}.characters", f"is {article.characters:,}, but the text has {len(text):,}"
        if not _fits_version(pack, section=article.section):
            yield f"{here}.section", _NEWER
    if pack.index_sha256 and not _SHA256.fullmatch(pack.index_sha256):
        yield "index_sha256", "is not a SHA-256"


def _of_citations(pack: PackManifest, texts: Mapping[str, str | None]) -> Iterator[_Problem]:
    articles = {one.id: one for one in pack.articles}
    sections = {one.id: one.section for one in pack.articles}
    if pack.version == 1:  # its articles have none, so that only the quotes can be compared
        sections = {one.article: one.section for one in reversed(pack.citations)}
    for number, one in enumerate(pack.citations):
        here, article = f"citations[{number}]", articles.get(one.article)
        if not one.quote.strip():
            yield f"{here}.quote", "is empty"
        if one.start < 0 or one.end - one.start != len(one.quote):
            yield f"{here}.start", f"and end ({one.start}, {one.end}) are not around its quote"
        at = one.start - one.sentence_start
        if at < 0 or not one.sentence.startswith(one.quote, at):
            yield f"{here}.sentence", "does not have its quote at its place"
        if article is not None and one.version != article.version:
            yield f"{here}.version", "is not that of its article"
        if article is not None:
            article = article.model_copy(update={"section": sections[one.article]})
            yield from _beside(here, one, article, pack, texts.get(one.article))


def _beside(
    here: str, one: Citation, article: PackedArticle, pack: PackManifest, text: str | None
) -> Iterator[_Problem]:
    """What a citation says that its article does not."""
    repeats = _repeats_articles(pack)
    for name in _OF_BOTH if repeats else ():
        if getattr(one, name) != getattr(article, name):
            yield f"{here}.{name}", "is not that of its article"
    if one.end > article.characters:
        yield f"{here}.end", "is behind the end of its article"
    if one.cue is not None and not 0 <= one.cue[0] < one.cue[1] <= article.characters:
        yield f"{here}.cue", "is no place in its article"
    if one.page is not None and one.page < 1:
        yield f"{here}.page", "is no page"
    if one.recognised is not None and not 0 <= one.recognised <= 1:
        yield f"{here}.recognised", "is no share"
    speaker = one.speaker
    if speaker is None:
        return
    if one.manner is None:
        yield f"{here}.manner", "is empty, but there is a speaker"
    if speaker.start < 0 or speaker.end - speaker.start != len(speaker.name):
        yield f"{here}.speaker.start", "and end are not around its name"
    elif repeats and text is not None and not text.startswith(speaker.name, speaker.start):
        yield f"{here}.speaker.name", "is not in the article at its place"


def _of_questions(pack: PackManifest) -> Iterator[_Problem]:
    lost = [one.quote for one in pack.left_out]
    for number, question in enumerate(pack.questions):
        here = f"questions[{number}]"
        nothing = question.outcome is Outcome.NOTHING
        if nothing and (question.answers or question.values):
            yield f"{here}.outcome", "is nothing, but there are answers"
        values = enumerate(question.values)
        given: list[tuple[str, PackedAnswer | PackedValue]] = [
            *((f"{here}.answers[{at}]", one) for at, one in enumerate(question.answers)),
            *((f"{here}.values[{at}]", one) for at, one in values),
        ]
        for place, one in given:
            if not all(1 <= at <= len(pack.citations) for at in _numbers(one)):
                yield f"{place}.citations", f"has a number that is not 1 to {len(pack.citations)}"
                continue
            if len(set(one.citations)) < len(one.citations):
                yield f"{place}.citations", "has a number twice"
            yield from _words(place, one, pack, lost)
        yield from _newer_facts(here, question, pack)
    for at in islice(_unused(pack), 1 if pack.version > 1 else 0):
        yield f"citations[{at}]", "is the quote of no answer and of no value"


def _numbers(one: PackedAnswer | PackedValue) -> set[int]:
    mentions = one.mentions if isinstance(one, PackedValue) else ()
    correction = () if one.correction is None else (one.correction,)
    return {*one.citations, *mentions, *correction}


def _words(
    place: str, one: PackedAnswer | PackedValue, pack: PackManifest, lost: Sequence[str]
) -> Iterator[_Problem]:
    """Whether an answer or a value has the words of a quote of its own, and a value its days.

    Words of a quote that was left out are only those of an answer without another quote.
    """
    cited = [pack.citations[number - 1] for number in one.citations]
    quotes = [each.quote for each in cited]
    if not cited or pack.version == 1:
        quotes += lost
    withheld = pack.version == 1 and "" in lost
    if one.text not in quotes and not withheld:
        yield f"{place}.text", "is not the words of one of its quotes"
    if not isinstance(one, PackedValue):
        return
    first, last = first_and_last(cited)
    if one.first_reported != first:
        yield f"{place}.first_reported", "is not when the first of its articles was published"
    if one.last_reported != last:
        yield f"{place}.last_reported", "is not when the last of its articles was published"
    articles = len({each.article for each in cited})
    if one.sources > articles:
        yield f"{place}.sources", f"is {one.sources}, but its articles are {articles}"
    if not set(one.citations).isdisjoint(one.mentions):
        yield f"{place}.mentions", "has a quote that gives the value"


def _newer_facts(here: str, question: PackedQuestion, pack: PackManifest) -> Iterator[_Problem]:
    if not _fits_version(pack, values=question.values):
        yield f"{here}.values", _NEWER
    for number, answer in enumerate(question.answers):
        if not _fits_version(pack, correction=answer.correction):
            yield f"{here}.answers[{number}].correction", _NEWER
    if pack.version > 1 and question.asked is not None and question.asked.microsecond:
        yield f"{here}.asked", "has parts of a second"


_NEWER = "is not a fact of packs of this version"


def _fits_version(pack: PackManifest, **facts: object) -> bool:
    """Whether facts that came with version 2 are missing in a pack of version 1."""
    return pack.version > 1 or all(fact in (None, ()) for fact in facts.values())


def _of_left_out(pack: PackManifest) -> Iterator[_Problem]:
    for number, one in enumerate(pack.left_out):
        states = [state for state in CitationState if one.reason.startswith(f"{state}: ")]
        if not states:
            yield f"left_out[{number}].reason", "does not say what became of the quote"
        elif (states[0] is CitationState.WITHDRAWN) == bool(one.quote):
            yield f"left_out[{number}].quote", f"does not go with the reason, {states[0]}"


def _of_absences(pack: PackManifest) -> Iterator[_Problem]:
    asked = [one for one in pack.questions if one.outcome is Outcome.NOTHING]
    for number, absence in enumerate(pack.absences):
        here = f"absences[{number}]"
        if absence.version != 1:
            yield f"{here}.version", "is not 1"
        for name in _OF_THE_INDEX:
            if getattr(absence, name) != getattr(pack, name):
                yield f"{here}.{name}", "is not that of the pack"
        yield from _same_question(here, absence, asked)
        yield from _coverage(f"{here}.coverage", absence.coverage)
        for place, close in enumerate(absence.closest):
            if close.start < 0 or not close.quote or close.end - close.start != len(close.quote):
                yield f"{here}.closest[{place}].quote", "does not fit its start and end"
            if not 0 <= close.confidence <= 1:
                yield f"{here}.closest[{place}].confidence", "is no share"
        if absence.passages < 0 or any(
            count < 1 for count in absence.coverage.not_searched.values()
        ):
            yield f"{here}.passages", "or the files that were not searched are no counts"
    stated = [one.generation for one in pack.absences]
    if len(stated) != sum(one.generation == pack.generation for one in asked):
        yield "absences", "are not those of the questions for which nothing was found"


def _same_question(
    here: str, absence: AbsenceStatement, asked: Iterable[PackedQuestion]
) -> Iterator[_Problem]:
    """Whether a statement is about one of the questions for which nothing was found."""
    wrong = [
        [name for name in _AS_ASKED if getattr(one, name) != getattr(absence, name)]
        for one in asked
    ]
    if fewest := min(wrong, key=len, default=["question"]):
        yield f"{here}.{fewest[0]}", "is not that of a question for which nothing was found"


def _coverage(here: str, coverage: Coverage) -> Iterator[_Problem]:
    """The first part of the coverage that does not follow from the months of its sources."""
    try:
        again = counted_again(coverage)
    except ValueError:
        yield f"{here}.sources", "have months that are not written like 2023-05"
        return
    for name in type(coverage).model_fields:
        if getattr(coverage, name) != getattr(again, name):
            yield f"{here}.{name}", "does not follow from the months of the sources"
    if any(count < 1 for one in coverage.sources for count in one.months.values()) or any(
        one.undated < 0 for one in coverage.sources
    ):
        yield f"{here}.sources", "have counts below 1"


def same_articles(pack: PackManifest, generation: OpenGeneration) -> dict[str, Article]:
    """The articles of a pack by their ids, if the index has the same version and may show it."""
    found = (shown_article(generation, one.id, one.version) for one in pack.articles)
    return {one.id: one for one in found if one is not None}


def unlike_the_index(
    pack: PackManifest, articles: Mapping[str, Article], generation: OpenGeneration
) -> Iterator[str]:
    """One sentence for each fact of an article or a quote that the index has otherwise.

    Only the `same_articles` are compared: the facts of others may have changed since. The state
    of the index is compared if it is still the same.
    """
    for number, packed in enumerate(pack.articles):
        if packed.id not in articles:
            continue
        now = packed_article(articles[packed.id], packed.file)
        for name in _articles_of_comparisons(pack):
            if getattr(packed, name) != getattr(now, name):
                yield _fault(f"articles[{number}].{name}")
    for number, cited in enumerate(pack.citations):
        if cited.article not in articles:
            continue
        article, speaker = articles[cited.article], cited.speaker
        placed = cite_at(article, range(cited.start, cited.end))
        for name in OF_THE_ARTICLE:
            if getattr(cited, name) != getattr(placed, name):
                yield _fault(f"citations[{number}].{name}")
        if speaker is not None and not article.text.startswith(speaker.name, speaker.start):
            yield _fault(f"citations[{number}].speaker.name")
    if pack.generation == generation.name:
        if pack.index_sha256 != generation.published.digest:
            yield _fault("index_sha256")
        config = generation.manifest.index_config.model_dump(mode="json", by_alias=True)
        if pack.index_config != config:
            yield _fault("index_config")


def _articles_of_comparisons(pack: PackManifest) -> list[str]:
    """The facts of an article in a pack of this version; its file is a part of the pack."""
    others = {"file"} if pack.version > 1 else {"file", "section"}
    return sorted(PackedArticle.model_fields.keys() - others)


def _fault(place: str) -> str:
    return f"{MANIFEST}: {place} is not what the index has."
