"""The commands `backup` and `restore`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pullquote.base.console import print_json, print_note, say
from pullquote.base.plurals import counted
from pullquote.cli.index import sigterm_as_interrupt
from pullquote.cli.options import IndexOption, JsonOption
from pullquote.cli.terminal import waiting
from pullquote.schema.file_limits import megabytes


def backup(
    file: Annotated[Path, typer.Argument(help="The ZIP file to write.")],
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the index and the settings to one file, which `restore` reads.

    It has the current generation, the calibration, the standing questions and pullquote.toml, which
    may have passwords: only you may read the file. Caches and the corpus are not in it. Questions
    and rebuilds go on meanwhile.

    Example: `pullquote backup archive-2024-03-14.zip`
    """
    import pullquote  # noqa: PLC0415

    with sigterm_as_interrupt(), waiting("Writing the backup", quiet=as_json):
        made = pullquote.backup(file, index)
    if as_json:
        print_json(made.model_dump(mode="json"))
    else:
        articles = counted(made.articles, "article")
        say(f"{made.file}: {articles}, {megabytes(made.bytes)}.")
        say(f"Generation {made.generation}", style="dim")


def restore(
    file: Annotated[Path, typer.Argument(help="A file that `backup` has written.")],
    folder: Annotated[Path, typer.Argument(help="An empty folder, or one to make.")],
    as_json: JsonOption = False,
) -> None:
    """Restore a backup into an empty folder, after comparing every file with its digest.

    Then run pullquote in that folder. The corpus is not restored.

    Example: `pullquote restore archive-2024-03-14.zip restored`
    """
    import pullquote  # noqa: PLC0415

    with sigterm_as_interrupt(), waiting("Restoring the backup", quiet=as_json):
        restored = pullquote.restore(file, folder)
    if as_json:
        print_json(restored.model_dump(mode="json"))
        return
    say(f"{restored.index}: {counted(restored.articles, 'article')}.")
    if restored.settings is not None:
        say(f"{restored.settings}: the settings.")
    for note in restored.notes:
        print_note(note)
