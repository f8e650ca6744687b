//! The fast path: responses that are ready are sent without going through the framework.
//!
//! Most requests read a scope whose snapshot is cached. For those, the framework's own work (routing, extractors, boxed
//! futures) is two thirds of all instructions (docs/adr/0006-shortcut.md). A request that the fast path does not know,
//! or for which it would have to wait, takes the normal path. Both end in the same envelope.

use std::{fmt, net::SocketAddr, sync::Arc};

use poem::http::{Method, Uri};

use super::{
    cacheable::BytesResponse,
    envelope::Settings,
    header_lines::{HeaderLines, Lines},
    metrics::RouteMetrics,
};

/// The response to a GET of a path, if it is ready.
pub type TryAnswer = dyn Fn(&Uri, &HeaderLines<'_>) -> Option<BytesResponse> + Send + Sync;

/// A path whose responses may be ready.
struct FastRoute {
    path: &'static str,
    try_answer: Box<TryAnswer>,
    metrics: RouteMetrics,
}

/// The paths whose responses may be ready. Cheap to clone.
#[derive(Clone)]
pub struct FastPath {
    routes: Arc<[FastRoute]>,
    envelope: Arc<Settings>,
}

impl fmt::Debug for FastPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let paths: Vec<&str> = self.routes.iter().map(|route| route.path).collect();
        f.debug_struct("FastPath").field("paths", &paths).finish_non_exhaustive()
    }
}

impl FastPath {
    /// A fast path for GETs of these paths, whose responses get that envelope.
    #[must_use]
    pub fn new(routes: Vec<(&'static str, Box<TryAnswer>)>, envelope: Arc<Settings>) -> Self {
        let metrics = |path| envelope.metrics.route(Method::GET.as_str(), path);
        let route = |(path, try_answer)| FastRoute { path, try_answer, metrics: metrics(path) };
        Self { routes: routes.into_iter().map(route).collect(), envelope }
    }

    /// The response, if it is ready.
    #[must_use]
    pub fn answer(
        &self,
        method: &Method,
        uri: &Uri,
        headers: &HeaderLines<'_>,
        peer: SocketAddr,
    ) -> Option<BytesResponse> {
        if method != Method::GET {
            return None;
        }
        let route = self.routes.iter().find(|route| route.path == uri.path())?;
        // Rare: the envelope compares it.
        if headers.if_match != Lines::Missing {
            return None;
        }
        let info = self.envelope.begin(method, headers, Some(peer.ip()));
        let mut response = (route.try_answer)(uri, headers)?;
        let status = response.status().as_u16();
        let took = self.envelope.finish(info, route.path, status, response.headers_mut());
        route.metrics.answered(status, took);
        Some(response)
    }
}
