"""Looks an index over, and mends what can be made anew from the articles that it holds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from pullquote.answers import Ranking, read_calibration
from pullquote.atomic_io import is_there
from pullquote.errors import (
    CorpusMissing,
    CorpusUnreadable,
    IndexDamaged,
    IndexMismatch,
    IndexMissing,
    ModelError,
    PullquoteError,
    SettingsError,
)
from pullquote.index import (
    Generation,
    Index,
    IndexFolder,
    OpenGeneration,
    Progress,
    Report,
    embedding_cache_fault,
)
from pullquote.index import repair as rebuild_from_articles
from pullquote.index.embedding_cache import EMBEDDINGS
from pullquote.index.folder.verified_files import verified_files
from pullquote.parsing import check_corpus
from pullquote.reader import open_reader
from pullquote.services import check_recipe, current_recipe, encoder_of, index_of
from pullquote.settings import Settings


class Finding(BaseModel):
    """What was looked at, whether it is sound, what was found, and the command that mends it."""

    model_config = ConfigDict(frozen=True)

    part: str
    sound: bool
    found: str
    mend: str | None = None


def examine(settings: Settings) -> list[Finding]:
    """Everything that an answer from this index rests on, each part looked at by itself.

    Every file is read and compared with its digest; nothing is written and no question asked.
    """
    index = index_of(settings)
    verified_files.clear()
    found = (
        _generations(index, settings)
        if isinstance(index, IndexFolder)
        else _reached(index, settings)
    )
    return [*found, *_beside(index), *_models(settings)]


def repair(settings: Settings, *, progress: Progress | None = None) -> Report:
    """What was done to make a sound generation from the articles that the index holds.

    No file of the corpus is read, and no passage embedded whose vector is kept.

    Raises:
        IndexMissing: there is no index.
        IndexDamaged, IndexMismatch: the articles are damaged too, or of another format.
        IndexLocked, IndexUnwritable: as `rebuild_index`.
    """
    encoder, index = encoder_of(settings), index_of(settings)
    if not isinstance(index, IndexFolder):
        raise SettingsError(
            f"The index at {index.location} is on a server, which keeps its own copies. To make it "
            f"anew, run: pullquote rebuild-index --force --index {index.location}"
        )
    return rebuild_from_articles(
        index,
        encoder,
        index_config=current_recipe(settings, encoder),
        progress=progress,
    )


def _generations(index: IndexFolder, settings: Settings) -> Iterator[Finding]:
    rebuild = f"pullquote rebuild-index --index {index.path}"
    try:
        published = index.published_generations()
    except IndexMissing as error:
        yield Finding(part="CURRENT", sound=False, found=str(error), mend=f"{rebuild} --corpus DIR")
        return
    except IndexDamaged as error:
        yield Finding(part="CURRENT", sound=False, found=str(error), mend=rebuild)
        return
    yield Finding(part="CURRENT", sound=True, found=published[0].name)
    mend = f"pullquote doctor --repair --index {index.path}"
    for place, one in zip(("current", "previous"), published, strict=False):
        part = f"{place} generation"
        try:
            with closing(Generation(index.generation(one.name), one)) as generation:
                facts = generation.load().manifest
        except (IndexDamaged, IndexMismatch) as error:
            if one in index.published_generations():  # else a rebuild has swept it meanwhile
                yield Finding(part=part, sound=False, found=str(error), mend=mend)
            continue
        said = f"{one.name}: {facts.articles} articles, {facts.passages} passages"
        yield Finding(part=part, sound=True, found=said)
        if place == "current":
            yield _recipe(settings, generation, mend=rebuild)
            yield _corpus(Path(facts.corpus), mend=f"{rebuild} --corpus DIR")
    kept = {one.name for one in published}
    if left := [name for name in index.generations() if name not in kept]:
        said = f"{len(left)} that no rebuild finished; the next one removes them"
        yield Finding(part="left-overs", sound=True, found=said)


def _reached(index: Index, settings: Settings) -> Iterator[Finding]:
    """The generation on a server: whether it is reached, its rows are all there, and its facts."""
    rebuild = f"pullquote rebuild-index --index {index.location}"
    try:
        generation = index.open()
    except PullquoteError as error:
        missing = isinstance(error, IndexMissing)
        mend = f"{rebuild} --corpus DIR" if missing else None
        yield Finding(part="server", sound=False, found=str(error), mend=mend)
        return
    facts = generation.manifest
    said = f"{facts.generation}: {facts.articles} articles, {facts.passages} passages"
    yield Finding(part="server", sound=True, found=index.location)
    yield Finding(part="current generation", sound=True, found=said)
    yield Finding(part="search", sound=True, found=generation.searched)
    yield _recipe(settings, generation, mend=rebuild)
    yield _corpus(Path(facts.corpus), mend=f"{rebuild} --corpus DIR")


def _recipe(settings: Settings, generation: OpenGeneration, *, mend: str) -> Finding:
    try:
        check_recipe(settings, generation)
    except (IndexMismatch, ModelError) as error:
        return Finding(part="settings", sound=False, found=str(error), mend=mend)
    return Finding(part="settings", sound=True, found="those that made the index")


def _corpus(corpus: Path, *, mend: str) -> Finding:
    try:
        check_corpus(corpus)
    except CorpusMissing:
        said = f"there is no folder at {corpus} any more; the index answers as it is"
        return Finding(part="corpus", sound=False, found=said, mend=mend)
    except CorpusUnreadable as error:
        return Finding(part="corpus", sound=False, found=str(error), mend=mend)
    return Finding(part="corpus", sound=True, found=str(corpus))


def _beside(index: Index) -> Iterator[Finding]:
    embeddings = index.local_folder / EMBEDDINGS
    if is_there(embeddings):
        fault = embedding_cache_fault(embeddings)
        yield Finding(
            part="embeddings.db",
            sound=fault is None,
            found="every vector computed so far" if fault is None else fault,
            mend=None if fault is None else f"rm -r {embeddings}  (what it held is embedded again)",
        )
    if (holder := index.lock_holder()) is not None:
        yield Finding(part="rebuild", sound=True, found=f"one is at work: {holder}")


def _models(settings: Settings) -> Iterator[Finding]:
    try:
        reader = open_reader(settings.reader, encoder_of(settings)).identity
    except PullquoteError as error:
        yield Finding(
            part="reader",
            sound=False,
            found=str(error),
            mend="pip install --force-reinstall pullquote",
        )
        return
    yield Finding(part="reader", sound=True, found=reader)
    scored_by = f"{reader}, ranked by {Ranking.packaged().identity}"
    try:
        fitted = read_calibration(index_of(settings).local_folder, scored_by)
    except SettingsError as error:
        mend = f"pullquote calibrate --questions FILE --index {settings.index}"
        yield Finding(part="calibration", sound=False, found=str(error), mend=mend)
        return
    said = "the one that ships" if fitted is None else f"fitted here, on {fitted.fitted_on}"
    yield Finding(part="calibration", sound=True, found=said)
