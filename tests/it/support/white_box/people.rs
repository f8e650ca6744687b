//! People as the domains above see them: by the conditions and the faces of identity.

use cairn::identity::{
    access::UserId,
    notices::{self, NewNotice},
    people::{Audience, PeopleError, followed_by, visible_to},
    profiles::Username,
};
use sea_orm::{
    FromQueryResult,
    sea_query::{Condition, Expr, Query},
};

use crate::support::{Cairn, Place};

#[derive(FromQueryResult)]
struct Name {
    username: String,
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
        let select = Query::select().column(("profile", "username")).from("profile").cond_where(condition).to_owned();
        let rows: Vec<Name> = self.services().database.control().all(&select).await.unwrap();
        let mut names: Vec<String> = rows.into_iter().map(|row| row.username).collect();
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

    /// Tells a user something, as a domain does in a transaction of its own.
    pub async fn tell(&self, notice: &NewNotice<'_>) {
        let control = self.services().database.control();
        let transaction = control.begin().await.unwrap();
        notices::tell(control, &transaction, notice).await.unwrap();
        control.commit(transaction).await.unwrap();
    }
}
