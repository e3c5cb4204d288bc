"""The command `check`."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from pullquote.base.atomic_io import write_atomically
from pullquote.base.console import one_line, print_json, say
from pullquote.base.plurals import counted
from pullquote.cli.inspection import articles_in
from pullquote.cli.options import IndexOption, JsonOption
from pullquote.cli.terminal import in_quote_marks, print_quote, print_result, waiting
from pullquote.schema import Article
from pullquote.schema.errors import ArticleError, SettingsError
from pullquote.schema.quote_check import (
    CheckedDraft,
    CheckedQuote,
    DraftQuestion,
    QuoteVerdict,
    verdict_counts,
)
from pullquote.schema.settings import Settings, load_settings


class _Given(NamedTuple):
    option: str
    file: Path


@dataclass(frozen=True, slots=True)
class ReportFiles:
    """The files for the report on a draft, if any; `chat` is the address of the chat."""

    html: Path | None
    docx: Path | None
    chat: str | None

    def check_wanted(self, draft: str | None) -> None:
        """Check, before anything else is done, that the report can be written.

        Raises:
            SettingsError: an option is of no use here, or a file would be lost.
        """
        from pullquote.conversation.citations import is_web  # noqa: PLC0415

        given = list(self._given())
        if self.chat is not None and not is_web(self.chat):
            raise SettingsError(
                f"--chat is {self.chat}. Give an address such as https://archive.example."
            )
        if self.chat is not None and not given:
            raise SettingsError("--chat is for the links of a report. Add --html or --docx FILE.")
        for one in given:
            _check_file(one, draft)
        if len(given) == 2 and given[0].file.resolve() == given[1].file.resolve():
            raise SettingsError(f"--html and --docx are both {self.html}. Give two files.")

    def write(self, checked: Sequence[tuple[Article, CheckedDraft]], draft: str) -> None:
        """Write the report on a draft.

        Raises:
            ArticleError: the DOCX file of the draft is damaged.
            SettingsError: a file cannot be written.
        """
        from pullquote.newsroom.checking import report_view  # noqa: PLC0415
        from pullquote.newsroom.checking.docx_report import report_docx  # noqa: PLC0415

        name = "standard input" if draft == "-" else Path(draft).name
        if self.html is not None:
            page = report_view.report_html(
                report_view.report_view(checked, name=name, chat=self.chat)
            )
            _write(self.html, page.encode(), option="--html")
        if self.docx is not None:
            own = Path(draft).read_bytes() if name.lower().endswith(".docx") else None
            content = report_docx(checked, name=name, docx=own, chat=self.chat)
            _write(self.docx, content, option="--docx")

    @property
    def files(self) -> list[Path]:
        """The files that are written."""
        return [one.file for one in self._given()]

    def _given(self) -> Iterator[_Given]:
        if self.html is not None:
            yield _Given("--html", self.html)
        if self.docx is not None:
            yield _Given("--docx", self.docx)


def reason_of(error: Exception) -> str:
    """Why a file cannot be read or written."""
    return error.strerror or str(error) if isinstance(error, OSError) else "it is not UTF-8"


def _check_file(given: _Given, draft: str | None) -> None:
    option, file = given
    if draft is None:
        raise SettingsError(f"{option} needs a DRAFT. Leave out --quotes.")
    if file.is_dir():
        raise SettingsError(f"{file} is a folder. Give {option} the path of a file.")
    if draft != "-" and file.resolve() == Path(draft).resolve():
        raise SettingsError(f"{draft} is the draft itself. Give {option} another file.")


def _write(file: Path, content: bytes, *, option: str) -> None:
    try:
        write_atomically(file, content)
    except OSError as error:
        raise SettingsError(f"{option}: {file} cannot be written: {reason_of(error)}.") from None


NOT_EXACT = 3
_PLAIN = frozenset({".txt", ".text", ""})
_LINE_KEYS = ("verdict", "article", "start", "end", "differences", "omitted", "warnings")


def check(
    draft: Annotated[
        str | None,
        typer.Argument(metavar="DRAFT", help="The file of a draft, or - for standard input."),
    ] = None,
    quotes: Annotated[
        Path | None,
        typer.Option(
            "--quotes",
            metavar="FILE",
            help='JSON Lines of {"id", "quote", "article" or null, "speaker" or null}, or - for '
            "standard input; needs --json.",
        ),
    ] = None,
    html: Annotated[
        Path | None,
        typer.Option("--html", metavar="FILE", help="Write the report as a page to this file."),
    ] = None,
    docx: Annotated[
        Path | None,
        typer.Option(
            "--docx",
            metavar="FILE",
            help="Write the draft to this Word file, with a comment on each quotation.",
        ),
    ] = None,
    chat: Annotated[
        str | None,
        typer.Option(
            "--chat",
            metavar="ADDRESS",
            help="The address of the web chat, such as https://archive.example: the report then "
            "has permanent links.",
        ),
    ] = None,
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check whether the quotations of a draft stand in the articles, word for word.

    A draft is plain text, Markdown, HTML, DOCX or any other file that can be indexed. Each
    quotation is exact, altered, misattributed, spliced or absent.

    Exit status: 0 all are exact, 3 some are not, 1 error, 2 a mistyped command.

    Example: `pullquote check story.md`, or `pbpaste | pullquote check -`, or
    `pullquote check story.docx --docx checked.docx --html report.html`
    """
    if (draft is None) == (quotes is None):
        raise SettingsError("Give one DRAFT, or quotations in a file with --quotes FILE --json.")
    if quotes is not None and not as_json:
        raise SettingsError("--quotes prints JSON Lines; add --json.")
    report = ReportFiles(html, docx, chat)
    report.check_wanted(draft)
    settings = load_settings(index=index)
    all_exact = (
        _check_quotes(quotes, settings)
        if quotes is not None
        else _check_draft(str(draft), settings, as_json=as_json, report=report)
    )
    if not all_exact:
        raise typer.Exit(NOT_EXACT)


def _check_quotes(file: Path, settings: Settings) -> bool:
    """Print the verdict of each quotation of a file; whether all are exact."""
    from pullquote.newsroom.checking.check import check_quotes, claimed_quotes  # noqa: PLC0415

    all_exact = True
    with _lines(file) as lines:
        for one, checked in check_quotes(claimed_quotes(lines, name=str(file)), settings):
            shown = checked.model_dump(mode="json", include=set(_LINE_KEYS))
            line = {"id": one.id, **{key: shown[key] for key in _LINE_KEYS}}
            print_json(line, in_a_line=True)
            all_exact = all_exact and checked.verdict == "exact"
    return all_exact


@contextmanager
def _lines(file: Path) -> Iterator[Iterator[str]]:
    """The lines of a file or, for "-", of standard input."""
    if str(file) == "-":
        yield iter(sys.stdin)
        return
    try:
        with file.open(encoding="utf-8-sig") as stream:
            yield iter(stream)
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"--quotes: {file} cannot be read: {reason_of(error)}.") from None


def _check_draft(draft: str, settings: Settings, *, as_json: bool, report: ReportFiles) -> bool:
    """Print the report on a draft; whether all its quotations are exact."""
    from pullquote.newsroom.checking.check import check_articles  # noqa: PLC0415

    with waiting("Checking the quotations", quiet=as_json):
        found = list(check_articles(_drafts(draft), settings))
        report.write(found, draft)
    whole = CheckedDraft(
        quotes=tuple(one for _, checked in found for one in checked.quotes),
        questions=tuple(one for _, checked in found for one in checked.questions),
    )
    print_result(whole, print_checked, as_json=as_json)
    if not as_json:
        for file in report.files:
            say(f"The report is in {file}.", style="dim")
    return whole.all_exact


def _drafts(draft: str) -> Iterator[Article]:
    """The draft as an article, or several if its file has several.

    Raises:
        ArticleError, SettingsError: the file cannot be read.
    """
    from pullquote.newsroom.checking.cited_words import with_cited, with_cited_text  # noqa: PLC0415
    from pullquote.newsroom.checking.quotations import draft_of  # noqa: PLC0415
    from pullquote.parsing.decode import decode  # noqa: PLC0415

    file = Path(draft)
    if draft != "-" and file.suffix.lower() not in _PLAIN:
        for found in articles_in(_existing(file)):
            if isinstance(found, ArticleError):
                raise found
            yield with_cited(found, file.read_bytes(), file.suffix)
        return
    try:
        content = sys.stdin.buffer.read() if draft == "-" else _existing(file).read_bytes()
    except OSError as error:
        raise SettingsError(f"{draft} cannot be read: {reason_of(error)}.") from None
    text = decode(content, path=draft).text
    yield with_cited_text(draft_of(text), text)


def _existing(file: Path) -> Path:
    if not file.is_file():
        raise SettingsError(f"There is no file {file}. Give the path of a draft, or - .")
    return file


_STYLES = {
    QuoteVerdict.EXACT: "bold green",
    QuoteVerdict.ALTERED: "bold red",
    QuoteVerdict.MISATTRIBUTED: "bold red",
    QuoteVerdict.SPLICED: "bold red",
    QuoteVerdict.ABSENT: "bold magenta",
}


def print_checked(report: CheckedDraft) -> None:
    """Print each quotation with its verdict, its differences and its place, and the counts.

    The questions about the other sentences stand between.
    """
    quotes = report.quotes
    for one in quotes:
        _print_one(one)
    for question in report.questions:
        _print_question(question)
    say(verdict_counts(quotes))
    if report.questions:
        say(f"{counted(len(report.questions), 'question')} about other sentences, not errors")


def _print_one(one: CheckedQuote) -> None:
    """Print one quotation."""
    claimed = "" if one.speaker is None else f", as said by {one.speaker}"
    say(f"{one.verdict}{one_line(claimed)}", style=_STYLES[one.verdict])
    say(in_quote_marks(one.quote.strip()), indent=2)
    for change in one.differences:
        say(f"draft: {_shown(change.quote)} · article: {_shown(change.article)}", indent=4)
    for omission in one.omitted:
        stands = f"{one_line(omission.mark)} stands for" if omission.mark else "left out"
        say(f"{stands}: {in_quote_marks(omission.text)}", indent=4)
    for warning in one.warnings:
        say(f"note: {one_line(warning)}", style="yellow", indent=4)
    for citation in one.parts or [each for each in (one.citation,) if each is not None]:
        print_quote(citation, indent=4)
    if one.also_in_count:
        say(one_line(one.also_in_words), indent=4)
    if one.closest is not None:
        say(f"The closest words ({one.similarity:.0%} the same):", indent=4)
        print_quote(one.closest, indent=4)
    if one.link is not None:
        say(one_line(one.link), style="dim", indent=4)
    say("")


def _print_question(one: DraftQuestion) -> None:
    """Print one question about a sentence outside the quotations."""
    say(f"question: is this {one.kind} right?", style="bold cyan")
    say(one_line(one.sentence.strip()), indent=2)
    say(f"draft: {_shown(one.words)} · article: {_shown(one.article_words)}", indent=4)
    print_quote(one.citation, indent=4)
    if one.link is not None:
        say(one_line(one.link), style="dim", indent=4)
    say("")


def _shown(words: str) -> str:
    return in_quote_marks(words) if words else "nothing"
