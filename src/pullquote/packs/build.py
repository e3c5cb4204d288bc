"""Builds an evidence pack from replies and the index that they are from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import version
from typing import Any

from pullquote.absences import AbsenceStatement, absence_of
from pullquote.cancellation import check_cancelled
from pullquote.errors import SettingsError
from pullquote.index import OpenGeneration
from pullquote.limits import megabytes
from pullquote.packs.manifest import (
    MANIFEST,
    LeftOutCitation,
    PackedAnswer,
    PackedArticle,
    PackedQuestion,
    PackManifest,
)
from pullquote.packs.members import PAGE, as_json, derived_members
from pullquote.packs.zip_file import write_zip
from pullquote.schema import Article, Citation, CitationState, Filters, Outcome, Reply
from pullquote.verification import SavedCitation, verify_citations

MOST_BYTES = 64 << 20
"""Maximum size of a pack."""

MOST_ARTICLES = 10_000


@dataclass(frozen=True, slots=True)
class AskedReply:
    """A reply with the filters of its search, and when it was asked, if that is known."""

    reply: Reply
    filters: Filters = field(default_factory=Filters)
    asked: datetime | None = None


@dataclass(frozen=True, slots=True)
class BuiltPack:
    """The bytes of a pack, and its facts; `manifest.left_out` names citations that are not in it.

    `sha256` identifies the pack: whoever has it can tell whether a pack was replaced by another.
    """

    data: bytes
    manifest: PackManifest

    @property
    def sha256(self) -> str:
        """The SHA-256 of the bytes, in hex."""
        return hashlib.sha256(self.data).hexdigest()


def build_pack(
    asked: Sequence[AskedReply],
    generation: OpenGeneration,
    *,
    settings: Mapping[str, Any],
    texts: bool = True,
) -> BuiltPack:
    """The pack for these replies; the same bytes for the same replies, index and settings.

    Only citations whose words stand in the index are in the pack, at their place now. With `texts`,
    it has the stored texts of the cited articles; else only their digests.

    Raises:
        SettingsError: the pack would be too large.
    """
    wanted = list(dict.fromkeys(one for each in asked for one in _citations(each.reply)))
    cited, left_out = _standing(wanted, generation)
    withheld = frozenset(one for one, why in left_out.items() if not why.quote)
    articles = {one.article: generation.article(one.article) for one in cited.values()}
    if len(articles) > MOST_ARTICLES:
        raise SettingsError(f"A pack has at most {MOST_ARTICLES:,} articles. Ask fewer questions.")
    numbers = {citation: number for number, citation in enumerate(cited, start=1)}
    files = {
        id: f"articles/{number:04}.txt" if texts else None
        for number, id in enumerate(articles, start=1)
    }
    manifest = PackManifest(
        pullquote=version("pullquote"),
        generation=generation.name,
        index_sha256=generation.published.digest,
        index_config=generation.manifest.index_config.model_dump(mode="json", by_alias=True),
        settings=dict(settings),
        questions=tuple(_question(one, numbers, withheld) for one in asked),
        citations=tuple(cited.values()),
        articles=tuple(_packed(one, files[one.id]) for one in articles.values()),
        left_out=tuple(left_out.values()),
        absences=tuple(_absences(asked, generation, settings)),
    )
    data = write_zip(_members(manifest, articles))
    if len(data) > MOST_BYTES:
        raise SettingsError(
            f"The pack would have {megabytes(len(data))}; at most {megabytes(MOST_BYTES)} are "
            "allowed. Leave out the articles' texts, or ask fewer questions."
        )
    return BuiltPack(data, manifest)


def _citations(reply: Reply) -> Iterable[Citation]:
    """The citations of the answers that are shown; none if nothing was found."""
    if reply.outcome is Outcome.NOTHING:
        return
    for answer in reply.shown:
        yield from answer.citations
        if answer.correction is not None:
            yield answer.correction


def _standing(
    wanted: Sequence[Citation], generation: OpenGeneration
) -> tuple[dict[Citation, Citation], dict[Citation, LeftOutCitation]]:
    """Each citation whose words stand, with its place now; and the others with the reason.

    The words of a withheld article are in neither.
    """
    saved = [
        SavedCitation(one.article, one.start, one.end, one.quote, one.version) for one in wanted
    ]
    standing: dict[Citation, Citation] = {}
    left_out: dict[Citation, LeftOutCitation] = {}
    for citation, found in zip(wanted, verify_citations(saved, generation), strict=True):
        if found.state.is_good and found.words == citation.quote and found.start is not None:
            article = generation.article(found.article_now or citation.article)
            standing[citation] = _placed(citation, article, found.start)
        else:
            left_out[citation] = LeftOutCitation(
                article=citation.article,
                quote="" if found.state is CitationState.WITHDRAWN else citation.quote,
                reason=f"{found.state}: {found.reason}",
            )
    return standing, left_out


def _absences(
    asked: Sequence[AskedReply], generation: OpenGeneration, settings: Mapping[str, Any]
) -> Iterator[AbsenceStatement]:
    """The statements for the replies of this generation that found nothing."""
    for one in asked:
        check_cancelled()
        nothing = one.reply.outcome is Outcome.NOTHING
        if nothing and one.reply.generation == generation.name:
            yield absence_of(one.reply, generation, filters=one.filters, settings=settings)


def _placed(citation: Citation, article: Article, start: int) -> Citation:
    """The citation of the same words at their place now, with its sentence if that moved along."""
    moved = start - citation.start
    place: dict[str, Any] = {
        "article": article.id,
        "version": article.version,
        "start": start,
        "end": citation.end + moved,
        "sentence_start": citation.sentence_start + moved,
    }
    if not article.text.startswith(citation.sentence, max(0, citation.sentence_start + moved)):
        place |= {"sentence": citation.quote, "sentence_start": start}
    speaker = citation.speaker
    if moved and speaker is not None:
        shifted = {"start": speaker.start + moved, "end": speaker.end + moved}
        place["speaker"] = speaker.model_copy(update=shifted)
    if moved and citation.cue is not None:
        place["cue"] = (citation.cue[0] + moved, citation.cue[1] + moved)
    return citation.model_copy(update=place)


def _question(
    asked: AskedReply, numbers: Mapping[Citation, int], withheld: frozenset[Citation]
) -> PackedQuestion:
    """The question with its answers, but those that only withheld articles give."""
    reply = asked.reply
    answers = [] if reply.outcome is Outcome.NOTHING else reply.shown
    return PackedQuestion(
        question=reply.question,
        searched_for=reply.searched_for,
        kind=reply.kind,
        outcome=reply.outcome,
        as_of=reply.as_of,
        filters=asked.filters,
        asked=asked.asked,
        generation=reply.generation,
        answers=tuple(
            PackedAnswer(
                text=one.text,
                confidence=one.confidence,
                citations=tuple(numbers[each] for each in one.citations if each in numbers),
            )
            for one in answers
            if not withheld.issuperset(one.citations)
        ),
    )


def _packed(article: Article, file: str | None) -> PackedArticle:
    return PackedArticle(
        id=article.id,
        title=article.title,
        authors=article.authors,
        source=article.source,
        published=article.published,
        url=article.url,
        language=article.language,
        version=article.version,
        text_sha256=hashlib.sha256(article.text.encode()).hexdigest(),
        characters=len(article.text),
        file=file,
    )


def _members(manifest: PackManifest, articles: Mapping[str, Article]) -> dict[str, bytes]:
    packed = [one for one in manifest.articles if one.file is not None]
    texts = {one.id: articles[one.id].text for one in packed}
    derived = derived_members(manifest, texts)
    return {
        PAGE: derived[PAGE],
        MANIFEST: as_json(manifest.model_dump(mode="json")),
        **derived,
        **{str(one.file): texts[one.id].encode() for one in packed},
    }
