//! The row of a profile, and the conditions of who sees what.
//!
//! The conditions are parts of other statements. `owner` and `audience` there are columns of the statement's own tables, and must
//! name their table: a bare column would mean one of the tables here.

mod fan_in;
mod hiding;

use std::collections::BTreeSet;

use entity::control::identity::{block, follow, former_username, name_word, profile};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityName, EntityTrait, FromQueryResult, QueryTrait, Set,
    sea_query::{
        Alias, CaseStatement, Condition, Expr, ExprTrait, IntoTableRef, OnConflict, Query, SelectStatement, UnionType,
    },
};

pub use self::{
    fan_in::{NewestOf, followed_by_viewer, newest_follows, newest_of_followed, reach, within_reach},
    hiding::{asked_audience, set_audience, set_hidden},
};
use super::model::{Audience, Username, search_words};
use crate::{
    identity::access::UserId,
    platform::{db::Control, error::StoreError},
};

#[derive(FromQueryResult)]
struct UserRow {
    #[expect(dead_code, reason = "the statement returns something")]
    user_id: String,
}

/// The name of the owner's profile in the conditions.
const OWNER: &str = "owner_profile";

fn some<E: EntityName>(entity: E, name: &'static str) -> SelectStatement {
    let table = Alias::new(entity.table_name()).into_table_ref().alias(name);
    Query::select().expr(Expr::val(1)).from(table).to_owned()
}

/// That one user follows another.
#[must_use]
pub fn follows(follower: impl Into<Expr>, whom: impl Into<Expr>) -> Expr {
    let row = some(follow::Entity, "their_follow")
        .and_where(Expr::col(("their_follow", follow::Column::Follower)).eq(follower))
        .and_where(Expr::col(("their_follow", follow::Column::Followed)).eq(whom))
        .to_owned();
    Expr::exists(row)
}

/// That each of two users follows the other.
#[must_use]
pub fn friends(one: &UserId, other: impl Into<Expr>) -> Expr {
    let other = other.into();
    follows(one.as_str(), other.clone()).and(follows(other, one.as_str()))
}

fn blocks(blocker: impl Into<Expr>, whom: impl Into<Expr>) -> Expr {
    let row = some(block::Entity, "their_block")
        .and_where(Expr::col(("their_block", block::Column::Blocker)).eq(blocker))
        .and_where(Expr::col(("their_block", block::Column::Blocked)).eq(whom))
        .to_owned();
    Expr::exists(row)
}

/// That one of two users has blocked the other.
#[must_use]
pub fn blocked_either_way(one: &UserId, other: impl Into<Expr>) -> Expr {
    let other = other.into();
    blocks(one.as_str(), other.clone()).or(blocks(other, one.as_str()))
}

/// Those whom a user has blocked, and those who have blocked them: their ids, some perhaps twice.
#[must_use]
pub fn blocked_with(user: &UserId) -> SelectStatement {
    let others = |other: block::Column, one: block::Column| {
        Query::select()
            .column(("their_block", other))
            .from(Alias::new(block::Entity.table_name()).into_table_ref().alias("their_block"))
            .and_where(Expr::col(("their_block", one)).eq(user.as_str()))
            .to_owned()
    };
    let mut both = others(block::Column::Blocked, block::Column::Blocker);
    both.union(UnionType::All, others(block::Column::Blocker, block::Column::Blocked));
    both
}

/// That something of `owner` with that `audience` is to be shown to the viewer, who is nobody where they are not signed in.
///
/// - The owner sees all of their own.
/// - Where one has blocked the other, neither sees anything of the other's.
/// - Nothing is shown to more people than the owner's profile, and nothing at all of users without a username.
#[must_use]
pub fn visible_to(viewer: Option<&UserId>, owner: impl Into<Expr>, audience: impl Into<Expr>) -> Condition {
    let (owner, audience) = (owner.into(), audience.into());
    let of_owner = || Expr::col((OWNER, profile::Column::UserId)).eq(owner.clone());
    let within = |most: Audience| {
        let profile = Expr::col((OWNER, profile::Column::Audience)).lte(most.number());
        profile.and(audience.clone().lte(most.number()))
    };
    let shown = |condition: Expr| {
        Expr::exists(some(profile::Entity, OWNER).and_where(of_owner()).and_where(condition).to_owned())
    };
    let Some(viewer) = viewer else {
        return Condition::all().add(audience.clone().eq(0)).add(shown(within(Audience::Public)));
    };
    let to_friends = within(Audience::Friends).and(friends(viewer, owner.clone()));
    let to_others = Condition::all()
        .add(blocked_either_way(viewer, owner.clone()).not())
        .add(shown(within(Audience::Public).or(to_friends)));
    Condition::any().add(owner.clone().eq(viewer.as_str())).add(to_others)
}

/// The last audience of which `owner`, another user, shows things to the viewer; lower than all where they show nothing. It says the
/// same as [`visible_to`], once for an owner of many rows: a query of its own, which must not name a column of those rows.
#[must_use]
pub fn reach_of(viewer: &UserId, owner: impl Into<Expr>) -> Expr {
    let owner = owner.into();
    let audience = || Expr::col((OWNER, profile::Column::Audience));
    let is_friend = audience().lte(Audience::Friends.number()).and(friends(viewer, owner.clone()));
    let reach = CaseStatement::new()
        .case(blocked_either_way(viewer, owner.clone()), -1)
        .case(is_friend, Audience::Friends.number())
        .case(audience().lte(Audience::Public.number()), Audience::Public.number())
        .finally(-1);
    let table = Alias::new(profile::Entity.table_name()).into_table_ref().alias(OWNER);
    let of_owner = Expr::col((OWNER, profile::Column::UserId)).eq(owner);
    let reach = Query::select().expr(reach).from(table).and_where(of_owner).to_owned();
    Expr::SubQuery(None, Box::new(reach.into()))
}

/// That the viewer may know of a person: see their username and display name, and follow them. `audience` is that of their
/// profile. One who follows somebody is known to them, so that they can be followed back.
#[must_use]
pub fn known_to(viewer: Option<&UserId>, owner: impl Into<Expr>, audience: impl Into<Expr>) -> Condition {
    let (owner, audience) = (owner.into(), audience.into());
    let is_public = audience.clone().eq(Audience::Public.number());
    let Some(viewer) = viewer else { return Condition::all().add(is_public) };
    let follows_viewer = audience.lte(Audience::Friends.number()).and(follows(owner.clone(), viewer.as_str()));
    let to_others =
        Condition::all().add(is_public.or(follows_viewer)).add(blocked_either_way(viewer, owner.clone()).not());
    Condition::any().add(owner.eq(viewer.as_str())).add(to_others)
}

/// The words by which a person is searched: of the username and the display name.
fn words_of(username: &str, display_name: &str) -> BTreeSet<String> {
    let mut words = search_words(display_name);
    words.extend(search_words(username));
    words.insert(username.to_ascii_lowercase());
    words
}

/// Replaces the words by which a person is searched.
///
/// # Errors
/// [`StoreError`].
pub async fn replace_words(
    control: &Control,
    transaction: &DatabaseTransaction,
    user: &UserId,
    (username, display_name): (&str, &str),
) -> Result<(), StoreError> {
    let of_user = name_word::Column::UserId.eq(user.as_str());
    control.delete(transaction, name_word::Entity, of_user).await?;
    let row = |word: String| name_word::ActiveModel { word: Set(word), user_id: Set(user.as_str().to_owned()) };
    control.insert(transaction, words_of(username, display_name).into_iter().map(row).collect()).await
}

/// Whether a user may take a username: nobody else had it a while ago. Whether somebody has it, its unique index says.
///
/// # Errors
/// [`StoreError`].
pub async fn is_free(
    control: &Control,
    transaction: &DatabaseTransaction,
    user: &UserId,
    username: &Username,
    now_ms: i64,
) -> Result<bool, StoreError> {
    let held = Query::select()
        .column(former_username::Column::UserId)
        .from(control.table(former_username::Entity))
        .and_where(former_username::Column::UsernameKey.eq(username.key()))
        .and_where(former_username::Column::UserId.ne(user.as_str()).or(former_username::Column::Refused.eq(true)))
        .and_where(former_username::Column::UntilMs.gt(now_ms))
        .to_owned();
    Ok(control.returned::<UserRow>(transaction, &held).await?.is_empty())
}

/// Stores the profile of a user who has chosen a username, in the transaction that makes the account or lets them choose. Returns
/// whether it did: the username may be taken.
///
/// # Errors
/// [`StoreError`].
pub async fn insert_profile(
    control: &Control,
    transaction: &DatabaseTransaction,
    user: &UserId,
    username: &Username,
    now_ms: i64,
) -> Result<bool, StoreError> {
    if !is_free(control, transaction, user, username, now_ms).await? {
        return Ok(false);
    }
    let row = profile::ActiveModel {
        user_id: Set(user.as_str().to_owned()),
        username: Set(username.as_str().to_owned()),
        username_key: Set(username.key()),
        // The choice is no change: a mistyped name can be mended.
        username_at_ms: Set(0),
        created_at_ms: Set(now_ms),
        ..profile::ActiveModel::default()
    };
    let mut insert = profile::Entity::insert(row).into_query();
    insert
        .into_table(control.table(profile::Entity))
        .on_conflict(OnConflict::column(profile::Column::UsernameKey).do_nothing().to_owned());
    if control.execute(transaction, &insert).await? == 0 {
        return Ok(false);
    }
    replace_words(control, transaction, user, (username.as_str(), "")).await?;
    Ok(true)
}
