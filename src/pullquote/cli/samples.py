"""The sample articles that ship with pullquote, and a copy of them in a folder of the user's."""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from platformdirs import user_data_path

from pullquote.schema.errors import SettingsError

_PACKAGED = Path(__file__).parents[1] / "sample_articles"
_CHECKOUT = Path(__file__).parents[3] / "corpus"
"""The wheel has the corpus of the project as part of the package; a checkout has it at its root."""

ARTICLES = "sample-articles"
INDEX = "sample-index"
"""The folders that `pullquote demo` makes."""


def demo_folder() -> Path:
    """The folder that `pullquote demo` uses unless it is given another one."""
    return user_data_path("pullquote") / "demo"


def sample_articles() -> Path:
    """The folder with the sample articles, in an installed package and in a checkout alike.

    Raises:
        SettingsError: this installation has none.
    """
    for folder in (_PACKAGED, _CHECKOUT):
        if folder.is_dir():
            return folder
    raise SettingsError(
        f"The sample articles are missing at {_PACKAGED}. Install pullquote again: "
        "pip install --force-reinstall pullquote"
    )


def copy_sample_articles(folder: Path) -> bool:
    """Copy the sample articles to `ARTICLES` in a folder. False if that is already there.

    Articles that are there stay as they are, also if they were edited.

    Raises:
        SettingsError: they cannot be copied there.
    """
    target = folder / ARTICLES
    try:
        if target.is_dir():
            return False
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=f".{ARTICLES}.", dir=folder) as unfinished:
            copy = Path(unfinished) / ARTICLES
            shutil.copytree(sample_articles(), copy, copy_function=shutil.copyfile)
            copy.rename(target)
    except OSError as error:
        if target.is_dir():  # another process has just copied them
            return False
        raise SettingsError(
            f"The sample articles cannot be copied to {target}: {error.strerror or error}. "
            "Choose another folder with --folder."
        ) from error
    return True
