"""Many files to their articles, in order: by processes side by side, or here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from pullquote.errors import ArticleError
from pullquote.limits import LIMITS, Limits
from pullquote.parsing.parse import stream_articles
from pullquote.parsing.source import Given
from pullquote.parsing.trace import listen
from pullquote.parsing.workers.pool import SideBySide


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How files are read: within which limits, and by how many processes.

    With none they are read in our own, where a file that crashes its reader, or never comes to an
    end, takes us with it. `noting` has what readers note given, too.
    """

    limits: Limits = LIMITS
    processes: int = 0
    noting: bool = False

    @contextmanager
    def files(
        self,
        corpus: Path,
        names: Mapping[str, str | None],
        *,
        fields: Mapping[str, str] = MappingProxyType({}),
    ) -> Iterator[Iterator[Given]]:
        """What the files of a corpus give, in the order of their names as given, each to its end.

        That is the same whatever the number of processes, which start at once, if there are any
        names, and end on the way out. `fields` is as in `SourceFile`. With its name comes the
        version of a file, if known, to be said of one that no process lived to read.
        """
        if not names or self.processes == 0:
            yield self._here(corpus, names, fields=fields)
            return
        with closing(
            SideBySide(
                corpus,
                names,
                fields=fields,
                limits=self.limits,
                processes=self.processes,
                noting=self.noting,
            )
        ) as reading:
            yield reading.given()

    def _here(
        self, corpus: Path, names: Iterable[str], *, fields: Mapping[str, str]
    ) -> Iterator[Given]:
        for name in names:
            with listen() if self.noting else nullcontext() as notes:
                try:
                    for found in stream_articles(
                        corpus / name, id=name, fields=fields, limits=self.limits
                    ):
                        yield Given(name, found, notes=notes)
                        if notes is not None:
                            notes.clear()
                except ArticleError as error:
                    yield Given(name, error, whole=True)
            yield Given(name, None)
