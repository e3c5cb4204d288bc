"""Making an index and looking at it: what the settings ask for, handed to `index`.

Nothing here searches or reads, so that a rebuild that finds nothing to do is over in a moment.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from types import NoneType
from typing import cast

from pullquote.address import BackendAddress, parse_address
from pullquote.encoder import Encoder
from pullquote.errors import IndexEmpty, IndexMismatch, SettingsError
from pullquote.index import (
    Consent,
    EmbeddingBackend,
    Index,
    IndexBackend,
    IndexFolder,
    OpenGeneration,
    Preview,
    Progress,
    Report,
    Stats,
    preview,
    read_stats,
)
from pullquote.index.manifest import Recipe
from pullquote.index.rebuild.batches import Prepare, prepare_here
from pullquote.index.rebuild.build import rebuild
from pullquote.parsing.workers.parse_files import FileParser
from pullquote.plugins import EMBEDDING_BACKENDS, INDEX_BACKENDS, load_backend
from pullquote.schema import check_kind
from pullquote.settings import Settings, load_settings

_PATHS = (str, Path, BackendAddress, NoneType)


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
    """What was done to bring an index up to date with a corpus folder; see `index.rebuild.build`.

    Without a corpus, here or in the settings, it is the one that the index was built from.

    `allow_removals` lets it remove any number of articles, `new_corpus` read another folder than
    the index was built from. `progress(done, total)` is called as articles are read, embedded and
    written.

    Raises:
        CorpusChanged, RemovalsRefused: that was not allowed; nothing was changed.
    """
    chosen = settings_with(settings, corpus=corpus, index=index)
    consent = _consent(chosen, removals=allow_removals, new_corpus=new_corpus)
    return _rebuild(chosen, consent, force=force, progress=progress)


def rebuild_agreed(
    settings: Settings,
    *,
    removals_up_to: int = 0,
    new_corpus: bool = False,
    progress: Progress | None = None,
) -> Report:
    """As `rebuild_index`, for a person who was shown how many articles would be removed.

    Raises:
        CorpusChanged, RemovalsRefused: more would go by now; nothing was changed.
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
    encoder = encoder_of(settings)
    with closing(index_of(settings)) as opened:
        return rebuild(
            opened,
            corpus_of(settings),
            encoder,
            recipe=current_recipe(settings, encoder),
            reading=reading_of(settings),
            prepare=preparing_of(settings),
            force=force,
            consent=consent,
            progress=progress,
        )


def preview_rebuild(
    corpus: str | Path | None = None,
    index: str | Path | None = None,
    *,
    force: bool = False,
    allow_removals: bool = False,
    new_corpus: bool = False,
    settings: Settings | None = None,
) -> Preview:
    """What `rebuild_index` would do now; nothing is written and no model loaded.

    Raises:
        CorpusMissing: the corpus is not a folder.
    """
    chosen = settings_with(settings, corpus=corpus, index=index)
    recipe = current_recipe(chosen, encoder_of(chosen))
    with closing(index_of(chosen)) as opened:
        return preview(
            opened,
            corpus_of(chosen),
            recipe=recipe,
            limits=chosen.limits,
            force=force,
            consent=_consent(chosen, removals=allow_removals, new_corpus=new_corpus),
        )


def _consent(settings: Settings, *, removals: bool, new_corpus: bool) -> Consent:
    return Consent(
        removals_at_most=settings.removals_at_most, removals=removals, new_corpus=new_corpus
    )


def stats(index: str | Path | None = None, *, settings: Settings | None = None) -> Stats:
    """What the index holds, in figures.

    Raises:
        IndexMissing, IndexDamaged, IndexMismatch: as their messages say.
    """
    with closing(index_of(settings_with(settings, index=index))) as opened:
        return read_stats(opened)


def corpus_of(settings: Settings) -> Path:
    """The corpus that a rebuild reads: the one that was set or, if none was, the index's own.

    So an index that was built from another folder than the default is never replaced by accident,
    also where it is damaged: any generation that is left tells.
    """
    if "corpus" in settings.model_fields_set:
        return settings.corpus
    with closing(index_of(settings)) as index:
        recorded = index.recorded_corpus()
    return settings.corpus if recorded is None else recorded


def index_of(settings: Settings) -> Index:
    """The index that the settings name; nothing is looked at yet."""
    if isinstance(settings.index, Path):
        return IndexFolder(settings.index)
    return index_backend(settings.index.scheme).open_index(settings.index, settings)


def index_backend(scheme: str) -> IndexBackend:
    """The backend that keeps the indexes of a scheme.

    Raises:
        SettingsError: it is not installed, or cannot be imported.
    """
    return cast("IndexBackend", load_backend(INDEX_BACKENDS, scheme))


def encoder_of(settings: Settings) -> Encoder:
    """The encoder that the settings name, not yet loaded."""
    return Encoder(settings.encoder, batch_size=settings.batch_size, cache=settings.cache)


def reading_of(settings: Settings) -> FileParser:
    """How the settings say that files are read."""
    return FileParser(limits=settings.limits, processes=settings.reading_processes)


def preparing_of(settings: Settings) -> Prepare:
    """Where the settings say that articles are read and embedded.

    Raises:
        SettingsError: the backend that they name is not installed, or cannot be imported.
    """
    if (chosen := settings.embedding) is None:
        return prepare_here
    backend = cast("EmbeddingBackend", load_backend(EMBEDDING_BACKENDS, chosen.backend))
    return backend.preparing(chosen.address, settings)


def current_recipe(settings: Settings, encoder: Encoder) -> Recipe:
    """What a rebuild would make generations by."""
    return Recipe(
        encoder=encoder.identity,
        passage_tokens=settings.passage_tokens,
        overlap_sentences=settings.overlap_sentences,
        dense=settings.dense,
        fields={str(fact): field for fact, field in settings.fields.items()},
    )


def check_recipe(settings: Settings, generation: OpenGeneration) -> None:
    """Whether a generation was made by these settings; another version of pullquote may have.

    Raises:
        IndexMismatch: for the first setting that differs.
    """
    found, expected = generation.manifest.recipe, current_recipe(settings, encoder_of(settings))
    for setting in ("encoder", "passage_tokens", "overlap_sentences", "dense", "fields"):
        made_with, asked_for = getattr(found, setting), getattr(expected, setting)
        if made_with != asked_for:
            raise IndexMismatch(
                str(settings.index), setting=setting, expected=str(asked_for), found=str(made_with)
            )


def check_not_empty(settings: Settings, generation: OpenGeneration) -> None:
    """Whether there is anything to ask: that an empty index says nothing would mislead.

    Raises:
        IndexEmpty: the generation holds no articles.
    """
    manifest = generation.manifest
    if manifest.articles == 0:
        failed = sum(not one.left_out for one in manifest.failed)
        raise IndexEmpty(str(settings.index), corpus=Path(manifest.corpus), failed=failed)


def settings_with(settings: Settings | None, **given: str | Path | None) -> Settings:
    """Those settings, or those of the environment, with what is given on top.

    Raises:
        SettingsError: one of them is of another kind, or cannot be used.
    """
    check_kind("settings", settings, (Settings, NoneType), give="pullquote.Settings(…), or None")
    for name, value in given.items():
        check_kind(f"The {name}", value, _PATHS, give="the path of a folder, as str or Path")
        if "\0" in str(value):
            raise SettingsError(f"The {name} is {str(value)!r}; no path has a NUL in it.")
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
