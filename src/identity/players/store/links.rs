//! The SQL of links of players to accounts. They are in the control tables, with the accounts.

use entity::control::identity::{game, link_code, player_link, studio, user};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, FromQueryResult, QueryTrait, Set,
    sea_query::{Expr, ExprTrait, LockType, OnConflict, Order, Query},
};

use super::{Store, stored_id};
use crate::{
    identity::{
        access::{Environment, Player, UserId},
        accounts::LinkedPlayer,
        players::model::PlayerError,
    },
    platform::{clock, db::StudioId, error::StoreError},
};

/// Players that an account may have: few enough that one answer can list them.
const MAX_PLAYERS: usize = 200;

#[derive(FromQueryResult)]
struct PlayerRow {
    studio: i32,
    world: i32,
    player: String,
}

#[derive(FromQueryResult)]
struct UserRow {
    user: String,
}

#[derive(FromQueryResult)]
struct IdRow {
    #[expect(dead_code, reason = "the statement returns something")]
    id: String,
}

#[derive(FromQueryResult)]
struct LinkedRow {
    studio_id: i32,
    player: String,
    world: i32,
    linked_at_ms: i64,
    studio: String,
    game: String,
    live_world: i32,
}

fn is_player(player: &Player) -> Expr {
    player_link::Column::Studio
        .eq(player.studio.0)
        .and(player_link::Column::World.eq(player.world))
        .and(player_link::Column::Player.eq(player.id.to_string()))
}

impl Store {
    /// Stores the code of a player in place of the earlier one, and deletes expired codes of all players.
    ///
    /// # Errors
    /// The studio does not exist any more, or [`StoreError`].
    pub async fn replace_link_code(
        &self,
        player: &Player,
        digest: [u8; 32],
        expires_at_ms: i64,
    ) -> Result<(), StoreError> {
        let control = self.database.control();
        let transaction = control.begin().await?;
        let theirs = link_code::Column::Studio
            .eq(player.studio.0)
            .and(link_code::Column::World.eq(player.world))
            .and(link_code::Column::Player.eq(player.id.to_string()));
        let obsolete = theirs.or(link_code::Column::ExpiresAtMs.lte(clock::now_ms()));
        control.delete(&transaction, link_code::Entity, obsolete).await?;
        let row = link_code::ActiveModel {
            studio: Set(player.studio.0),
            world: Set(player.world),
            player: Set(player.id.to_string()),
            digest: Set(digest.to_vec()),
            expires_at_ms: Set(expires_at_ms),
        };
        // Of two codes for a player at once, one replaces the other.
        let replace =
            OnConflict::columns([link_code::Column::Studio, link_code::Column::World, link_code::Column::Player])
                .update_columns([link_code::Column::Digest, link_code::Column::ExpiresAtMs])
                .to_owned();
        let mut insert = link_code::Entity::insert(row).into_query();
        insert.into_table(control.table(link_code::Entity)).on_conflict(replace);
        control.execute(&transaction, &insert).await?;
        control.commit(transaction).await
    }

    /// Links the player of a code to an account, and deletes the code. Changes nothing where they are linked already. Returns
    /// the player.
    ///
    /// # Errors
    /// [`PlayerError::LinkCodeInvalid`], [`PlayerError::LinkedToAnotherAccount`], [`PlayerError::TooManyLinks`], or [`StoreError`].
    pub async fn link(&self, digest: [u8; 32], user: &UserId) -> Result<Player, PlayerError> {
        let control = self.database.control();
        let now_ms = clock::now_ms();
        let transaction = control.begin().await?;
        self.lock_user(&transaction, user).await?;
        // Of two concurrent requests only one deletes the code.
        let mut delete = Query::delete();
        delete
            .from_table(control.table(link_code::Entity))
            .and_where(link_code::Column::Digest.eq(digest.to_vec()))
            .and_where(link_code::Column::ExpiresAtMs.gt(now_ms))
            .returning(Query::returning().columns([
                link_code::Column::Studio,
                link_code::Column::World,
                link_code::Column::Player,
            ]));
        let deleted: Vec<PlayerRow> = control.returned(&transaction, &delete).await?;
        let row = deleted.into_iter().next().ok_or(PlayerError::LinkCodeInvalid)?;
        let player = Player { studio: StudioId(row.studio), world: row.world, id: stored_id(&row.player) };
        let insert = Query::insert()
            .into_table(control.table(player_link::Entity))
            .columns([
                player_link::Column::Studio,
                player_link::Column::World,
                player_link::Column::Player,
                player_link::Column::User,
                player_link::Column::LinkedAtMs,
            ])
            .values_panic([row.studio.into(), row.world.into(), row.player.into(), user.as_str().into(), now_ms.into()])
            .on_conflict(OnConflict::new().do_nothing().to_owned())
            .to_owned();
        control.execute(&transaction, &insert).await?;
        let owner = Query::select()
            .column(player_link::Column::User)
            .from(control.table(player_link::Entity))
            .and_where(is_player(&player))
            .to_owned();
        let owner: Vec<UserRow> = control.returned(&transaction, &owner).await?;
        if owner.first().is_none_or(|row| row.user != user.as_str()) {
            return Err(PlayerError::LinkedToAnotherAccount);
        }
        let all = Query::select()
            .column(player_link::Column::User)
            .from(control.table(player_link::Entity))
            .and_where(player_link::Column::User.eq(user.as_str()))
            .to_owned();
        if control.returned::<UserRow>(&transaction, &all).await?.len() > MAX_PLAYERS {
            return Err(PlayerError::TooManyLinks(MAX_PLAYERS.try_into().unwrap_or(u64::MAX)));
        }
        control.commit(transaction).await?;
        Ok(player)
    }

    /// Deletes a link; returns whether there was one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn unlink(&self, user: &UserId, player: &str) -> Result<bool, StoreError> {
        let control = self.database.control();
        let transaction = control.begin().await?;
        let matches = player_link::Column::User.eq(user.as_str()).and(player_link::Column::Player.eq(player));
        let deleted = control.delete(&transaction, player_link::Entity, matches).await?;
        control.commit(transaction).await?;
        Ok(deleted > 0)
    }

    /// Whether a player belongs to an account.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn is_linked(&self, player: &Player) -> Result<bool, StoreError> {
        let control = self.database.control();
        let owner = Query::select()
            .column(player_link::Column::User)
            .from(control.table(player_link::Entity))
            .and_where(is_player(player))
            .to_owned();
        Ok(!control.all::<UserRow>(&owner).await?.is_empty())
    }

    /// The players of an account, in the order in which they were linked; without their display names, which are in the tables
    /// of their studios.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn linked_players(&self, user: &UserId) -> Result<Vec<(Player, LinkedPlayer)>, StoreError> {
        let control = self.database.control();
        let link = |column| Expr::col(("player_link", column));
        let its_studio = link(player_link::Column::Studio).equals(("studio", studio::Column::Id));
        let its_world = Expr::col(("game", game::Column::LiveWorld))
            .equals(("player_link", player_link::Column::World))
            .or(Expr::col(("game", game::Column::DevWorld)).equals(("player_link", player_link::Column::World)));
        let its_game = Expr::col(("game", game::Column::Studio))
            .equals(("player_link", player_link::Column::Studio))
            .and(its_world);
        let select = Query::select()
            .columns(
                [player_link::Column::Player, player_link::Column::World, player_link::Column::LinkedAtMs]
                    .map(|column| ("player_link", column)),
            )
            .expr_as(link(player_link::Column::Studio), "studio_id")
            .expr_as(Expr::col(("studio", studio::Column::Slug)), "studio")
            .expr_as(Expr::col(("game", game::Column::Slug)), "game")
            .column(("game", game::Column::LiveWorld))
            .from(control.table(player_link::Entity))
            .inner_join(control.table(studio::Entity), its_studio)
            .inner_join(control.table(game::Entity), its_game)
            .and_where(link(player_link::Column::User).eq(user.as_str()))
            .order_by(("player_link", player_link::Column::LinkedAtMs), Order::Asc)
            .order_by(("player_link", player_link::Column::Player), Order::Asc)
            .to_owned();
        let rows: Vec<LinkedRow> = control.all(&select).await?;
        let linked = |row: LinkedRow| {
            let player = Player { studio: StudioId(row.studio_id), world: row.world, id: stored_id(&row.player) };
            let linked = LinkedPlayer {
                player: row.player,
                display_name: None,
                studio: row.studio,
                game: row.game,
                environment: if row.world == row.live_world { Environment::Live } else { Environment::Dev },
                linked_at_ms: row.linked_at_ms,
            };
            (player, linked)
        };
        Ok(rows.into_iter().map(linked).collect())
    }

    /// Locks the row of a user until the transaction ends, so that no other request links a player to the account while its
    /// players are counted.
    async fn lock_user(&self, transaction: &DatabaseTransaction, user: &UserId) -> Result<(), PlayerError> {
        let control = self.database.control();
        let lock = Query::select()
            .column(user::Column::Id)
            .from(control.table(user::Entity))
            .and_where(user::Column::Id.eq(user.as_str()))
            .lock(LockType::Update)
            .to_owned();
        let rows: Vec<IdRow> = control.returned(transaction, &lock).await?;
        rows.first().map(drop).ok_or(PlayerError::NotFound)
    }
}
