"""The Check page over HTTP: the form, the result, and the report as a file."""

from __future__ import annotations

from functools import partial
from typing import Self

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pullquote.index.services import check_not_empty
from pullquote.newsroom.assistant import Assistant
from pullquote.parsing.files import suffix_of
from pullquote.schema import Article
from pullquote.schema.errors import ArticleError, PullquoteError, SettingsError
from pullquote.schema.quote_check import CheckedDraft
from pullquote.web.check.document import CheckContent, CheckedResult, check_html
from pullquote.web.check.intake import (
    MAX_RECEIVED,
    DraftFile,
    DraftRefused,
    FormIntake,
    ReceivedForm,
    draft_of_file,
    draft_of_text,
    unreadable,
)
from pullquote.web.check.reports import (
    REPORTS,
    WORD_SUFFIX,
    ReportForm,
    can_be_copied,
    parse_report_form,
)
from pullquote.web.pages import (
    Application,
    PageGroup,
    PageLink,
    answer,
    file_answer,
    script_route,
    style_route,
)
from pullquote.web.scheduler import Scheduler
from pullquote.web.slots import CallerLeft
from pullquote.web.views.unready import NO_INDEX, UnreadyView

CHECK = "/check"
REPORT = f"{CHECK}/report"

_OTHER_FILE = (
    "This is not the Word file that was checked. Choose that file, or check this one on the page."
)
_TOO_MUCH = (
    "The Word file expands to too much to be copied with comments. Use the command "
    "pullquote check --docx, or save the report as a web page."
)
_NOTHING = "Paste the text of a draft, or choose its file. Then check it."


class CheckPages(PageGroup):
    """The page for one assistant, whose `scheduler` lets drafts take turns with questions."""

    links = (PageLink(10, "check", "Check"),)

    def __init__(self, assistant: Assistant, scheduler: Scheduler, unready: UnreadyView) -> None:
        self._assistant = assistant
        self._scheduler = scheduler
        self._unready = unready
        self._intake = FormIntake()
        self.routes = [
            Route(CHECK, self._get_page, methods=["GET"]),
            Route(CHECK, self._post_draft, methods=["POST"]),
            Route(REPORT, self._post_report, methods=["POST"]),
            style_route("check/check"),
            script_route("check/check"),
        ]
        self.paths = (CHECK,)
        self.streamed = {CHECK: MAX_RECEIVED, REPORT: MAX_RECEIVED}
        self.posts = {
            CHECK: lambda reason: answer(check_html(CheckContent(notice=reason)), status=503),
            REPORT: lambda reason: answer(reason, "text/plain", status=503),
        }

    @classmethod
    def open(cls, application: Application) -> Self:
        """The pages in an application."""
        unready = UnreadyView(application.assistant, application.status)
        return cls(application.assistant, application.scheduler, unready)

    async def _get_page(self, _: Request) -> Response:
        return await self._scheduler.show(self._empty_page)

    def _empty_page(self) -> Response:
        """The page before a draft is checked; without an index, it says so."""
        try:
            check_not_empty(self._assistant.settings, self._assistant.generation)
        except PullquoteError as error:
            state = self._unready.state(error)
            return answer(check_html(CheckContent(unready=state, waits=state.building)))
        return answer(check_html(CheckContent(building=self._unready.is_building)))

    async def _post_draft(self, request: Request) -> Response:
        text = ""
        try:
            async with self._intake.receiving(request) as form:
                text = form.fields.get("text", "") if form.file is None else ""
                draft = await self._draft(form)
            checked = await self._scheduler.check_draft(self._assistant, draft)
        except CallerLeft:
            return Response(status_code=204)  # nobody receives it
        except PullquoteError as error:
            return await self._scheduler.show(partial(self._refused, error, text=text))
        name = "" if form.file is None else form.file.name
        return await self._scheduler.show(
            partial(self._result, draft, checked, name=name, text=text)
        )

    async def _draft(self, form: ReceivedForm) -> Article:
        """The draft in a form.

        Raises:
            DraftRefused: the form has none, or the file cannot be read.
        """
        file, text = form.file, form.fields.get("text", "")
        if file is not None:
            return await self._scheduler.parse(
                lambda: draft_of_file(file, self._assistant.settings)
            )
        if not text.strip():
            raise DraftRefused(_NOTHING, status=422)
        return await self._scheduler.show(partial(draft_of_text, text))

    def _result(self, draft: Article, checked: CheckedDraft, *, name: str, text: str) -> Response:
        generation = self._assistant.generation
        result = CheckedResult(draft, checked, name, generation.manifest.articles)
        building = self._unready.is_building
        return answer(check_html(CheckContent(text=text, result=result, building=building)))

    def _refused(self, error: PullquoteError, *, text: str) -> Response:
        """The page with the reason why a draft was not checked, and with its text."""
        if isinstance(error, NO_INDEX):
            content = CheckContent(text=text, unready=self._unready.state(error))
        else:
            content = CheckContent(text=text, notice=str(error))
        return answer(check_html(content), status=_status(error), error=error)

    async def _post_report(self, request: Request) -> Response:
        """Check the draft again, and answer with the report as a file."""
        try:
            async with self._intake.receiving(request) as form:
                given = await self._scheduler.show(partial(parse_report_form, form.fields))
                if form.file is not None and given.format == "docx":
                    given = await self._with_own_file(given, form.file)
            checked = await self._scheduler.check_draft(self._assistant, given.draft)
            return await self._scheduler.show(partial(_report, given, checked))
        except CallerLeft:
            return Response(status_code=204)
        except ValidationError:
            return answer(
                "The draft cannot be read. Check it again on the page.", "text/plain", status=422
            )
        except PullquoteError as error:
            return answer(str(error), "text/plain", status=_status(error), error=error)

    async def _with_own_file(self, given: ReportForm, file: DraftFile) -> ReportForm:
        """The report as a copy of the draft's own Word file, which is read again.

        Raises:
            DraftRefused: it is another file, or cannot be read.
        """
        settings = self._assistant.settings
        draft = await self._scheduler.parse(lambda: draft_of_file(file, settings))
        if suffix_of(file.name) != WORD_SUFFIX or draft.text != given.draft.text:
            raise DraftRefused(_OTHER_FILE, status=422)
        if not await self._scheduler.show(partial(can_be_copied, file.content)):
            raise DraftRefused(_TOO_MUCH, status=422)
        return given.model_copy(update={"docx": file.content})


def _report(given: ReportForm, checked: CheckedDraft) -> Response:
    """The report in the chosen format.

    Raises:
        DraftRefused: no comments can be added to the draft's own file.
    """
    made = REPORTS[given.format]
    try:
        content = made.write(given, checked)
    except ArticleError as error:  # the draft's own file has its text, but is no whole Word file
        raise unreadable(error) from None
    return file_answer(content, made.media_type, f"checked-quotations.{given.format}")


def _status(error: PullquoteError) -> int:
    if isinstance(error, DraftRefused):
        return error.status
    return 422 if isinstance(error, SettingsError) else 503
