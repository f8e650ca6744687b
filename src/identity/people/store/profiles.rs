//! The SQL of profiles.

use entity::control::identity::{follow, former_username, profile, user};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, QueryTrait, Set, SqlErr,
    sea_query::{Condition, Expr, ExprTrait, LockType, OnConflict, Query},
};

use super::{Store, UserRow, of_profile};
use crate::{
    identity::{
        access::{ModerationReason, UserId},
        people::model::{
            FoundBy, Language, MailDigest, OwnProfile, PeopleError, Person, Preferences, ProfileChange, Relation, Theme,
        },
        profiles::{
            PersonCard, Username, asked_audience, insert_profile, is_free, known_to, replace_words, set_audience,
            visible_to,
        },
    },
    platform::{error::StoreError, named::Named},
};

/// The number by which a member of a closed set is stored: its place in the set. New members go to the end.
fn number<E: Named + PartialEq>(member: E) -> i16 {
    let at = E::MEMBERS.iter().position(|known| *known == member);
    at.and_then(|at| i16::try_from(at).ok()).unwrap_or_default()
}

fn member<E: Named + Default>(number: i16) -> E {
    let at = usize::try_from(number).ok();
    at.and_then(|at| E::MEMBERS.get(at)).copied().unwrap_or_default()
}

fn some(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

fn languages(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

impl From<profile::Model> for OwnProfile {
    fn from(row: profile::Model) -> Self {
        Self {
            username: row.username,
            username_at_ms: row.username_at_ms,
            display_name: some(row.display_name),
            bio: row.bio,
            languages: languages(&row.languages),
            audience: asked_audience(row.audience, row.audience_asked),
            hidden: row.hidden.map(ModerationReason::stored),
            found_by: FoundBy {
                name: row.found_by_name,
                place: row.found_by_place,
                statistics: row.found_by_statistics,
            },
            preferences: Preferences {
                theme: member::<Theme>(row.theme),
                language: some(row.language),
                currency: some(row.currency),
                mail: member::<MailDigest>(row.mail),
            },
            revision: row.revision,
        }
    }
}

/// Maps a violated unique constraint: another has the username.
fn username_taken(error: StoreError) -> PeopleError {
    match &error {
        StoreError::InvalidRow(cause) if matches!(cause.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) => {
            PeopleError::UsernameTaken
        }
        _ => error.into(),
    }
}

impl Store {
    /// The profile of a user; `None` where they have no username yet.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn own_profile(&self, user: &UserId) -> Result<Option<OwnProfile>, StoreError> {
        let of_user = profile::Column::UserId.eq(user.as_str());
        let select = self.control.select::<profile::Entity>().and_where(of_user).to_owned();
        let row: Option<profile::Model> = self.control.all(&select).await?.pop();
        Ok(row.map(OwnProfile::from))
    }

    /// The person of that username, as the viewer sees them; `None` where they are hidden from the viewer.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn person(&self, viewer: Option<&UserId>, username: &Username) -> Result<Option<Person>, StoreError> {
        let audience = || of_profile(profile::Column::Audience);
        let user = || of_profile(profile::Column::UserId);
        let named = profile::Column::UsernameKey.eq(username.key());
        let whole: Condition = visible_to(viewer, user(), audience());
        let select = self
            .control
            .select::<profile::Entity>()
            .and_where(named)
            .cond_where(known_to(viewer, user(), audience()))
            .to_owned();
        let rows: Vec<profile::Model> = self.control.all(&select).await?;
        let Some(row) = rows.into_iter().find(|row| username.is(&row.username)) else { return Ok(None) };
        let owner = UserId::stored(&row.user_id);
        let is_whole = Query::select()
            .column(("profile", profile::Column::UserId))
            .from(self.control.table(profile::Entity))
            .and_where(profile::Column::UserId.eq(owner.as_str()))
            .cond_where(whole)
            .to_owned();
        let is_whole = !self.control.all::<UserRow>(&is_whole).await?.is_empty();
        let relation = match viewer {
            Some(viewer) if *viewer != owner => Some(self.relation(viewer, &owner).await?),
            _ => None,
        };
        let shown = |text: String| if is_whole { text } else { String::new() };
        Ok(Some(Person {
            card: PersonCard { user: owner, username: row.username, display_name: some(row.display_name) },
            bio: shown(row.bio),
            languages: languages(&shown(row.languages)),
            relation,
            revision: row.revision,
        }))
    }

    async fn relation(&self, viewer: &UserId, other: &UserId) -> Result<Relation, StoreError> {
        let between = |follower: &UserId, whom: &UserId| {
            follow::Column::Follower.eq(follower.as_str()).and(follow::Column::Followed.eq(whom.as_str()))
        };
        let select = self
            .control
            .select::<follow::Entity>()
            .and_where(between(viewer, other).or(between(other, viewer)))
            .to_owned();
        let rows: Vec<follow::Model> = self.control.all(&select).await?;
        let is_by = |user: &UserId| rows.iter().any(|row| row.follower == user.as_str());
        Ok(Relation { follows: is_by(viewer), is_followed: is_by(other) })
    }

    /// Replaces the profile of a user, or makes it with the username. `may_rename` says from the time of the last change whether
    /// the username may be changed; the old one is kept from others until `held_until_ms`.
    ///
    /// # Errors
    /// [`PeopleError`].
    pub async fn replace_profile(
        &self,
        user: &UserId,
        change: &ProfileChange,
        now_ms: i64,
        held_until_ms: i64,
        may_rename: impl Fn(i64) -> Result<(), PeopleError>,
    ) -> Result<OwnProfile, PeopleError> {
        let transaction = self.control.begin().await?;
        if !self.lock_user(&transaction, user).await? {
            return Err(PeopleError::Gone);
        }
        let of_user = || profile::Column::UserId.eq(user.as_str());
        let find = self.control.select::<profile::Entity>().and_where(of_user()).to_owned();
        let before: Option<profile::Model> = self.control.returned(&transaction, &find).await?.pop();
        let (mut username, mut username_at_ms) = match (&before, &change.username) {
            (Some(before), _) => (before.username.clone(), before.username_at_ms),
            (None, None) => return Err(PeopleError::UsernameNeeded),
            (None, Some(first)) => {
                if !insert_profile(&self.control, &transaction, user, first, now_ms).await? {
                    return Err(PeopleError::UsernameTaken);
                }
                (first.as_str().to_owned(), 0)
            }
        };
        if let Some(wanted) = change.username.as_ref().filter(|wanted| wanted.as_str() != username) {
            may_rename(username_at_ms)?;
            if !is_free(&self.control, &transaction, user, wanted, now_ms).await? {
                return Err(PeopleError::UsernameTaken);
            }
            if let Some(before) = &before {
                self.hold_username(&transaction, user, &before.username_key, held_until_ms).await?;
            }
            (username, username_at_ms) = (wanted.as_str().to_owned(), now_ms);
        }
        let display_name = change.display_name.as_ref().map_or("", |name| name.as_str());
        let preferences = &change.preferences;
        let tags: Vec<&str> = change.languages.iter().map(Language::as_str).collect();
        let mut update = Query::update();
        update
            .table(self.control.table(profile::Entity))
            .value(profile::Column::DisplayName, display_name)
            .value(profile::Column::Bio, change.bio.as_str())
            .value(profile::Column::Languages, tags.join(" "))
            .value(profile::Column::FoundByName, change.found_by.name)
            .value(profile::Column::FoundByPlace, change.found_by.place)
            .value(profile::Column::FoundByStatistics, change.found_by.statistics)
            .value(profile::Column::Theme, number(preferences.theme))
            .value(profile::Column::Language, preferences.language.clone().unwrap_or_default())
            .value(profile::Column::Currency, preferences.currency.clone().unwrap_or_default())
            .value(profile::Column::Mail, number(preferences.mail))
            .value(profile::Column::Revision, Expr::col(profile::Column::Revision).add(1))
            .and_where(of_user());
        set_audience(&mut update, change.audience);
        if let Some(wanted) = &change.username {
            update
                .value(profile::Column::Username, username.as_str())
                .value(profile::Column::UsernameKey, wanted.key())
                .value(profile::Column::UsernameAtMs, username_at_ms);
        }
        self.control.execute(&transaction, &update).await.map_err(username_taken)?;
        replace_words(&self.control, &transaction, user, (&username, display_name)).await?;
        let after: Option<profile::Model> = self.control.returned(&transaction, &find).await?.pop();
        self.control.commit(transaction).await?;
        after.map(OwnProfile::from).ok_or(PeopleError::Gone)
    }

    /// Keeps a username that a user gives up from others for a while.
    async fn hold_username(
        &self,
        transaction: &DatabaseTransaction,
        user: &UserId,
        key: &str,
        until_ms: i64,
    ) -> Result<(), StoreError> {
        let row = former_username::ActiveModel {
            username_key: Set(key.to_owned()),
            user_id: Set(user.as_str().to_owned()),
            until_ms: Set(until_ms),
            refused: Set(false),
        };
        let replace = OnConflict::column(former_username::Column::UsernameKey)
            .update_columns([former_username::Column::UserId, former_username::Column::UntilMs])
            .to_owned();
        let mut insert = former_username::Entity::insert(row).into_query();
        insert.into_table(self.control.table(former_username::Entity)).on_conflict(replace);
        self.control.execute(transaction, &insert).await?;
        Ok(())
    }

    /// Locks the row of a user until the transaction ends; whether there is one.
    pub(super) async fn lock_user(&self, transaction: &DatabaseTransaction, user: &UserId) -> Result<bool, StoreError> {
        let lock = Query::select()
            .expr_as(Expr::col(user::Column::Id), "user_id")
            .from(self.control.table(user::Entity))
            .and_where(user::Column::Id.eq(user.as_str()))
            .lock(LockType::Update)
            .to_owned();
        Ok(!self.control.returned::<UserRow>(transaction, &lock).await?.is_empty())
    }
}
