//! The SQL of what moderators decide about people. What changes something is part of the caller's transaction.

use entity::control::identity::{former_username, profile, user};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, FromQueryResult, QueryTrait, Set,
    sea_query::{Expr, ExprTrait, OnConflict, Order, Query, SelectStatement},
};

use super::model::{ModeratedPerson, Names, Powers};
use crate::{
    identity::{
        access::{Ban, ModerationReason, UserId},
        profiles::{PersonCard, Username, replace_words, set_hidden},
    },
    platform::{db::Control, error::StoreError},
};

/// Until when others may not have a username that was taken away: for good.
const FOR_GOOD: i64 = i64::MAX;

#[derive(FromQueryResult)]
struct PowersRow {
    administrator: bool,
    moderator: bool,
}

#[derive(FromQueryResult)]
struct BanRow {
    banned_until_ms: Option<i64>,
    ban_reason: Option<i16>,
}

#[derive(FromQueryResult)]
struct SinceRow {
    id: String,
    created_at_ms: i64,
    banned_until_ms: Option<i64>,
    ban_reason: Option<i16>,
}

#[derive(FromQueryResult)]
struct FoundRow {
    user_id: String,
    username: String,
}

#[derive(FromQueryResult)]
struct PersonRow {
    user_id: String,
    username: String,
    display_name: String,
    bio: String,
    revision: i64,
    hidden: Option<i16>,
    administrator: bool,
    moderator: bool,
    banned_until_ms: Option<i64>,
    ban_reason: Option<i16>,
}

impl From<PersonRow> for ModeratedPerson {
    fn from(row: PersonRow) -> Self {
        let display_name = Some(row.display_name).filter(|name| !name.is_empty());
        Self {
            card: PersonCard { user: UserId::stored(&row.user_id), username: row.username, display_name },
            bio: row.bio,
            revision: row.revision,
            hidden: row.hidden.map(ModerationReason::stored),
            ban: Ban::stored(row.banned_until_ms, row.ban_reason),
            powers: Powers { administrator: row.administrator, moderator: row.moderator },
        }
    }
}

fn of_user(column: user::Column) -> Expr {
    Expr::col(("user", column))
}

fn of_profile(column: profile::Column) -> Expr {
    Expr::col(("profile", column))
}

/// What a user may do with what others write.
///
/// # Errors
/// [`StoreError`].
pub async fn powers(control: &Control, user: &UserId) -> Result<Powers, StoreError> {
    let select = Query::select()
        .columns([user::Column::Administrator, user::Column::Moderator])
        .from(control.table(user::Entity))
        .and_where(user::Column::Id.eq(user.as_str()))
        .to_owned();
    let row: Option<PowersRow> = control.all(&select).await?.pop();
    let powers = |row: PowersRow| Powers { administrator: row.administrator, moderator: row.moderator };
    Ok(row.map(powers).unwrap_or_default())
}

fn people(control: &Control) -> SelectStatement {
    Query::select()
        .columns(
            [
                profile::Column::UserId,
                profile::Column::Username,
                profile::Column::DisplayName,
                profile::Column::Bio,
                profile::Column::Revision,
                profile::Column::Hidden,
            ]
            .map(|column| ("profile", column)),
        )
        .columns(
            [
                user::Column::Administrator,
                user::Column::Moderator,
                user::Column::BannedUntilMs,
                user::Column::BanReason,
            ]
            .map(|column| ("user", column)),
        )
        .from(control.table(profile::Entity))
        .inner_join(control.table(user::Entity), of_user(user::Column::Id).equals(("profile", profile::Column::UserId)))
        .to_owned()
}

/// These people, as moderators see them, whatever they show to others. Who has no username yet is left out.
///
/// # Errors
/// [`StoreError`].
pub async fn moderated(control: &Control, users: &[UserId]) -> Result<Vec<ModeratedPerson>, StoreError> {
    if users.is_empty() {
        return Ok(Vec::new());
    }
    let these = of_profile(profile::Column::UserId).is_in(users.iter().map(UserId::as_str));
    let rows: Vec<PersonRow> = control.all(people(control).and_where(these)).await?;
    Ok(rows.into_iter().map(ModeratedPerson::from).collect())
}

/// A person, as moderators see them, within a transaction.
///
/// # Errors
/// [`StoreError`].
pub async fn moderated_in(
    control: &Control,
    transaction: &DatabaseTransaction,
    user: &UserId,
) -> Result<Option<ModeratedPerson>, StoreError> {
    let this = of_profile(profile::Column::UserId).eq(user.as_str());
    let row: Option<PersonRow> = control.returned(transaction, people(control).and_where(this)).await?.pop();
    Ok(row.map(ModeratedPerson::from))
}

/// Since when these users have accounts (Unix time in ms), without those who are banned.
///
/// # Errors
/// [`StoreError`].
pub async fn since(
    control: &Control,
    transaction: &DatabaseTransaction,
    users: &[UserId],
) -> Result<Vec<(UserId, i64)>, StoreError> {
    let select = Query::select()
        .columns([user::Column::Id, user::Column::CreatedAtMs, user::Column::BannedUntilMs, user::Column::BanReason])
        .from(control.table(user::Entity))
        .and_where(user::Column::Id.is_in(users.iter().map(UserId::as_str)))
        .to_owned();
    let rows: Vec<SinceRow> = control.returned(transaction, &select).await?;
    let free = rows.into_iter().filter(|row| Ban::stored(row.banned_until_ms, row.ban_reason).is_none());
    Ok(free.map(|row| (UserId::stored(&row.id), row.created_at_ms)).collect())
}

/// All who were made moderators or administer the installation, by username.
///
/// # Errors
/// [`StoreError`].
pub async fn moderators(control: &Control) -> Result<Vec<ModeratedPerson>, StoreError> {
    let of_power = |is: Expr| people(control).and_where(is).to_owned();
    let mut rows: Vec<PersonRow> = control.all(&of_power(of_user(user::Column::Moderator))).await?;
    rows.extend(control.all::<PersonRow>(&of_power(of_user(user::Column::Administrator))).await?);
    rows.sort_by(|one, other| one.username.cmp(&other.username));
    rows.dedup_by(|one, other| one.user_id == other.user_id);
    Ok(rows.into_iter().map(ModeratedPerson::from).collect())
}

/// The user of that username, whatever they show to others.
///
/// # Errors
/// [`StoreError`].
pub async fn find_person(control: &Control, username: &str) -> Result<Option<UserId>, StoreError> {
    let Ok(username) = Username::parse(username) else { return Ok(None) };
    let select = Query::select()
        .columns([profile::Column::UserId, profile::Column::Username])
        .from(control.table(profile::Entity))
        .and_where(profile::Column::UsernameKey.eq(username.key()))
        .order_by(profile::Column::UserId, Order::Asc)
        .to_owned();
    let rows: Vec<FoundRow> = control.all(&select).await?;
    Ok(rows.into_iter().find(|row| username.is(&row.username)).map(|row| UserId::stored(&row.user_id)))
}

/// Makes somebody a moderator, or one no longer; whether that changed anything.
///
/// # Errors
/// [`StoreError`].
pub async fn set_moderator(
    control: &Control,
    transaction: &DatabaseTransaction,
    user: &UserId,
    moderates: bool,
) -> Result<bool, StoreError> {
    let update = Query::update()
        .table(control.table(user::Entity))
        .value(user::Column::Moderator, moderates)
        .and_where(user::Column::Id.eq(user.as_str()))
        .and_where(user::Column::Moderator.eq(!moderates))
        .to_owned();
    Ok(control.execute(transaction, &update).await? > 0)
}

/// Bans somebody, or ends the ban; returns the ban that there was.
///
/// # Errors
/// [`StoreError`].
pub async fn ban(
    control: &Control,
    transaction: &DatabaseTransaction,
    user: &UserId,
    ban: Option<Ban>,
) -> Result<Option<Ban>, StoreError> {
    let of_user = || user::Column::Id.eq(user.as_str());
    let before = Query::select()
        .columns([user::Column::BannedUntilMs, user::Column::BanReason])
        .from(control.table(user::Entity))
        .and_where(of_user())
        .to_owned();
    let before: Option<BanRow> = control.returned(transaction, &before).await?.pop();
    let update = Query::update()
        .table(control.table(user::Entity))
        .value(user::Column::BannedUntilMs, ban.map(Ban::stored_until_ms))
        .value(user::Column::BanReason, ban.map(|ban| ban.reason.number()))
        .and_where(of_user())
        .to_owned();
    control.execute(transaction, &update).await?;
    Ok(before.and_then(|row| Ban::stored(row.banned_until_ms, row.ban_reason)))
}

async fn own_profile(
    control: &Control,
    transaction: &DatabaseTransaction,
    user: &UserId,
) -> Result<Option<profile::Model>, StoreError> {
    let of_user = profile::Column::UserId.eq(user.as_str());
    let select = control.select::<profile::Entity>().and_where(of_user).to_owned();
    Ok(control.returned(transaction, &select).await?.pop())
}

/// Hides somebody's profile, and with it all that is theirs, or shows it again.
///
/// # Errors
/// [`StoreError`].
pub async fn hide_profile(
    control: &Control,
    transaction: &DatabaseTransaction,
    user: &UserId,
    hidden: Option<ModerationReason>,
) -> Result<(), StoreError> {
    let mut update = Query::update();
    update
        .table(control.table(profile::Entity))
        .value(profile::Column::Revision, Expr::col(profile::Column::Revision).add(1))
        .and_where(profile::Column::UserId.eq(user.as_str()));
    set_hidden(&mut update, hidden);
    control.execute(transaction, &update).await.map(drop)
}

/// Sets the names of somebody.
async fn set_names(
    control: &Control,
    transaction: &DatabaseTransaction,
    user: &UserId,
    (username, key): (&str, &str),
    Names { username_at_ms, display_name, .. }: &Names,
) -> Result<(), StoreError> {
    let update = Query::update()
        .table(control.table(profile::Entity))
        .value(profile::Column::Username, username)
        .value(profile::Column::UsernameKey, key)
        .value(profile::Column::UsernameAtMs, *username_at_ms)
        .value(profile::Column::DisplayName, display_name.as_str())
        .value(profile::Column::Revision, Expr::col(profile::Column::Revision).add(1))
        .and_where(profile::Column::UserId.eq(user.as_str()))
        .to_owned();
    control.execute(transaction, &update).await?;
    replace_words(control, transaction, user, (username, display_name)).await
}

/// Takes somebody's username and display name away; returns them. Nobody may have the username from now on.
///
/// # Errors
/// [`StoreError`].
pub async fn clear_names(
    control: &Control,
    transaction: &DatabaseTransaction,
    user: &UserId,
) -> Result<Option<Names>, StoreError> {
    let Some(before) = own_profile(control, transaction, user).await? else { return Ok(None) };
    let row = former_username::ActiveModel {
        username_key: Set(before.username_key.clone()),
        user_id: Set(user.as_str().to_owned()),
        until_ms: Set(FOR_GOOD),
        refused: Set(true),
    };
    let replace = OnConflict::column(former_username::Column::UsernameKey)
        .update_columns([
            former_username::Column::UserId,
            former_username::Column::UntilMs,
            former_username::Column::Refused,
        ])
        .to_owned();
    let mut insert = former_username::Entity::insert(row).into_query();
    insert.into_table(control.table(former_username::Entity)).on_conflict(replace);
    control.execute(transaction, &insert).await?;
    // The end of the id is random, so nobody else has it.
    let digits: String = user.as_str().chars().filter(char::is_ascii_alphanumeric).collect();
    let username = format!("user-{}", digits.get(digits.len().saturating_sub(16)..).unwrap_or(&digits));
    let key = Username::parse(&username).map_or_else(|_| username.clone(), |username| username.key());
    let nothing = Names { username: username.clone(), username_at_ms: 0, display_name: String::new() };
    set_names(control, transaction, user, (&username, &key), &nothing).await?;
    Ok(Some(Names {
        username: before.username,
        username_at_ms: before.username_at_ms,
        display_name: before.display_name,
    }))
}

/// Gives somebody back the names that were taken from them.
///
/// # Errors
/// [`StoreError`].
pub async fn give_back_names(
    control: &Control,
    transaction: &DatabaseTransaction,
    user: &UserId,
    names: &Names,
) -> Result<(), StoreError> {
    let Ok(username) = Username::parse(&names.username) else { return Ok(()) };
    let held =
        former_username::Column::UsernameKey.eq(username.key()).and(former_username::Column::UserId.eq(user.as_str()));
    control.delete(transaction, former_username::Entity, held).await?;
    set_names(control, transaction, user, (username.as_str(), &username.key()), names).await
}

/// Takes away what somebody says of themselves; returns it.
///
/// # Errors
/// [`StoreError`].
pub async fn clear_bio(
    control: &Control,
    transaction: &DatabaseTransaction,
    user: &UserId,
) -> Result<Option<String>, StoreError> {
    let before = own_profile(control, transaction, user).await?.map(|row| row.bio);
    give_back_bio(control, transaction, user, "").await?;
    Ok(before)
}

/// Sets what somebody says of themselves.
///
/// # Errors
/// [`StoreError`].
pub async fn give_back_bio(
    control: &Control,
    transaction: &DatabaseTransaction,
    user: &UserId,
    bio: &str,
) -> Result<(), StoreError> {
    let update = Query::update()
        .table(control.table(profile::Entity))
        .value(profile::Column::Bio, bio)
        .value(profile::Column::Revision, Expr::col(profile::Column::Revision).add(1))
        .and_where(profile::Column::UserId.eq(user.as_str()))
        .to_owned();
    control.execute(transaction, &update).await.map(drop)
}
