//! Metrics of requests: how many were answered, with which status, and how fast.

use std::time::Duration;

use crate::platform::metrics::{Counter, CounterVec, Histogram, HistogramVec, MetricsError, Registry, SECONDS};

/// Counts and times requests. Cheap to clone.
#[derive(Clone, Debug)]
pub struct RequestMetrics {
    requests: CounterVec,
    seconds: HistogramVec,
}

/// The metrics of one route whose answers are 200 or 304.
#[derive(Debug)]
pub struct RouteMetrics {
    ok: Counter,
    not_modified: Counter,
    seconds: Histogram,
}

impl RequestMetrics {
    /// Registers the metrics.
    ///
    /// # Errors
    /// [`MetricsError`].
    pub fn register(registry: &Registry) -> Result<Self, MetricsError> {
        let help = "Requests answered, by method, route template and status.";
        let requests = registry.counter_vec("cairn_http_requests_total", help, &["method", "route", "status"])?;
        let help = "Time from a request's headers to its answer.";
        let seconds = registry.histogram_vec("cairn_http_request_seconds", help, &SECONDS, &["route"])?;
        Ok(Self { requests, seconds })
    }

    /// Counts a request that was answered.
    pub fn answered(&self, method: &str, route: &str, status: u16, took: Duration) {
        // A client may send any text as method; each distinct label value would be kept for ever.
        let method = match method {
            "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS" => method,
            _ => "other",
        };
        self.requests.with_label_values(&[method, route, &status.to_string()]).inc();
        self.seconds.with_label_values(&[route]).observe(took.as_secs_f64());
    }

    /// The metrics of one route, so that they need not be looked up for each request.
    #[must_use]
    pub fn route(&self, method: &str, route: &str) -> RouteMetrics {
        let requests = |status: &str| self.requests.with_label_values(&[method, route, status]);
        let seconds = self.seconds.with_label_values(&[route]);
        RouteMetrics { ok: requests("200"), not_modified: requests("304"), seconds }
    }
}

impl RouteMetrics {
    /// Counts a request that was answered.
    pub fn answered(&self, status: u16, took: Duration) {
        let requests = if status == 304 { &self.not_modified } else { &self.ok };
        requests.inc();
        self.seconds.observe(took.as_secs_f64());
    }
}
