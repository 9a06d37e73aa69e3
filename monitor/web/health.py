"""What machines ask: whether we are well, and figures for a scraper with a password. Neither tells of anybody."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from monitor.jobs import overview
from monitor.web.login import who
from monitor.web.site import site_of

_CLOSED = "the figures are the operator's: any name and the password of web.password_hash in monitor.yaml\n"


def healthz(request: Request) -> Response:
    """Answer ``ok`` when the database answers."""
    site_of(request).app.store.version()
    return PlainTextResponse("ok\n")


def metrics(request: Request) -> Response:
    """Answer with figures in Prometheus' format, to whoever may see the operator's pages."""
    if not who(request):
        return PlainTextResponse(_CLOSED, 401, {"WWW-Authenticate": 'Basic realm="metrics"'})
    registry = CollectorRegistry()
    registry.register(_Figures(overview.run(site_of(request).app)))
    return Response(generate_latest(registry), media_type="text/plain; version=0.0.4; charset=utf-8")


class _Figures:
    """Counts of an overview as gauges; names of sources are labels, people are not."""

    def __init__(self, found: overview.Overview) -> None:
        self._found = found

    def collect(self) -> list[GaugeMetricFamily]:
        found = self._found
        sums = {"papers": found.papers, "matches": found.matches, "trends": found.trends}
        gauges = [GaugeMetricFamily(f"monitor_{name}", f"{name} in the store", value) for name, value in sums.items()]
        for name, counts in (("verdicts", found.verdicts), ("digests", found.digests), ("outbox", found.outbox)):
            gauge = GaugeMetricFamily(f"monitor_{name}", f"{name} by kind or state", labels=["state"])
            for state, value in counts.items():
                gauge.add_metric([state], value)
            gauges.append(gauge)
        failures = GaugeMetricFamily("monitor_source_failures", "failures since a source was read", labels=["source"])
        read = GaugeMetricFamily(
            "monitor_source_read_timestamp_seconds", "when a source was read last", labels=["source"]
        )
        for source in found.sources:
            failures.add_metric([source.name], source.failures)
            if source.last_ok_at:
                read.add_metric([source.name], source.last_ok_at.timestamp())
        needs = GaugeMetricFamily(
            "monitor_needs_a_person", "1 when `monitor status` would end with 1", found.needs_a_person
        )
        return [*gauges, failures, read, needs]
