"""The files that `check` writes its report to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from pullquote.base.atomic_io import write_atomically
from pullquote.schema import Article
from pullquote.schema.errors import SettingsError
from pullquote.schema.quote_check import CheckedDraft


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
        from pullquote.conversation.citation_format import is_web  # noqa: PLC0415

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
        from pullquote.newsroom.checking.reports.html_report import report_html  # noqa: PLC0415
        from pullquote.newsroom.checking.reports.report_view import report_view  # noqa: PLC0415
        from pullquote.newsroom.checking.reports.word.docx_report import report_docx  # noqa: PLC0415

        name = "standard input" if draft == "-" else Path(draft).name
        if self.html is not None:
            page = report_html(report_view(checked, name=name, chat=self.chat))
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
