package io.drydock.registry.server;

import io.drydock.registry.storage.Garbage;
import io.drydock.registry.storage.Scrub;
import io.prometheus.metrics.core.datapoints.Timer;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Locale;

/** What the registry counts, under the names of Docker's registry where that has the same thing. Safe for threads. */
final class Metrics {
    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Gauge underWay = Gauge.builder()
            .name("registry_http_in_flight_requests")
            .help("The in-flight HTTP requests")
            .labelNames("handler")
            .register(registry);
    private final Counter requests = Counter.builder()
            .name("registry_http_requests_total")
            .help("Total number of HTTP requests made.")
            .labelNames("code", "handler", "method")
            .register(registry);
    private final Histogram durations = Histogram.builder()
            .name("registry_http_request_duration_seconds")
            .help("The HTTP request latencies in seconds.")
            .classicOnly()
            .classicUpperBounds(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 60)
            .labelNames("handler", "method")
            .register(registry);
    private final Counter sent = Counter.builder()
            .name("registry_http_response_size_bytes_total")
            .help("Bytes of bodies sent.")
            .labelNames("handler")
            .register(registry);
    private final Counter collections = Counter.builder()
            .name("registry_gc_runs_total")
            .help("Garbage collections that ended.")
            .register(registry);
    private final Counter freed = Counter.builder()
            .name("registry_gc_freed_bytes_total")
            .help("Bytes of blobs that garbage collections have removed.")
            .register(registry);

    private final Counter scrubs = Counter.builder()
            .name("registry_scrub_runs_total")
            .help("Scrubs that ended.")
            .register(registry);
    private final Gauge damaged = Gauge.builder()
            .name("registry_scrub_damaged_blobs")
            .help("Blobs that the last scrub has found damaged.")
            .register(registry);

    /** A request under way. */
    final class Request {
        private final String handler;
        private final String method;
        private final Timer timer;

        private Request(String handler, String method) {
            this.handler = handler;
            this.method = method.toLowerCase(Locale.ROOT);
            underWay.labelValues(handler).inc();
            this.timer = durations.labelValues(handler, this.method).startTimer();
        }

        /** It was answered so. */
        void end(int status, long bytes) {
            timer.close();
            underWay.labelValues(handler).dec();
            requests.labelValues(Integer.toString(status), handler, method).inc();
            sent.labelValues(handler).inc(bytes);
        }
    }

    Request begin(String handler, String method) {
        return new Request(handler, method);
    }

    /** A scrub has ended. */
    void scrubbed(Scrub.Report report) {
        scrubs.inc();
        damaged.set(report.damaged());
    }

    void collected(Garbage.Report report) {
        collections.inc();
        freed.inc(report.bytes());
    }

    /** All of it in Prometheus' text format. */
    byte[] text() throws IOException {
        var text = new ByteArrayOutputStream();
        PrometheusTextFormatWriter.create().write(text, registry.scrape());
        return text.toByteArray();
    }
}
