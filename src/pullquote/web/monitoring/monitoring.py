"""Starts what the settings ask for: the log and the metrics."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from starlette.routing import Route

from pullquote.newsroom.assistant import Assistant
from pullquote.schema.errors.base import importing_extra
from pullquote.web.monitoring.logs import RequestLog
from pullquote.web.monitoring.observed import Observer, Observers, StageLoad

GRADIO = "/gradio_api/"
"""What the addresses of Gradio's API begin with; they count as one."""


@dataclass(frozen=True, slots=True)
class Monitoring:
    """The observers, and the routes at which their counts are read."""

    observers: Observers
    routes: tuple[Route, ...] = ()


def monitoring_of(
    assistant: Assistant,
    load: Callable[[], Mapping[str, StageLoad]],
    *,
    paths: Collection[str],
    probes: Collection[str],
) -> Monitoring:
    """The monitoring for one assistant. `paths` are counted one by one, `probes` are not logged.

    Raises:
        ExtraMissing: the settings ask for metrics, but the extra is not installed.
    """
    settings = assistant.settings
    observers, routes, unlogged = list[Observer](), list[Route](), set(probes)
    if settings.metrics:
        with importing_extra("metrics", what="The setting metrics"):
            from pullquote.web.monitoring.metrics import METRICS, Metrics  # noqa: PLC0415 - an extra
        counting = Metrics(assistant, load, [*paths, *probes], prefix=GRADIO)
        observers.append(counting)
        routes.append(counting.route)
        unlogged.add(METRICS)
    if settings.log != "off":
        questions = settings.log_questions
        observers.append(RequestLog(settings.log, questions=questions, unlogged=unlogged))
    return Monitoring(Observers(tuple(observers)), tuple(routes))
