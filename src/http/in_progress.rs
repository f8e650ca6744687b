//! Limits of requests in progress by network, around the routes that have them: those that wait, and those that cost much.
//!
//! Of what one network asks, so much at most is answered at the same time, and another network's requests find their turn.

use std::{sync::Arc, time::Duration};

use poem::{Endpoint, Middleware, Request, Response, Result, http::Method};

use super::{client::Client, problem::Problem, route_pattern};
use crate::platform::network_shares::NetworkShares;

/// After this time a refused client tries again.
const TRY_AGAIN: Duration = Duration::from_secs(1);

/// Routes of which a network has so many requests in progress at most.
#[derive(Debug)]
pub struct InProgressClass {
    /// Names the limit in `RateLimit`.
    pub name: &'static str,
    /// The problem of one more request.
    pub refusal: fn() -> Problem,
    /// The routes.
    pub routes: Vec<(Method, &'static str)>,
    /// The requests of each network that are in progress.
    pub shares: NetworkShares,
}

/// Limits the requests in progress of the routes of these classes.
#[derive(Clone, Debug)]
pub struct InProgress(pub Arc<[InProgressClass]>);

impl<E: Endpoint<Output = Response>> Middleware<E> for InProgress {
    type Output = InProgressLimited<E>;

    fn transform(&self, inner: E) -> InProgressLimited<E> {
        InProgressLimited { inner, classes: Arc::clone(&self.0) }
    }
}

/// An endpoint of some of whose routes a network has so many requests in progress at most.
#[derive(Debug)]
pub struct InProgressLimited<E> {
    inner: E,
    classes: Arc<[InProgressClass]>,
}

impl<E: Endpoint<Output = Response>> Endpoint for InProgressLimited<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> Result<Response> {
        let (method, path) = (request.method(), request.uri().path());
        let is_it = |(of, route): &(Method, &str)| of == method && route_pattern::matches(route, path);
        let Some(class) = self.classes.iter().find(|class| class.routes.iter().any(is_it)) else {
            return self.inner.call(request).await;
        };
        let share = class
            .shares
            .take(Client::address_of(&request)?, 1)
            .ok_or_else(|| (class.refusal)().with_exhausted_limit(class.name, TRY_AGAIN))?;
        let answer = self.inner.call(request).await;
        drop(share);
        answer
    }
}
