//! The route of discovery: `/api/games/discover`.

use poem_openapi::OpenApi;

use super::{
    model::DiscoveryError,
    request::DiscoveryQuery,
    response::{DiscoveredResponse, GamesDiscovered},
    service::Discovery,
};
use crate::{
    catalogue::tags::Tag,
    http::{failure::Failure, no_store::NoStore, params::Params},
    identity::access::request::Session,
    platform::error::Fault,
};

/// The route of discovery. Cheap to clone.
#[derive(Clone, Debug)]
pub struct DiscoveryApi {
    /// The feature.
    pub discovery: Discovery,
}

#[OpenApi(prefix_path = "/api", tag = "Tag::Games")]
impl DiscoveryApi {
    /// Look for games that are not here yet
    ///
    /// At RAWG, where this server has a key. The answer is what is known of the search, at once; the provider is asked meanwhile, and
    /// what it knows comes into the catalogue. Search here first (`GET /api/games`): the provider's requests are counted. Without a
    /// key the answer is 503 `rawg_key_missing`.
    #[oai(path = "/games/discover", method = "get", operation_id = "discoverGames")]
    async fn discover(&self, session: Session, query: Params<DiscoveryQuery>) -> Result<GamesDiscovered, Failure> {
        let missing = || DiscoveryError::Invalid(vec![Fault::new("?q", "is missing")]);
        let query = query.0.0.ok_or_else(missing)?;
        let found = self.discovery.look_for(&session.0.user, &query).await?;
        Ok(GamesDiscovered::Ok(NoStore(DiscoveredResponse::from(found))))
    }
}
