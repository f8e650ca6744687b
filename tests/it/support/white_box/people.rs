//! People as the domains above see them: by the conditions and the faces of identity.

use cairn::identity::{
    access::UserId,
    notices::{self, NewNotice},
    people::{Audience, PeopleError, followed_by, visible_to},
    profiles::Username,
};
use cairn::platform::{clock, codec::hex, token};
use sea_orm::{
    FromQueryResult,
    sea_query::{Condition, Expr, Query},
};

use crate::support::{Cairn, Place};

#[derive(FromQueryResult)]
struct Name {
    shown_to_test: String,
}

/// People who were put into the tables, and how they stand to each other.
pub struct Relations<'a>(pub &'a Place);

impl Relations<'_> {
    pub fn user(name: &str) -> UserId {
        UserId::stored(&format!("{name:0>32}"))
    }

    /// A user of that name, with a profile for that audience.
    pub async fn add(&self, name: &str, audience: Audience) {
        let (user, key, number) = (Self::user(name), Username::parse(name).unwrap().key(), audience.number());
        self.0
            .execute_control(&format!(
                r#"INSERT INTO "user" (id, email, email_key, password, epoch, created_at_ms, password_at_ms)
                   VALUES ('{user}', '{name}@example.org', '{name}@example.org', '', 0, 1, 1);
                   INSERT INTO profile (user_id, username, username_key, username_at_ms, audience, created_at_ms)
                   VALUES ('{user}', '{name}', '{key}', 1, {number}, 1)"#
            ))
            .await;
    }

    /// A user of that name who made the account so many days ago, with a profile for everybody; and the token of a session.
    pub async fn signed_in(&self, name: &str, days: i64) -> String {
        self.add(name, Audience::Public).await;
        let (user, now_ms, token) = (Self::user(name), clock::now_ms(), format!("token of {name}"));
        let (made_ms, expires_ms) = (now_ms - days * 86_400_000, now_ms + 86_400_000);
        let digest = hex::of_bytes(&token::digest(&token));
        let digest = if self.0.database_url.is_some() { format!("'\\x{digest}'") } else { format!("X'{digest}'") };
        self.0
            .execute_control(&format!(
                r#"UPDATE "user" SET created_at_ms = {made_ms} WHERE id = '{user}';
                   INSERT INTO user_session (digest, id, "user", epoch, cookie, address, agent, created_at_ms, used_at_ms, expires_at_ms)
                   VALUES ({digest}, '{user}', '{user}', 0, FALSE, '', '', {now_ms}, {now_ms}, {expires_ms})"#
            ))
            .await;
        token
    }

    /// One follows the other.
    pub async fn follow(&self, follower: &str, whom: &str) {
        let (follower, whom) = (Self::user(follower), Self::user(whom));
        self.0.execute_control(&format!("INSERT INTO follow VALUES ('{follower}', '{whom}', 1)")).await;
    }

    /// One has blocked the other.
    pub async fn block(&self, blocker: &str, whom: &str) {
        let (blocker, whom) = (Self::user(blocker), Self::user(whom));
        self.0.execute_control(&format!("INSERT INTO block VALUES ('{blocker}', '{whom}', 1)")).await;
    }
}

impl Cairn {
    /// Whose things of that audience a viewer is shown, in order.
    pub async fn owners_shown(&self, viewer: Option<&UserId>, audience: Audience) -> Vec<String> {
        let owner = Expr::col(("profile", "user_id"));
        self.usernames(visible_to(viewer, owner, Expr::val(audience.number()))).await
    }

    /// Whom a viewer follows, in order.
    pub async fn followed(&self, viewer: &UserId) -> Vec<String> {
        self.usernames(Condition::all().add(followed_by(viewer, Expr::col(("profile", "user_id"))))).await
    }

    async fn usernames(&self, condition: Condition) -> Vec<String> {
        let name = Expr::col(("profile", "username"));
        let select = Query::select().expr_as(name, "shown_to_test").from("profile").cond_where(condition).to_owned();
        let rows: Vec<Name> = self.services().database.control().all(&select).await.unwrap();
        let mut names: Vec<String> = rows.into_iter().map(|row| row.shown_to_test).collect();
        names.sort();
        names
    }

    /// The usernames on the cards that a viewer gets of users, in order.
    pub async fn cards(&self, viewer: Option<&UserId>, users: &[UserId]) -> Vec<String> {
        let cards = self.services().journal.people.cards(viewer, users).await.unwrap();
        let mut names: Vec<String> = cards.into_iter().map(|card| card.username).collect();
        names.sort();
        names
    }

    /// The user whom a viewer finds by a username; nothing where there is none for them.
    pub async fn found(&self, viewer: Option<&UserId>, username: &str) -> Option<UserId> {
        match self.services().journal.people.find(viewer, username).await {
            Ok(user) => Some(user),
            Err(PeopleError::NotFound) => None,
            Err(error) => panic!("{error}"),
        }
    }

    /// Counts the accounts in cells again, as the next day does.
    pub async fn a_day_begins(&self, place: &Place) {
        place.execute_control("UPDATE place_count SET day = 0").await;
        self.services().journal.people.count_accounts_in_cells().await.unwrap();
    }

    /// Tells a user something, as a domain does in a transaction of its own.
    pub async fn tell(&self, notice: &NewNotice<'_>) {
        let control = self.services().database.control();
        let transaction = control.begin().await.unwrap();
        notices::tell(control, &transaction, notice).await.unwrap();
        control.commit(transaction).await.unwrap();
    }
}
