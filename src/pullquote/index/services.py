"""Creates indexes, encoders and backends from settings, and rebuilds an index.

This module does not import search or the reader, so a rebuild without changes is quick.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from types import NoneType
from typing import Protocol, cast

from pullquote.index.encoder import Encoder, default_precision
from pullquote.index.folder.index_folder import IndexFolder
from pullquote.index.interfaces import Index, OpenGeneration
from pullquote.index.manifest import IndexConfig
from pullquote.index.rebuild.batches import Prepare, prepare_locally
from pullquote.index.rebuild.build import preview, rebuild
from pullquote.index.rebuild.consent import Consent
from pullquote.index.rebuild.report import Preview, Progress, Report
from pullquote.index.stats import Stats, read_stats
from pullquote.parsing.pdf.ocr import check_ocr
from pullquote.parsing.workers.parse_files import FileParser
from pullquote.schema import check_kind
from pullquote.schema.arguments import naming_arguments
from pullquote.schema.errors import IndexEmpty, IndexIncomplete, IndexMismatch, SettingsError
from pullquote.schema.index_address import BackendAddress, parse_address
from pullquote.schema.plugins import EMBEDDING_BACKENDS, INDEX_BACKENDS, load_backend
from pullquote.schema.settings import Settings, load_settings


class IndexBackend(Protocol):
    """Opens indexes that are not in a folder. An entry point names the backend.

    The entry point's group is `pullquote.index_backends`, and its name is the scheme of the
    addresses that the backend opens. The object that the entry point names is called without
    arguments, so it is usually a class. An address `scheme+variant://` goes to the backend
    `scheme`.
    """

    def parse_address(self, written: str) -> BackendAddress:
        """Parse an address as the user wrote it, scheme included. Import no large library.

        Raises:
            ValueError: it is invalid. The message shows the right form and contains no secret.
        """

    def open_index(self, address: BackendAddress, settings: Settings) -> Index:
        """Return the index at an address from `parse_address`, without connecting yet."""


class EmbeddingBackend(Protocol):
    """Parses and embeds articles outside this process. An entry point names the backend.

    The entry point's group is `pullquote.embedding_backends`. The object that it names is called
    without arguments.
    """

    def preparing(self, address: str, settings: Settings) -> Prepare:
        """Return a function that prepares articles at an address, without connecting yet.

        The address may be empty.
        """


_PATHS = (str, Path, BackendAddress, NoneType)


@naming_arguments
def rebuild_index(
    corpus: str | Path | None = None,
    index: str | Path | None = None,
    *,
    force: bool = False,
    allow_removals: bool = False,
    new_corpus: bool = False,
    progress: Progress | None = None,
    settings: Settings | None = None,
) -> Report:
    """Bring an index up to date with a corpus folder; see `index.rebuild.build`.

    If no corpus is given here or in the settings, the folder that the index was built from is
    read. `force` reads every file again. `allow_removals` permits removing any number of articles.
    `new_corpus` permits reading a different folder from last time. `progress(done, total)` is
    called as articles are read, embedded and written.

    Raises:
        CorpusChanged, RemovalsRefused: consent is missing; nothing was changed.
    """
    chosen = settings_with(settings, corpus=corpus, index=index)
    consent = _consent(chosen, removals=allow_removals, new_corpus=new_corpus)
    return _rebuild(chosen, consent, force=force, progress=progress)


def rebuild_with_consent(
    settings: Settings,
    *,
    removals_up_to: int = 0,
    new_corpus: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Like `rebuild_index`, but a person has agreed to remove up to `removals_up_to` articles.

    Raises:
        CorpusChanged, RemovalsRefused: consent is missing, for example because more articles
            would be removed than the person agreed to. Nothing was changed.
    """
    consent = Consent(
        removals_at_most=settings.removals_at_most,
        removals_up_to=removals_up_to,
        new_corpus=new_corpus,
    )
    return _rebuild(settings, consent, progress=progress)


def _rebuild(
    settings: Settings,
    consent: Consent,
    *,
    force: bool = False,
    progress: Progress | None,
) -> Report:
    check_ocr(settings.ocr)
    settings = with_precision(settings, force=force)
    encoder = encoder_of(settings)
    with closing(index_of(settings)) as opened:
        return rebuild(
            opened,
            corpus_of(settings),
            encoder,
            index_config=current_index_config(settings, encoder),
            reading=FileParser(limits=settings.limits, processes=settings.reading_processes),
            prepare=preparing_of(settings),
            force=force,
            consent=consent,
            progress=progress,
        )


@naming_arguments
def preview_rebuild(
    corpus: str | Path | None = None,
    index: str | Path | None = None,
    *,
    force: bool = False,
    allow_removals: bool = False,
    new_corpus: bool = False,
    settings: Settings | None = None,
) -> Preview:
    """What `rebuild_index` would do now; writes nothing and loads no model.

    Raises:
        CorpusMissing: the corpus is not a folder.
    """
    chosen = settings_with(settings, corpus=corpus, index=index)
    chosen = with_precision(chosen, force=force)
    index_config = current_index_config(chosen, encoder_of(chosen))
    with closing(index_of(chosen)) as opened:
        return preview(
            opened,
            corpus_of(chosen),
            index_config=index_config,
            limits=chosen.limits,
            force=force,
            consent=_consent(chosen, removals=allow_removals, new_corpus=new_corpus),
        )


def _consent(settings: Settings, *, removals: bool, new_corpus: bool) -> Consent:
    return Consent(
        removals_at_most=settings.removals_at_most, removals=removals, new_corpus=new_corpus
    )


@naming_arguments
def stats(index: str | Path | None = None, *, settings: Settings | None = None) -> Stats:
    """Figures about the contents of the index.

    Raises:
        IndexMissing, IndexDamaged, IndexMismatch: it cannot be opened; the message says why.
    """
    with closing(index_of(settings_with(settings, index=index))) as opened:
        return read_stats(opened)


def corpus_of(settings: Settings) -> Path:
    """The corpus to read: the one in the settings or, if unset, the one the index was built from.

    So the default corpus never accidentally replaces an index built from another folder. A damaged
    index still records its folder, in any generation that can be read.
    """
    if "corpus" in settings.model_fields_set:
        return settings.corpus
    with closing(index_of(settings)) as index:
        recorded = index.recorded_corpus()
    return settings.corpus if recorded is None else recorded


def index_of(settings: Settings) -> Index:
    """The index that the settings name. Nothing is read yet.

    Raises:
        SettingsError: the backend is not installed, or cannot be imported.
    """
    if isinstance(settings.index, Path):
        return IndexFolder(settings.index, bounds=settings.editions)
    backend = cast("IndexBackend", load_backend(INDEX_BACKENDS, settings.index.scheme))
    return backend.open_index(settings.index, settings)


def encoder_of(settings: Settings) -> Encoder:
    """The encoder that the settings name, not yet loaded."""
    return Encoder(
        settings.encoder,
        batch_size=settings.batch_size,
        cache=settings.cache,
        precision=settings.encoder_precision,
    )


def with_precision(settings: Settings, *, force: bool = False) -> Settings:
    """The settings for a rebuild, with a precision of the encoder if they leave it open.

    An index keeps the precision that it was built with, unless everything is made again (`force`).
    """
    if settings.encoder_precision is not None:
        return settings
    chosen: str = default_precision(settings.encoder)
    if not force:
        with closing(index_of(settings)) as index:
            recorded = index.recorded_encoder()
        if recorded is not None and recorded.name == settings.encoder:
            chosen = recorded.precision
    return settings.model_copy(update={"encoder_precision": chosen})


def preparing_of(settings: Settings) -> Prepare:
    """The function that reads and embeds articles, in this process or with the chosen backend.

    Raises:
        SettingsError: the backend is not installed, or cannot be imported.
    """
    if (chosen := settings.embedding) is None:
        return prepare_locally
    backend = cast("EmbeddingBackend", load_backend(EMBEDDING_BACKENDS, chosen.backend))
    return backend.preparing(chosen.address, settings)


def current_index_config(settings: Settings, encoder: Encoder) -> IndexConfig:
    """The index config of the generations that a rebuild would make now."""
    return IndexConfig(
        encoder=encoder.identity,
        passage_tokens=settings.passage_tokens,
        overlap_sentences=settings.overlap_sentences,
        dense=settings.dense,
        fields={str(fact): field for fact, field in settings.fields.items()},
        source_from_folder=settings.source_from_folder,
        ocr=settings.ocr,
    )


def check_index_config(settings: Settings, generation: OpenGeneration) -> None:
    """Raise if a generation was made with different settings.

    If the settings leave the precision of the encoder open, any precision will do.

    Raises:
        IndexMismatch: a setting differs; the error names the first one.
    """
    found, encoder = generation.manifest.index_config, encoder_of(settings)
    if settings.encoder_precision is None:
        encoder = encoder.like(found.encoder)
    expected = current_index_config(settings, encoder)
    for setting in (
        "encoder",
        "passage_tokens",
        "overlap_sentences",
        "dense",
        "fields",
        "source_from_folder",
        "ocr",
    ):
        made_with, asked_for = getattr(found, setting), getattr(expected, setting)
        if made_with != asked_for:
            raise IndexMismatch(
                str(settings.index), setting=setting, expected=str(asked_for), found=str(made_with)
            )


def check_not_empty(settings: Settings, generation: OpenGeneration) -> None:
    """Raise if the index is empty, because "no answer" would then be misleading.

    Raises:
        IndexEmpty: the generation has no articles.
    """
    manifest = generation.manifest
    if manifest.articles == 0:
        failed = sum(not one.left_out for one in manifest.failed)
        raise IndexEmpty(str(settings.index), corpus=Path(manifest.corpus), failed=failed)


def settings_with(settings: Settings | None, **given: str | Path | None) -> Settings:
    """The given settings, or else those from the environment, with some values replaced.

    Raises:
        SettingsError: a value has the wrong type or is invalid.
    """
    check_kind("settings", settings, (Settings, NoneType), give="pullquote.Settings(…), or None")
    for name, value in given.items():
        check_kind(f"The {name}", value, _PATHS, give="the path of a folder, as str or Path")
        if "\0" in str(value):
            raise SettingsError(f"The {name} is {str(value)!r}; a path cannot contain a NUL.")
    if settings is None:
        return load_settings(**given)
    try:
        changes = {
            name: parse_address(value) if name == "index" else Path(value)
            for name, value in given.items()
            if value is not None
        }
    except ValueError as error:
        raise SettingsError(f"A setting cannot be used: index: {error}") from None
    return settings.model_copy(update=changes)


def check_complete(settings: Settings, generation: OpenGeneration) -> None:
    """Raise if the first build of the index is not complete.

    Raises:
        IndexIncomplete: files of the corpus are not in the index yet.
    """
    progress = generation.manifest.progress
    if progress is not None:
        raise IndexIncomplete(str(settings.index), note=progress.note)
