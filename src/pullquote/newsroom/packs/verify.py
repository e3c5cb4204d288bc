"""Verifies an evidence pack without any index."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from pullquote.base.cancellation import check_cancelled
from pullquote.base.zip_file import read_zip
from pullquote.newsroom.packs.build import MOST_BYTES, derived_members
from pullquote.newsroom.packs.consistency import contradictions
from pullquote.newsroom.packs.manifest import MANIFEST, VERSION, PackedArticle, PackManifest
from pullquote.schema import Citation, CitationState, VerifiedCitation
from pullquote.schema.errors import CitationsUnreadable, SettingsError
from pullquote.schema.file_limits import megabytes

_SIGNATURE = b"PK\x03\x04"
_NOT_A_MANIFEST = f"{MANIFEST} is not that of a pack of version {VERSION}: {{}}."


@dataclass(frozen=True, slots=True)
class VerifiedPack:
    """What was changed in a pack, its facts unless they cannot be read, and its citations."""

    faults: tuple[str, ...]
    manifest: PackManifest | None
    citations: tuple[VerifiedCitation, ...]
    sha256: str


def is_pack(path: Path) -> bool:
    """Whether a file is a ZIP by its name or its first bytes."""
    try:
        with path.open("rb") as file:
            return is_pack_bytes(file.read(len(_SIGNATURE)), path.name)
    except OSError:
        return False


def is_pack_bytes(data: bytes, name: str) -> bool:
    """Whether the bytes of a file are a ZIP, by its name or the first of them."""
    return name.lower().endswith(".zip") or data.startswith(_SIGNATURE)


def verify_pack(path: Path) -> VerifiedPack:
    """What was changed in the pack since it was written, and whether its quotes are in its texts.

    Nothing is unpacked: the members are parts of the file. Memory and time are proportional to
    its size, whatever it contains.

    Raises:
        CitationsUnreadable: the file cannot be read, or is too large to be a pack.
    """
    return verify_pack_bytes(_read(path))


def verify_pack_bytes(data: bytes) -> VerifiedPack:
    """As `verify_pack`, for the bytes of a pack."""
    sha256 = hashlib.sha256(data).hexdigest()
    read = read_zip(data)
    if read.faults:
        return VerifiedPack(tuple(read.faults), None, (), sha256)
    try:
        manifest = PackManifest.model_validate_json(read.members.get(MANIFEST, b""))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        reason = " ".join([*map(str, first["loc"]), first["msg"]])
        return VerifiedPack((_NOT_A_MANIFEST.format(reason),), None, (), sha256)
    except SettingsError as error:  # a filter that no search can have
        reason = str(error).removesuffix(".")
        return VerifiedPack((_NOT_A_MANIFEST.format(reason),), None, (), sha256)
    texts: dict[str, str | None] = {}
    digests_only = frozenset(one.id for one in manifest.articles if one.file is None)
    faults = list(_check_texts(manifest, read.members, texts))
    faults += _unlisted(manifest, texts)
    if not faults:
        faults += contradictions(manifest, texts)
    if not faults:  # else the page and the linked data cannot be made again
        sound = {id: text for id, text in texts.items() if text is not None}
        faults += _check_members(manifest, read.members, sound)
    numbered = enumerate(manifest.citations, start=1)
    citations = tuple(_verified(number, one, texts, digests_only) for number, one in numbered)
    return VerifiedPack(tuple(faults), manifest, citations, sha256)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise CitationsUnreadable(path, error.strerror or str(error)) from error
    if len(data) > MOST_BYTES:
        raise CitationsUnreadable(path, f"it is larger than {megabytes(MOST_BYTES)}")
    return data


def _check_texts(
    manifest: PackManifest, members: Mapping[str, bytes], texts: dict[str, str | None]
) -> Iterator[str]:
    """The faults in the texts of the articles, which are added to `texts` by the articles' ids."""
    for article in manifest.articles:
        check_cancelled()
        if article.id in texts:
            yield f"{MANIFEST} lists the article {article.id} twice."
            continue
        texts[article.id] = None
        if article.file is None:
            continue
        content = members.get(article.file)
        fault = _fault_in(article, content)
        if fault:
            yield fault
        elif content is not None:
            texts[article.id] = content.decode(errors="replace")


def _unlisted(manifest: PackManifest, articles: Collection[str]) -> Iterator[str]:
    """A fault for the first quote whose article the manifest does not list."""
    for number, citation in enumerate(manifest.citations, start=1):
        if citation.article not in articles:
            yield f"{MANIFEST} does not list the article of quote {number}."
            return


def _check_members(
    manifest: PackManifest, members: Mapping[str, bytes], texts: Mapping[str, str]
) -> Iterator[str]:
    """The faults in the files that follow from the facts, and files that no pack has.

    Without this, a page could show other quotes than the facts that are verified.
    """
    derived = derived_members(manifest, texts)
    for name, content in derived.items():
        if members.get(name) != content:
            yield f"{name} is not what follows from {MANIFEST}."
    known = {MANIFEST, *derived, *(one.file for one in manifest.articles)}
    yield from (f"{name} does not belong to a pack." for name in members if name not in known)


def _fault_in(article: PackedArticle, content: bytes | None) -> str:
    if content is None:
        return f"{article.file}, the text of {article.id}, is missing."
    if hashlib.sha256(content).hexdigest() != article.text_sha256:
        return f"{article.file} is not the text of {article.id} that {MANIFEST} names."
    return ""


def _verified(
    number: int,
    citation: Citation,
    texts: Mapping[str, str | None],
    digests_only: Collection[str],
) -> VerifiedCitation:
    check_cancelled()
    text = texts.get(citation.article)
    there = None if text is None else text[citation.start : citation.end]
    if citation.article not in texts:
        state, reason = CitationState.GONE, "The pack does not have the article."
    elif text is None and citation.article in digests_only:
        state, reason = CitationState.STANDS, "The pack has only the digest of the article."
    elif text is None:
        state, reason = CitationState.UNCLEAR, "The text of the article is not sound in the pack."
    elif there != citation.quote:
        state, reason = CitationState.CHANGED, "The article in the pack has other words here."
    elif not text.startswith(citation.sentence, citation.sentence_start):
        state, reason = CitationState.CHANGED, "The article in the pack has another sentence here."
    else:
        state, reason = CitationState.STANDS, ""
    return VerifiedCitation(
        where=f"quote {number}",
        article=citation.article,
        title=citation.title,
        quote=citation.quote,
        state=state,
        reason=reason,
        start=citation.start,
        end=citation.end,
        words=there,
        version_now=citation.version,
    )
