"""Traces by OpenTelemetry, where it is installed (extra ``telemetry``) and an exporter is named."""

from __future__ import annotations

import logging
import os

from starlette.types import ASGIApp

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"

log = logging.getLogger(__name__)


def traced(app: ASGIApp) -> ASGIApp:
    """Return ``app``, wrapped so that every request is a span if ``ENDPOINT`` is set."""
    if not os.environ.get(ENDPOINT):
        return app
    try:
        from opentelemetry import trace
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.instrumentation.asgi import OpenTelemetryMiddleware
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        log.warning("%s is set; install tiaowen[telemetry] to send traces", ENDPOINT)
        return app
    provider = TracerProvider()
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    wrapped: ASGIApp = OpenTelemetryMiddleware(app, excluded_urls="livez,readyz,metrics")
    return wrapped
