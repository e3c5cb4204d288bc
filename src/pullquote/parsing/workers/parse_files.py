"""Parses many files to their articles, in order: in worker processes or in our own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from pullquote.errors import ArticleError
from pullquote.limits import LIMITS, Limits
from pullquote.parsing.parse import stream_articles
from pullquote.parsing.source import ParserOutput
from pullquote.parsing.trace import tracing
from pullquote.parsing.workers.pool import WorkerPool


@dataclass(frozen=True, slots=True, kw_only=True)
class FileParser:
    """Parses files within limits, in a number of worker processes.

    With 0 processes it parses in our own process. A file that crashes its parser then ends our
    process too, and one that never ends blocks it. `trace` adds what parsers record.
    """

    limits: Limits = LIMITS
    processes: int = 0
    trace: bool = False

    @contextmanager
    def parse(
        self,
        corpus: Path,
        versions: Mapping[str, str | None],
        *,
        fields: Mapping[str, str] = MappingProxyType({}),
    ) -> Iterator[Iterator[ParserOutput]]:
        """The articles and errors of files of a corpus, in the order of `versions`.

        Each file ends with an output of None. The result is the same with any number of
        processes. They start at once, if there are files, and end with the context.

        `versions` maps the name of each file to its version, if known; the error of a file that
        kills its process gets that version. `fields` is as in `SourceFile`.
        """
        if not versions or self.processes == 0:
            yield self._parse_here(corpus, versions, fields=fields)
            return
        with closing(
            WorkerPool(
                corpus,
                versions,
                fields=fields,
                limits=self.limits,
                processes=self.processes,
                trace=self.trace,
            )
        ) as pool:
            yield pool.outputs()

    def _parse_here(
        self, corpus: Path, names: Iterable[str], *, fields: Mapping[str, str]
    ) -> Iterator[ParserOutput]:
        for name in names:
            with tracing() if self.trace else nullcontext() as trace:
                try:
                    for found in stream_articles(
                        corpus / name, id=name, fields=fields, limits=self.limits
                    ):
                        yield ParserOutput(name, found, trace=trace)
                        if trace is not None:
                            trace.clear()
                except ArticleError as error:
                    yield ParserOutput(name, error, is_file_error=True)
            yield ParserOutput(name, None)
