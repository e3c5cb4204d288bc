"""Parses many files into articles, in order, either in worker processes or in our own process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from pullquote.parsing.parse import stream_articles
from pullquote.parsing.source import NO_OPTIONS, ParseOptions, ParserOutput
from pullquote.parsing.trace import tracing
from pullquote.parsing.workers.pool import WorkerPool
from pullquote.schema.errors import ArticleError
from pullquote.schema.limits import LIMITS, Limits


@dataclass(frozen=True, slots=True, kw_only=True)
class FileParser:
    """Parses files within limits, in a number of worker processes.

    If the number is 0, files are parsed in our own process. In that case, a file that crashes its
    parser ends our process, and a file whose parsing never ends blocks our process. With `trace`,
    the outputs include what parsers record.
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
        options: ParseOptions = NO_OPTIONS,
    ) -> Iterator[Iterator[ParserOutput]]:
        """The articles and errors of files of a corpus, in the order of `versions`.

        The outputs of each file end with None. They are the same with any number of processes. If
        there are files, the processes start at once. They end when the context ends.

        `versions` maps the name of each file to its version, if known. If a file kills its
        process, the error of the file gets this version.
        """
        if not versions or self.processes == 0:
            yield self._parse_here(corpus, versions, options=options)
            return
        with closing(
            WorkerPool(
                corpus,
                versions,
                options=options,
                limits=self.limits,
                processes=self.processes,
                trace=self.trace,
            )
        ) as pool:
            yield pool.outputs()

    def _parse_here(
        self, corpus: Path, names: Iterable[str], *, options: ParseOptions
    ) -> Iterator[ParserOutput]:
        for name in names:
            with tracing() if self.trace else nullcontext() as trace:
                try:
                    for found in stream_articles(
                        corpus / name, id=name, options=options, limits=self.limits
                    ):
                        yield ParserOutput(name, found, trace=trace)
                        if trace is not None:
                            trace.clear()
                except ArticleError as error:
                    yield ParserOutput(name, error, is_file_error=True)
            yield ParserOutput(name, None)
