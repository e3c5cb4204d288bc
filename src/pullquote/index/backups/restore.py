"""Restores a backup into an empty folder."""

from __future__ import annotations

import os
import secrets
import shutil
import tomllib
from contextlib import ExitStack, suppress
from pathlib import Path, PurePath
from typing import Any

from pullquote.base.atomic_io import TEMPORARY_SUFFIX, make_folder, sync_folder, sync_folders
from pullquote.index.backups.archive import (
    INDEX,
    SETTINGS,
    WATCHLIST,
    OpenBackup,
    checked_list,
    described,
)
from pullquote.schema.arguments import naming_arguments
from pullquote.schema.article import Model
from pullquote.schema.errors import BackupUnusable, SettingsError
from pullquote.schema.setting_sources import SETTINGS_FILE
from pullquote.schema.short_text import short_text


class Restored(Model):
    """A backup that was restored: its index, its settings, and what to know before using them."""

    index: Path
    generation: str
    articles: int
    settings: Path | None = None
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"Restored({short_text(str(self.index))}, generation {self.generation})"

    __str__ = __repr__


@naming_arguments
def restore(file: str | Path, folder: str | Path) -> Restored:
    """Restore a backup into a folder that is empty or does not exist.

    The index is then in the folder `index` there, unless the settings in the backup name another
    place below the folder; `pullquote.toml` is there too. Every file is compared with its digest
    first, so the folder has a whole index or none.

    Raises:
        BackupUnusable: the file is no backup, was changed, or cannot be written there.
        SettingsError: the folder is not empty.
    """
    path, target = Path(file), Path(folder)
    with described(path) as backup:
        if target.exists() and (not target.is_dir() or any(target.iterdir())):
            raise SettingsError(
                f"{target} is not an empty folder. Restore the backup into a new one."
            )
        make_folder(target)
        staged = target / f"restore.{secrets.token_hex(4)}{TEMPORARY_SUFFIX}"
        try:
            _extract(backup, staged)
            return _publish(backup, staged, target)
        except OSError as error:
            raise BackupUnusable(path, error.strerror or str(error)) from error
        finally:
            shutil.rmtree(staged, ignore_errors=True)


def _extract(backup: OpenBackup, staged: Path) -> None:
    """Write all files below a new folder, and wait until they are on the device."""
    for name in backup.listed.files:
        (staged / name).parent.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        stream = None
        for part in checked_list(backup):
            if stream is None:
                stream = stack.enter_context((staged / part.name).open("xb"))
            stream.write(part.content)
            if part.is_last:
                stream.flush()
                os.fsync(stream.fileno())
                stack.close()
                stream = None
    sync_folders(staged)


def _publish(backup: OpenBackup, staged: Path, target: Path) -> Restored:
    """Move the folders to their places, the index last."""
    settings, notes = _settings(staged), list[str]()
    index = _place(settings.get("index", INDEX), target, INDEX, notes)
    questions = staged / WATCHLIST
    if "watchlist" in settings:
        watchlist = _place(settings["watchlist"], target, WATCHLIST, notes)
        if questions.exists():
            _move(questions, watchlist)
    elif questions.exists():
        for one in questions.iterdir():
            one.replace(staged / INDEX / one.name)
    written = staged / SETTINGS / SETTINGS_FILE
    restored = target / SETTINGS_FILE if written.exists() else None
    if restored is not None:
        written.replace(restored)
    _move(staged / INDEX, index)
    sync_folder(target)
    return Restored(
        index=index,
        generation=backup.listed.generation,
        articles=backup.listed.articles,
        settings=restored,
        notes=tuple(notes),
    )


def _move(folder: Path, place: Path) -> None:
    make_folder(place.parent)
    folder.rename(place)
    sync_folder(place.parent)


def _settings(staged: Path) -> dict[str, Any]:
    """The settings in the backup, as far as they can be read."""
    with suppress(OSError, ValueError):
        return tomllib.loads((staged / SETTINGS / SETTINGS_FILE).read_text(encoding="utf-8"))
    return {}


def _place(named: object, target: Path, usual: str, notes: list[str]) -> Path:
    """Where to restore a folder that the settings name; a note says if it is another place."""
    path = PurePath(str(named))
    if path.parts and not path.is_absolute() and ".." not in path.parts and "://" not in str(named):
        return target / path
    place = target / usual
    notes.append(
        f"The settings name {named} as the folder of the {usual}, but it was restored to {place}. "
        f"Move it there, or change {usual} in {target / SETTINGS_FILE}."
    )
    return place
