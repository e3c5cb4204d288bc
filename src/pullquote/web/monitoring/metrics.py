"""Metrics for Prometheus: requests, work by stage, what waits, and the index that answers.

This module needs the extra `metrics`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial
from typing import Final

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.process_collector import ProcessCollector
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pullquote.newsroom.assistant import Assistant
from pullquote.schema import Reply
from pullquote.schema.errors import PullquoteError
from pullquote.web.monitoring.observed import RequestDone, StageLoad, WorkDone

METRICS: Final = "/metrics"

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
"""Bounds of the histograms: a search takes tens of milliseconds, and a question is given up after
60 seconds."""


_METHODS = frozenset(("GET", "POST", "HEAD", "OPTIONS", "DELETE"))


class Metrics:
    """An observer that counts; `route` is where Prometheus reads the counts.

    `load` returns what waits and runs now. `paths` are the addresses that are counted one by one;
    those that begin with `prefix` count as one.
    """

    def __init__(
        self,
        assistant: Assistant,
        load: Callable[[], Mapping[str, StageLoad]],
        paths: Collection[str],
        *,
        prefix: str,
    ) -> None:
        self._paths = frozenset((*paths, METRICS))
        self._prefix = prefix
        registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        registry.register(_IndexCollector(assistant))
        registry.register(_LoadCollector(load))
        made = partial(Histogram, registry=registry, buckets=_SECONDS)
        self._requests = Counter(
            "pullquote_requests",
            "Requests that were answered.",
            ["method", "path", "status"],
            registry=registry,
        )
        self._request_seconds = made(
            "pullquote_request_seconds", "Time to answer a request.", ["path"]
        )
        self._waited = made(
            "pullquote_stage_wait_seconds", "Time that work waited for its turn.", ["stage"]
        )
        self._took = made("pullquote_stage_seconds", "Time that work took.", ["stage"])
        self._failed = Counter(
            "pullquote_stage_errors",
            "Work that ended with an error.",
            ["stage", "error"],
            registry=registry,
        )
        self._replies = Counter(
            "pullquote_replies",
            "Questions that were answered, by outcome.",
            ["outcome"],
            registry=registry,
        )
        self._registry = registry
        self._limiter: CapacityLimiter | None = None
        self.route = Route(METRICS, self._get, methods=["GET"])

    def request_done(self, done: RequestDone) -> None:
        """Count a request."""
        path = self._name(done.path)
        method = done.method if done.method in _METHODS else "other"
        self._requests.labels(method, path, str(done.status)).inc()
        self._request_seconds.labels(path).observe(done.seconds)

    def work_done(self, done: WorkDone) -> None:
        """Count work, and the reply if it gave one."""
        self._waited.labels(done.stage).observe(done.waited)
        if done.error is not None:
            self._failed.labels(done.stage, done.error).inc()
            return
        self._took.labels(done.stage).observe(done.seconds)
        if isinstance(done.result, Reply):
            self._replies.labels(str(done.result.outcome)).inc()

    def _name(self, path: str) -> str:
        """The path as a label; there are few of them, whatever is requested."""
        if path in self._paths:
            return path
        return self._prefix if path.startswith(self._prefix) else "other"

    async def _get(self, _: Request) -> Response:
        """The counts; reading them may open a new generation, so a thread does it."""
        if self._limiter is None:
            self._limiter = CapacityLimiter(1)
        text = await run_sync(generate_latest, self._registry, limiter=self._limiter)
        headers = {"Cache-Control": "no-store"}
        return Response(text, media_type=CONTENT_TYPE_LATEST, headers=headers)


class _IndexCollector:
    """The generation that answers."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant

    def collect(self) -> Iterator[Metric]:
        """What is known about it; only that there is none if it cannot be opened."""
        try:
            generation = self._assistant.generation
        except PullquoteError:
            yield GaugeMetricFamily("pullquote_index_open", "Whether an index answers.", value=0)
            return
        manifest = generation.manifest
        yield GaugeMetricFamily("pullquote_index_open", "Whether an index answers.", value=1)
        named = GaugeMetricFamily(
            "pullquote_index_generation_info", "The generation that answers.", labels=["generation"]
        )
        named.add_metric([generation.name], 1)
        yield named
        for name, description, value in (
            ("created_timestamp_seconds", "When it was made.", manifest.created.timestamp()),
            ("articles", "Articles in it.", manifest.articles),
            ("passages", "Passages in it.", manifest.passages),
            ("failed_files", "Files that could not be read.", len(manifest.failed)),
            ("damaged", "Whether a newer one is damaged.", int(generation.damage is not None)),
        ):
            yield GaugeMetricFamily(f"pullquote_index_{name}", description, value=value)


class _LoadCollector:
    """What waits and runs now."""

    def __init__(self, load: Callable[[], Mapping[str, StageLoad]]) -> None:
        self._load = load

    def collect(self) -> Iterator[Metric]:
        """The numbers for each stage."""
        waiting = GaugeMetricFamily(
            "pullquote_waiting", "Work that waits for its turn.", labels=["stage"]
        )
        running = GaugeMetricFamily("pullquote_running", "Work that runs.", labels=["stage"])
        for stage, load in self._load().items():
            waiting.add_metric([stage], load.waiting)
            running.add_metric([stage], load.running)
        yield waiting
        yield running
