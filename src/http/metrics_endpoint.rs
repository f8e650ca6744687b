//! `GET /metrics`, on a listener of its own: for Prometheus, not for the public.

use std::sync::Arc;

use poem::{Endpoint, Response, Route, get, http::StatusCode};

use crate::platform::metrics::MetricsError;

/// Renders all metrics; passed in by the application.
pub type Render = Arc<dyn Fn() -> Result<String, MetricsError> + Send + Sync>;

/// Prometheus' text format, version 0.0.4.
const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// The listener's only route.
#[must_use]
pub fn endpoint(render: Render) -> impl Endpoint + 'static {
    Route::new().at(
        "/metrics",
        get(poem::endpoint::make_sync(move |_| match render() {
            Ok(text) => Response::builder().content_type(TEXT).body(text),
            Err(error) => {
                tracing::error!(%error, "rendering the metrics failed");
                Response::builder().status(StatusCode::INTERNAL_SERVER_ERROR).finish()
            }
        })),
    )
}
