"""Checks an index, and repairs the parts that can be rebuilt from its articles."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from pullquote.answering.answers import Ranking, read_calibration
from pullquote.answering.reader import open_reader
from pullquote.base.atomic_io import path_exists
from pullquote.base.plurals import counted
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
from pullquote.index.folder.generation_editions import edition_damage
from pullquote.index.folder.verified_files import verified_files
from pullquote.index.interfaces import ATTRIBUTIONS
from pullquote.index.manifest import Manifest
from pullquote.index.services import (
    check_index_config,
    current_index_config,
    encoder_of,
    index_of,
    with_precision,
)
from pullquote.parsing import check_corpus
from pullquote.schema import IndexProgress
from pullquote.schema.errors import (
    CorpusMissing,
    CorpusUnreadable,
    IndexDamaged,
    IndexMismatch,
    IndexMissing,
    IndexUnreachable,
    ModelError,
    PullquoteError,
    SettingsError,
)
from pullquote.schema.settings import Settings

_INSTALL_AGAIN = "pip install --force-reinstall pullquote"


class Finding(BaseModel):
    """The check of one part: whether the part is sound, what was found, and how to repair it."""

    model_config = ConfigDict(frozen=True)

    part: str
    sound: bool
    found: str
    mend: str | None = None


def examine(settings: Settings) -> list[Finding]:
    """Check every part of an index, and the models, each independently of the others.

    Every file is compared with its digest. Nothing is written, and no question is asked.
    """
    index = index_of(settings)
    verified_files.clear()
    found = (
        _folder_findings(index, settings)
        if isinstance(index, IndexFolder)
        else _server_findings(index, settings)
    )
    return [*found, *_cache_findings(index), *_model_findings(settings)]


def repair(settings: Settings, *, progress: Progress | None = None) -> Report:
    """Make a sound generation from the articles in the index.

    No file of the corpus is read, and no passage with a cached vector is embedded.

    Raises:
        IndexMissing: there is no index.
        IndexDamaged, IndexMismatch: the stored articles are damaged too, or in another format.
        IndexLocked, IndexUnwritable: another rebuild is running, or writing failed.
    """
    settings = with_precision(settings)
    encoder, index = encoder_of(settings), index_of(settings)
    if not isinstance(index, IndexFolder):
        raise SettingsError(
            f"The index at {index.location} is on a server, so it cannot be repaired here. To "
            f"rebuild it, run: pullquote rebuild-index --force --index {index.location}"
        )
    return rebuild_from_articles(
        index,
        encoder,
        index_config=current_index_config(settings, encoder),
        progress=progress,
    )


def _folder_findings(index: IndexFolder, settings: Settings) -> Iterator[Finding]:
    rebuild = f"pullquote rebuild-index --index {index.path}"
    try:
        published_generations = index.published_generations()
    except IndexMissing as error:
        yield Finding(part="CURRENT", sound=False, found=str(error), mend=f"{rebuild} --corpus DIR")
        return
    except IndexDamaged as error:
        yield Finding(part="CURRENT", sound=False, found=str(error), mend=rebuild)
        return
    yield Finding(part="CURRENT", sound=True, found=published_generations[0].name)
    mend = f"pullquote doctor --repair --index {index.path}"
    for location, one in zip(("current", "previous"), published_generations, strict=False):
        part = f"{location} generation"
        try:
            with closing(Generation(index.generation(one.name), one)) as generation:
                facts = generation.load().manifest
            fault = edition_damage(generation.folder, generation.manifest.files)
        except (IndexDamaged, IndexMismatch) as error:
            if one in index.published_generations():  # otherwise a rebuild has just removed it
                yield Finding(part=part, sound=False, found=str(error), mend=mend)
            continue
        yield Finding(part=part, sound=True, found=_contents(facts))
        if fault is not None and one in index.published_generations():
            salvage = f"{rebuild}  (what can be read is kept)"
            part = f"earlier editions, {location}"
            yield Finding(part=part, sound=False, found=str(fault), mend=salvage)
        if location == "current":
            if facts.progress is not None:
                yield _progress_finding(index, facts.progress, mend=rebuild)
            yield _settings_finding(settings, generation, mend=rebuild)
            yield _corpus_finding(Path(facts.corpus), mend=f"{rebuild} --corpus DIR")
    names = {one.name for one in published_generations}
    if unfinished := [name for name in index.generations() if name not in names]:
        found = f"{counted(len(unfinished), 'unfinished generation')}, removed by the next rebuild"
        yield Finding(part="left-overs", sound=True, found=found)


def _contents(manifest: Manifest) -> str:
    articles = counted(manifest.articles, "article")
    return f"{manifest.generation}: {articles}, {counted(manifest.passages, 'passage')}"


def _progress_finding(index: Index, progress: IndexProgress, *, mend: str) -> Finding:
    """An incomplete index is sound as long as a rebuild goes on to fill it."""
    running = index.lock_holder() is not None
    return Finding(
        part="first build", sound=running, found=progress.note, mend=None if running else mend
    )


def _server_findings(index: Index, settings: Settings) -> Iterator[Finding]:
    """Checks of an index on a server: whether the server answers and has all rows."""
    rebuild = f"pullquote rebuild-index --index {index.location}"
    try:
        generation = index.open()
    except PullquoteError as error:
        missing = isinstance(error, IndexMissing)
        mend = f"{rebuild} --corpus DIR" if missing else None
        yield Finding(part="server", sound=False, found=str(error), mend=mend)
        return
    facts = generation.manifest
    yield Finding(part="server", sound=True, found=index.location)
    yield Finding(part="current generation", sound=True, found=_contents(facts))
    yield Finding(part="search", sound=True, found=generation.searched)
    yield _settings_finding(settings, generation, mend=rebuild)
    yield _corpus_finding(Path(facts.corpus), mend=f"{rebuild} --corpus DIR")


def _settings_finding(settings: Settings, generation: OpenGeneration, *, mend: str) -> Finding:
    try:
        check_index_config(settings, generation)
    except (IndexMismatch, ModelError) as error:
        return Finding(part="settings", sound=False, found=str(error), mend=mend)
    return Finding(part="settings", sound=True, found="the same as when the index was built")


def _corpus_finding(corpus: Path, *, mend: str) -> Finding:
    try:
        check_corpus(corpus)
    except CorpusMissing:
        found = f"the folder {corpus} is gone, but the index still works"
        return Finding(part="corpus", sound=False, found=found, mend=mend)
    except CorpusUnreadable as error:
        return Finding(part="corpus", sound=False, found=str(error), mend=mend)
    return Finding(part="corpus", sound=True, found=str(corpus))


def _cache_findings(index: Index) -> Iterator[Finding]:
    for name, part, contents, lost in (
        (EMBEDDINGS, "embeddings.db", "every vector computed so far", "its vectors are computed"),
        (ATTRIBUTIONS, ATTRIBUTIONS, "who says what in the articles", "the articles are read"),
    ):
        cache = index.local_folder / name
        if path_exists(cache):
            fault = embedding_cache_fault(cache)
            mend = None if fault is None else f"rm -r {cache}  ({lost} again)"
            yield Finding(part=part, sound=fault is None, found=fault or contents, mend=mend)
    if (lock_holder := index.lock_holder()) is not None:
        yield Finding(part="rebuild", sound=True, found=f"a rebuild is running: {lock_holder}")


def _encoder_finding(settings: Settings) -> Finding:
    """Whether the encoder of the index can be found and, if it ships in int8, is undamaged."""
    with suppress(IndexUnreachable):  # which is a finding of its own
        settings = with_precision(settings)
    encoder = encoder_of(settings)
    try:
        if encoder.identity.precision == "int8":
            encoder.count_tokens([""])  # opens the graph, and so compares the digests of its files
        return Finding(part="encoder", sound=True, found=str(encoder.identity))
    except ModelError as error:
        return Finding(part="encoder", sound=False, found=str(error), mend=_INSTALL_AGAIN)


def _model_findings(settings: Settings) -> Iterator[Finding]:
    yield _encoder_finding(settings)
    try:
        reader = open_reader(settings.reader, encoder_of(settings))
    except PullquoteError as error:
        yield Finding(part="reader", sound=False, found=str(error), mend=_INSTALL_AGAIN)
        return
    yield Finding(part="reader", sound=True, found=reader.identity)
    scored_by = f"{reader.identity}, ranked by {Ranking.packaged_for(reader).identity}"
    try:
        stored = read_calibration(index_of(settings).local_folder, scored_by)
    except SettingsError as error:
        mend = f"pullquote calibrate --questions FILE --index {settings.index}"
        yield Finding(part="calibration", sound=False, found=str(error), mend=mend)
        return
    fitted = None if stored is None else stored.calibration.fitted_on
    found = "the packaged one" if fitted is None else f"fitted here, on {fitted}"
    yield Finding(part="calibration", sound=True, found=found)
