//! The routes of maps.

use poem_openapi::{ApiResponse, OpenApi, param::Path};

use super::{
    model::{HiddenFilter, MapQuery},
    request::Scopes,
    response::{MapResponse, ScopesResponse},
    service::Maps,
};
use crate::{
    http::{failure::Failure, no_store::NoStore, page::PageRequest, params::Params, problem::Problem},
    identity::{
        access::{Permission, StudioAccess, request::StudioCaller},
        studios::StudioError,
    },
    traces::tags::Tag,
    worlds::{ScopeKey, WorldKey},
};

/// The routes of maps. Cheap to clone.
#[derive(Clone, Debug)]
pub struct MapsApi {
    /// The service.
    pub maps: Maps,
}

/// The access of a caller who may see the worlds of the game of that name from above: any member of the studio, what players see;
/// who moderates, everything. A key that only reads ships inside games, and sees no more than they do.
fn access_to<'a>(caller: &'a StudioCaller, game: &str, hidden: HiddenFilter) -> Result<&'a StudioAccess, Problem> {
    let is_enough = caller.is_member() && hidden == HiddenFilter::Visible;
    let access = caller.require(if is_enough { Permission::Read } else { Permission::Moderate })?;
    if *game == *access.game { Ok(access) } else { Err(StudioError::GameNotFound(game.to_owned()).into()) }
}

#[OpenApi(prefix_path = "/v1", tag = "Tag::Traces")]
impl MapsApi {
    /// List the scopes of a world
    ///
    /// With how many traces each has. Needs a secret key of the game with the permission `moderate`, or a member's session.
    #[oai(path = "/games/:game/scopes", method = "get", operation_id = "listScopes")]
    async fn scopes(
        &self,
        caller: StudioCaller,
        /// The game's name in addresses.
        #[oai(example = "example_game")]
        game: Path<String>,
        page: Params<PageRequest<Scopes>>,
    ) -> Result<ScopesAnswer, Failure> {
        let access = access_to(&caller, &game.0, HiddenFilter::Visible)?;
        let page = page.0;
        let limit = u64::try_from(page.limit).unwrap_or(u64::MAX).saturating_add(1);
        let world = WorldKey::new(access.studio, access.world);
        let scopes = self.maps.scopes(world, page.after.as_ref(), limit).await?;
        let after = page.after.as_ref().map(ScopeKey::as_str);
        Ok(ScopesAnswer::Page(NoStore(ScopesResponse::new(scopes, after, page.limit))))
    }

    /// Get the map of a scope
    ///
    /// The traces of a scope, counted in the cells of a grid, with a histogram of when they were left. Where there are few, they
    /// are named one by one too. Traces of groups are among them. Of a kind at most the newest 100,000 are looked at. Needs a secret key of
    /// the game with the permission `moderate`, or a member's session.
    #[oai(path = "/games/:game/map", method = "get", operation_id = "getScopeMap")]
    async fn map(
        &self,
        caller: StudioCaller,
        /// The game's name in addresses.
        #[oai(example = "example_game")]
        game: Path<String>,
        query: Params<MapQuery>,
    ) -> Result<MapAnswer, Failure> {
        let query = query.0;
        let access = access_to(&caller, &game.0, query.shown)?;
        let map = self.maps.map(WorldKey::new(access.studio, access.world), &query).await?;
        Ok(MapAnswer::Map(NoStore(MapResponse::new(&query, map))))
    }
}

#[derive(ApiResponse)]
enum ScopesAnswer {
    /// A page of scopes.
    #[oai(status = 200)]
    Page(NoStore<ScopesResponse>),
}

#[derive(ApiResponse)]
enum MapAnswer {
    /// The map.
    #[oai(status = 200)]
    Map(NoStore<MapResponse>),
}

fn example_game() -> String {
    "climb".to_owned()
}
