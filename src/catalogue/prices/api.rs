//! The route of prices: `/api/games/{game_id}/prices`.

use poem_openapi::{OpenApi, param::Path};

use super::{model::PriceError, request::PriceQuery, response::PricesResponse, service::Prices};
use crate::{
    catalogue::{examples, tags::Tag, titles::TitleId},
    http::{
        conditional::{Conditional, IfNoneMatch},
        failure::{Failure, NotFound},
        params::Params,
        revised,
    },
    identity::access::request::Viewer,
};

/// The route of prices. Cheap to clone.
#[derive(Clone, Debug)]
pub struct PricesApi {
    /// The feature.
    pub prices: Prices,
}

#[OpenApi(prefix_path = "/api", tag = "Tag::Games")]
impl PricesApi {
    /// What a game costs
    ///
    /// In stores for computers, in US dollars, euros and Romanian lei. The answer is what is known, at once: what is old is asked for
    /// meanwhile, and `state` says so. Open to everybody who sees the game.
    #[oai(path = "/games/:game_id/prices", method = "get", operation_id = "getGamePrices")]
    async fn get(
        &self,
        viewer: Viewer,
        /// The game's id.
        #[oai(example = "examples::game_id")]
        game_id: Path<String>,
        query: Params<PriceQuery>,
        if_none_match: IfNoneMatch<'_>,
    ) -> Result<Conditional<PricesResponse>, Failure<NotFound>> {
        let id = TitleId::parse(&game_id.0).map_err(PriceError::from)?;
        let sheet = self.prices.of(viewer.user(), id).await?;
        let response = PricesResponse::new(&sheet, &query.0.currencies);
        Ok(revised::answer(sheet.known.checked_ms, &response, &if_none_match))
    }
}
