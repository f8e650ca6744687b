//! The routes of titles, which the API calls games: `/api/games`.

use poem_openapi::{OpenApi, param::Path};

use super::{
    model::{Title, TitleError, TitleId, TitleQuery},
    request::{FactsRequest, GameList, MergeRequest, SettleRequest, UnclearList},
    response::{
        GameDecided, GamePageResponse, GameResponse, GamesFound, RecordSettled, UnclearListed, UnclearPageResponse,
        problem,
    },
    service::{Change, Titles},
};
use crate::{
    catalogue::{examples, tags::Tag},
    http::{
        body::JsonBody,
        conditional::{Conditional, IfNoneMatch},
        empty_answer::EmptyAnswer,
        failure::{Conflict, Failure, Forbidden, NotFound},
        no_store::NoStore,
        page::PageRequest,
        params::Params,
        revised::{self, Changed, Created, Deleted, IfMatch},
    },
    identity::access::request::{Session, Viewer},
    platform::page::Page,
};

/// The routes of games. Cheap to clone.
#[derive(Clone, Debug)]
pub struct TitlesApi {
    /// The feature.
    pub titles: Titles,
}

/// The routes of records whose game is unclear. Cheap to clone.
#[derive(Clone, Debug)]
pub struct UnclearTitlesApi {
    /// The feature.
    pub titles: Titles,
}

/// The routes of links to the games of studios. Cheap to clone.
#[derive(Clone, Debug)]
pub struct StudioGamesApi {
    /// The feature.
    pub titles: Titles,
}

async fn shown(titles: &Titles, title: Title) -> Result<GameResponse, TitleError> {
    let games = titles.games_of(&title).await?;
    Ok(GameResponse::new(title, games))
}

#[OpenApi(prefix_path = "/api", tag = "Tag::Games")]
impl TitlesApi {
    /// Search games
    ///
    /// With `q` by name, as somebody types it: accents, case and punctuation don't matter, words may be unfinished, and letters may
    /// be wrong. Without it all games in the order of names. Open to everybody; a user also finds the games that they have added.
    #[oai(path = "/games", method = "get", operation_id = "searchGames")]
    async fn search(
        &self,
        viewer: Viewer,
        query: Params<TitleQuery>,
        page: Params<PageRequest<GameList>>,
    ) -> Result<GamesFound, Failure<NotFound>> {
        let PageRequest { after, limit, .. } = page.0;
        let found = self.titles.search(viewer.user(), &query.0, after, limit).await?;
        Ok(GamesFound::Ok(NoStore(GamePageResponse::from(found))))
    }

    /// Add a game
    ///
    /// Only you see it until an administrator approves it; what an administrator adds is approved at once. A game that has the same
    /// name, year and platform as one that is there is refused.
    #[oai(path = "/games", method = "post", operation_id = "addGame")]
    async fn add(
        &self,
        session: Session,
        body: JsonBody<FactsRequest>,
    ) -> Result<Created<GameResponse>, Failure<(Forbidden, Conflict)>> {
        let (facts, external) = FactsRequest::read(&body.bytes)?;
        let title = self.titles.add(&session.0.user, facts, external.unwrap_or_default()).await?;
        Ok(Created { revision: title.revision, thing: GameResponse::new(title, Vec::new()) })
    }

    /// A game
    ///
    /// The id of a game that was merged into another is answered with the other. Open to everybody; a game that awaits approval is
    /// seen by its author and administrators alone.
    #[oai(path = "/games/:game_id", method = "get", operation_id = "getCatalogueGame")]
    async fn get(
        &self,
        viewer: Viewer,
        /// The game's id.
        #[oai(example = "examples::game_id")]
        game_id: Path<String>,
        if_none_match: IfNoneMatch<'_>,
    ) -> Result<Conditional<GameResponse>, Failure<NotFound>> {
        let title = self.titles.title(viewer.user(), TitleId::parse(&game_id.0)?).await?;
        let revision = title.revision;
        Ok(revised::answer(revision, &shown(&self.titles, title).await?, &if_none_match))
    }

    /// Change a game
    ///
    /// What is absent is removed, but for `external`. For administrators, and for its author until it is approved.
    #[oai(path = "/games/:game_id", method = "put", operation_id = "changeGame")]
    async fn change(
        &self,
        session: Session,
        /// The game's id.
        #[oai(example = "examples::game_id")]
        game_id: Path<String>,
        if_match: IfMatch,
        body: JsonBody<FactsRequest>,
    ) -> Result<Changed<GameResponse>, Failure<(Forbidden, NotFound, Conflict)>> {
        let (id, (facts, external)) = (TitleId::parse(&game_id.0)?, FactsRequest::read(&body.bytes)?);
        let change = Change { allows: &|revision| if_match.allows(revision), facts, external };
        let title = self.titles.change(&session.0.user, id, change).await.map_err(problem)?;
        Ok(Changed { revision: title.revision, thing: shown(&self.titles, title).await? })
    }

    /// Delete a game
    ///
    /// One that nobody has in a library, and that nothing else refers to. For administrators, and for its author until it is
    /// approved.
    #[oai(path = "/games/:game_id", method = "delete", operation_id = "deleteGame")]
    async fn delete(
        &self,
        session: Session,
        /// The game's id.
        #[oai(example = "examples::game_id")]
        game_id: Path<String>,
        if_match: IfMatch,
    ) -> Result<Deleted<GameResponse>, Failure<(Forbidden, NotFound, Conflict)>> {
        let id = TitleId::parse(&game_id.0)?;
        let allows = |revision| if_match.allows(revision);
        self.titles.delete(&session.0.user, id, &allows).await.map_err(problem)?;
        Ok(Deleted::default())
    }

    /// Approve a game
    ///
    /// Everybody sees it from now on, and nobody is its author any more. For administrators.
    #[oai(path = "/games/:game_id/approve", method = "post", operation_id = "approveGame")]
    async fn approve(
        &self,
        session: Session,
        /// The game's id.
        #[oai(example = "examples::game_id")]
        game_id: Path<String>,
    ) -> Result<GameDecided, Failure<(Forbidden, NotFound, Conflict)>> {
        let title = self.titles.approve(&session.0.user, TitleId::parse(&game_id.0)?).await?;
        Ok(GameDecided::Ok(NoStore(shown(&self.titles, title).await?)))
    }

    /// Merge a game into another
    ///
    /// The other learns what the first knew, and answers for its id from now on. For administrators.
    #[oai(path = "/games/:game_id/merge", method = "post", operation_id = "mergeGame")]
    async fn merge(
        &self,
        session: Session,
        /// The game's id.
        #[oai(example = "examples::game_id")]
        game_id: Path<String>,
        body: JsonBody<MergeRequest>,
    ) -> Result<GameDecided, Failure<(Forbidden, NotFound, Conflict)>> {
        let (id, into) = (TitleId::parse(&game_id.0)?, MergeRequest::read(&body.bytes)?);
        let title = self.titles.merge(&session.0.user, id, into).await?;
        Ok(GameDecided::Ok(NoStore(shown(&self.titles, title).await?)))
    }
}

#[OpenApi(prefix_path = "/api", tag = "Tag::Games")]
impl UnclearTitlesApi {
    /// Records whose game is unclear
    ///
    /// What an import or a provider knows of a game that may be one that is here, or another one of its name. For administrators.
    #[oai(path = "/games/unclear", method = "get", operation_id = "listUnclearGames")]
    async fn list(
        &self,
        session: Session,
        page: Params<PageRequest<UnclearList>>,
    ) -> Result<UnclearListed, Failure<Forbidden>> {
        let PageRequest { after, limit, .. } = page.0;
        let (user, after) = (&session.0.user, after.unwrap_or_default());
        let page = self.titles.unclear(user, after, limit).await?;
        let mut items = Vec::with_capacity(page.items.len());
        let candidates: Vec<TitleId> = page.items.iter().flat_map(|record| record.candidates.clone()).collect();
        let cards = self.titles.cards(None, &candidates).await?;
        for record in page.items {
            let its = cards.iter().filter(|card| record.candidates.contains(&card.asked)).cloned().collect();
            items.push((record, its));
        }
        Ok(UnclearListed::Ok(NoStore(UnclearPageResponse::new(after, Page { items, more: page.more }))))
    }

    /// Decide about a record whose game is unclear
    ///
    /// For administrators.
    #[oai(path = "/games/unclear/:record_id", method = "post", operation_id = "settleUnclearGame")]
    async fn settle(
        &self,
        session: Session,
        /// The record's id.
        #[oai(example = "examples::record_id")]
        record_id: Path<String>,
        body: JsonBody<SettleRequest>,
    ) -> Result<RecordSettled, Failure<(Forbidden, NotFound, Conflict)>> {
        let settlement = SettleRequest::read(&body.bytes)?;
        let record = record_id.0.parse().map_err(|_| TitleError::UnclearNotFound)?;
        Ok(match self.titles.settle(&session.0.user, record, settlement).await? {
            Some(title) => RecordSettled::Game(NoStore(shown(&self.titles, title).await?)),
            None => RecordSettled::PutAside,
        })
    }
}

#[OpenApi(prefix_path = "/api", tag = "Tag::Games")]
impl StudioGamesApi {
    /// Say that a studio's game is this game
    ///
    /// In place of what was said before. For owners of the studio.
    #[oai(path = "/games/:game_id/studio-games/:studio/:game", method = "put", operation_id = "linkStudioGame")]
    async fn link(
        &self,
        session: Session,
        /// The game's id.
        #[oai(example = "examples::game_id")]
        game_id: Path<String>,
        /// The studio's name in addresses.
        #[oai(example = "examples::studio")]
        studio: Path<String>,
        /// The name in addresses of the studio's game.
        #[oai(example = "examples::game")]
        game: Path<String>,
    ) -> Result<EmptyAnswer, Failure<(Forbidden, NotFound)>> {
        let id = TitleId::parse(&game_id.0)?;
        self.titles.link_game(&session.0.user, &studio.0, &game.0, id).await?;
        Ok(EmptyAnswer::Done)
    }

    /// Take back that a studio's game is this game
    ///
    /// For owners of the studio.
    #[oai(path = "/games/:game_id/studio-games/:studio/:game", method = "delete", operation_id = "unlinkStudioGame")]
    async fn unlink(
        &self,
        session: Session,
        /// The game's id.
        #[oai(example = "examples::game_id")]
        game_id: Path<String>,
        /// The studio's name in addresses.
        #[oai(example = "examples::studio")]
        studio: Path<String>,
        /// The name in addresses of the studio's game.
        #[oai(example = "examples::game")]
        game: Path<String>,
    ) -> Result<EmptyAnswer, Failure<(Forbidden, NotFound)>> {
        let id = TitleId::parse(&game_id.0)?;
        self.titles.unlink_game(&session.0.user, &studio.0, &game.0, id).await?;
        Ok(EmptyAnswer::Done)
    }
}
