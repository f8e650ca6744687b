//! The short way: an answer that is at hand, given before the framework is asked.
//!
//! Most requests look at a place of which a ready snapshot is at hand. For those the framework's own work (routing,
//! extractors, boxed futures) is two thirds of all instructions (docs/adr/0006-fast_path.md). What a fast_path does not know,
//! or would have to wait for, goes the usual way; both end in the same envelope.

use std::{fmt, net::SocketAddr, sync::Arc};

use poem::http::{HeaderMap, Method, Uri};

use super::{cacheable::Made, envelope::Settings, metrics::RouteMetrics};

/// The answer to a GET of a path, if it is at hand.
pub type AtHand = dyn Fn(&Uri, &HeaderMap) -> Option<Made> + Send + Sync;

/// A path whose answers may be at hand.
struct Way {
    path: &'static str,
    try_get: Box<AtHand>,
    metrics: RouteMetrics,
}

/// The paths whose answers may be at hand. Cheap to clone.
#[derive(Clone)]
pub struct FastPath {
    ways: Arc<[Way]>,
    envelope: Arc<Settings>,
}

impl fmt::Debug for FastPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let paths: Vec<&str> = self.ways.iter().map(|way| way.path).collect();
        f.debug_struct("FastPath").field("paths", &paths).finish_non_exhaustive()
    }
}

impl FastPath {
    /// For GETs of these paths, within that envelope.
    #[must_use]
    pub fn new(ways: Vec<(&'static str, Box<AtHand>)>, envelope: Arc<Settings>) -> Self {
        let metrics = |path| envelope.metrics.route(Method::GET.as_str(), path);
        let way = |(path, try_get)| Way { path, try_get, metrics: metrics(path) };
        Self { ways: ways.into_iter().map(way).collect(), envelope }
    }

    /// The answer, if it is at hand.
    #[must_use]
    pub fn answer(&self, method: &Method, uri: &Uri, headers: &HeaderMap, peer: SocketAddr) -> Option<Made> {
        if method != Method::GET {
            return None;
        }
        let way = self.ways.iter().find(|way| way.path == uri.path())?;
        let asked = self.envelope.asked(method, headers, Some(peer.ip()));
        let mut answer = (way.try_get)(uri, headers)?;
        let status = answer.status().as_u16();
        let took = self.envelope.seal(asked, way.path, status, answer.headers_mut());
        way.metrics.answered(status, took);
        Some(answer)
    }
}
