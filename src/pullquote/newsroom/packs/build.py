"""Builds an evidence pack from replies and the index that they are from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from pullquote.answering.answers.citing import cite_at
from pullquote.base.cancellation import check_cancelled
from pullquote.base.zip_file import write_zip
from pullquote.index import OpenGeneration
from pullquote.newsroom.absences import AbsenceStatement, absence_of
from pullquote.newsroom.packs.derived import annotations_of, pack_html, quotations_of
from pullquote.newsroom.packs.manifest import (
    MANIFEST,
    AskedReply,
    LeftOutCitation,
    PackedArticle,
    PackManifest,
    packed_question,
)
from pullquote.newsroom.verification import SavedCitation, verify_citations
from pullquote.schema import Article, Citation, CitationState, Outcome, Reply
from pullquote.schema.errors import SettingsError
from pullquote.schema.file_limits import megabytes

PAGE = "index.html"
ANNOTATIONS = "annotations.jsonld"
QUOTATIONS = "quotations.jsonld"


def derived_members(manifest: PackManifest, texts: Mapping[str, str]) -> dict[str, bytes]:
    """The page and the linked data; `texts` are those that the pack has, by the articles' ids.

    Each article that a citation names must be in the manifest.
    """
    return {
        PAGE: pack_html(manifest).encode(),
        ANNOTATIONS: as_json(annotations_of(manifest, texts)),
        QUOTATIONS: as_json(quotations_of(manifest)),
    }


def as_json(value: object) -> bytes:
    """A value as a file."""
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


MOST_BYTES = 64 << 20
"""Maximum size of a pack."""

MOST_ARTICLES = 10_000

OF_THE_ARTICLE = (
    *("article", "title", "published", "source", "version", "url", "section"),
    *("role", "author", "page", "layout", "recognised"),
)
"""The fields of a citation that say what the article is, and which of its blocks has the words."""

_CLAIM = ("speaker", "manner", "cue", "direct", "via")


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
        questions=tuple(packed_question(one, numbers, withheld) for one in asked),
        citations=tuple(cited.values()),
        articles=tuple(packed_article(one, files[one.id]) for one in articles.values()),
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
    """The citations of all that is shown: answers and values; none if nothing was found."""
    if reply.outcome is Outcome.NOTHING:
        return
    for answer in reply.shown:
        yield from answer.citations
    for value in reply.values:
        yield from (*value.citations, *value.mentions)
    corrections = (one.correction for one in reply.shown)
    of_values = (one.correction for one in reply.values)
    yield from (one for one in (*corrections, *of_values) if one is not None)


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
        stands = found.state.is_good and found.words == citation.quote
        if stands and citation.quote.strip() and found.start is not None:
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
    """The citation of the same words at their place now, with the facts of the article now.

    Its sentence and its speaker are kept if they moved along; else they are found again.
    """
    moved = start - citation.start
    end = citation.end + moved
    now = cite_at(article, range(start, end))
    place: dict[str, Any] = {name: getattr(now, name) for name in OF_THE_ARTICLE}
    place |= {"start": start, "end": end, "sentence_start": citation.sentence_start + moved}
    sentence, at = citation.sentence, citation.start - citation.sentence_start
    around = at >= 0 and sentence.startswith(citation.quote, at)
    if not around or not article.text.startswith(sentence, place["sentence_start"]):
        place |= {"sentence": citation.quote, "sentence_start": start}
    place |= _claim(citation, article, moved) or {name: getattr(now, name) for name in _CLAIM}
    return citation.model_copy(update=place)


def _claim(citation: Citation, article: Article, moved: int) -> dict[str, Any]:
    """The moved speaker and cue of a citation; nothing if the speaker's name did not move along."""
    speaker, cue = citation.speaker, citation.cue
    claim: dict[str, Any] = {"manner": citation.manner}
    if speaker is not None:
        start = speaker.start + moved
        if start < 0 or article.text[start : speaker.end + moved] != speaker.name:
            return {}
        claim["speaker"] = speaker.model_copy(update={"start": start, "end": speaker.end + moved})
    if cue is not None:
        if not 0 <= cue[0] + moved < cue[1] + moved <= len(article.text):
            return {}
        claim["cue"] = (cue[0] + moved, cue[1] + moved)
    return claim


def packed_article(article: Article, file: str | None) -> PackedArticle:
    """The facts of an article, with the member that has its text."""
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
        section=article.section,
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
