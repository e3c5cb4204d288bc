"""The chat's event that looks for example questions after the first screen is shown."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

from pullquote.schema.errors import PullquoteError
from pullquote.web.scheduler import Scheduler
from pullquote.web.slots import CallerLeft
from pullquote.web.views.chat_views import ChatViews


def suggesting(views: ChatViews, scheduler: Scheduler) -> Callable[[], AsyncIterator[str]]:
    """The handler; it tries one question at a time, in turn with the questions of others."""

    async def suggest() -> AsyncIterator[str]:
        """The example questions found so far, each time that one more has been tried."""
        try:
            while await scheduler.read(views.try_example):
                yield views.examples()
            yield views.examples()
        except (PullquoteError, CallerLeft):
            return  # the page can do without

    return suggest
