"""What is counted while the assistant serves, as Prometheus reads it. Nothing holds a question."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.metrics_core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from assistant.models import Answer, Trace
from assistant.service import Reader

_FAST = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
_WRITING = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5)
_COUNTS = (0, 1, 2, 3, 5, 8, 13, 21, 34)


class Metrics:
    """The counts of one application; each has a registry of its own.

    Args:
        reader: the edition that serves, whose version and size are read at each scrape.
    """

    def __init__(self, reader: Reader) -> None:
        self._registry = CollectorRegistry()
        self._make_requests()
        self._make_answers()
        self._registry.register(_Edition(reader))
        ProcessCollector(registry=self._registry)

    def _make_requests(self) -> None:
        self._requests = Counter(
            "anze_http_requests",
            "HTTP requests",
            ("route", "method", "status"),
            registry=self._registry,
        )
        self._latency = Histogram(
            "anze_http_request_seconds",
            "Time until the reply begins",
            ("route", "method"),
            buckets=_FAST,
            registry=self._registry,
        )

    def _make_answers(self) -> None:
        registry = self._registry
        self._answers = Counter(
            "anze_answers",
            "Questions answered or refused",
            ("status", "reason", "door", "mode", "caller"),
            registry=registry,
        )
        self._stages = Histogram(
            "anze_answer_stage_seconds",
            "Time spent in each stage of an answer",
            ("stage",),
            buckets=_FAST,
            registry=registry,
        )
        self._citations = Histogram(
            "anze_answer_citations", "Citations of an answer", buckets=_COUNTS, registry=registry
        )
        self._model_faults = Counter(
            "anze_model_faults",
            "Answers for which the language model failed, and how",
            ("fault",),
            registry=registry,
        )
        self._model_tokens = Counter(
            "anze_model_tokens", "Tokens of the language model", ("direction",), registry=registry
        )
        self._model_sentences = Counter(
            "anze_model_sentences",
            "Sentences of the language model: shown, dropped as unproven; evidence given instead",
            ("outcome",),
            registry=registry,
        )
        self._feedback = Counter(
            "anze_feedback", "Answers judged by those who got them", ("helpful",), registry=registry
        )
        self._recording = Histogram(
            "anze_audit_write_seconds",
            "Time to write an answer into the audit log",
            buckets=_WRITING,
            registry=registry,
        )
        self._failures = Counter(
            "anze_audit_failures", "Answers held back, unrecorded", registry=registry
        )

    def requested(self, route: str, method: str, status: int, seconds: float) -> None:
        """An HTTP request: its route's template, and the time until the reply began."""
        self._requests.labels(route, method, f"{status // 100}xx").inc()
        self._latency.labels(route, method).observe(seconds)

    def answered(self, answer: Answer, door: str, caller: str) -> None:
        """A question was answered or refused."""
        reason = answer.reason.value if answer.reason else ""
        self._answers.labels(answer.status.value, reason, door, answer.mode.value, caller).inc()
        self._citations.observe(len(answer.citations))
        for stage, milliseconds in answer.timings_ms.items():
            self._stages.labels(stage).observe(milliseconds / 1000)

        if answer.trace is not None:
            self._modelled(answer.trace)

    def _modelled(self, trace: Trace) -> None:
        if trace.fault:
            self._model_faults.labels(trace.fault).inc()
        self._model_tokens.labels("in").inc(trace.tokens_in or 0)
        self._model_tokens.labels("out").inc(trace.tokens_out or 0)
        for outcome in ("used", "dropped", "replaced"):
            self._model_sentences.labels(outcome).inc(getattr(trace, outcome))

    def judged(self, helpful: bool) -> None:
        """Somebody said what he thought of an answer."""
        self._feedback.labels(str(helpful).lower()).inc()

    def recorded(self, seconds: float) -> None:
        """An answer was written into the audit log."""
        self._recording.observe(seconds)

    def not_recorded(self) -> None:
        """An answer could not be written and was held back."""
        self._failures.inc()

    def text(self) -> bytes:
        """Everything, in Prometheus' text format."""
        return generate_latest(self._registry)


class _Edition(Collector):
    """Which index serves and how large it is, as of the scrape."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def describe(self) -> Iterator[Metric]:
        """Nothing, so that making the registry reads no index."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """The gauges."""
        now = self._reader.readiness()
        labels = {"version": now.index_version, "embedding_model": now.embedding_model}
        yield InfoMetricFamily("anze_index", "The index that serves", value=labels)
        yield GaugeMetricFamily(
            "anze_index_documents", "Documents in the index", value=now.documents
        )
        yield GaugeMetricFamily(
            "anze_index_provisions", "Provisions in the index", value=now.provisions
        )
