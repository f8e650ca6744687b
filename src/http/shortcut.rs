//! The short way: an answer that is at hand, given before the framework is asked.
//!
//! Most requests look at a place of which a ready snapshot is at hand. For those the framework's own work (routing,
//! extractors, boxed futures) is two thirds of all instructions (docs/adr/0006-shortcut.md). What a shortcut does not know,
//! or would have to wait for, goes the usual way; both end in the same envelope.

use std::{fmt, net::SocketAddr, sync::Arc};

use poem::{
    Response,
    http::{HeaderMap, Method, Uri},
};

use super::envelope::Settings;
use crate::platform::metrics::Answered;

/// The answer to a GET of one path, if it is at hand.
pub type AtHand = dyn Fn(&Uri, &HeaderMap) -> Option<Response> + Send + Sync;

/// A path whose answers may be at hand.
#[derive(Clone)]
pub struct Shortcut {
    path: &'static str,
    at_hand: Arc<AtHand>,
    envelope: Arc<Settings>,
    answered: Arc<Answered>,
}

impl fmt::Debug for Shortcut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shortcut").field("path", &self.path).finish_non_exhaustive()
    }
}

impl Shortcut {
    /// For GETs of `path`, within that envelope.
    pub fn new(path: &'static str, at_hand: Arc<AtHand>, envelope: Arc<Settings>) -> Self {
        let answered = Arc::new(envelope.metrics.route(Method::GET.as_str(), path));
        Self { path, at_hand, envelope, answered }
    }

    /// The answer, if it is at hand.
    #[must_use]
    pub fn answer(&self, method: &Method, uri: &Uri, headers: &HeaderMap, peer: SocketAddr) -> Option<Response> {
        if method != Method::GET || uri.path() != self.path {
            return None;
        }
        let asked = self.envelope.asked(method, headers, Some(peer.ip()));
        let mut response = (self.at_hand)(uri, headers)?;
        let took = self.envelope.seal(&asked, self.path, &mut response);
        self.answered.count(response.status().as_u16(), took);
        Some(response)
    }
}
