//! The use cases of people: profiles, follows and blocks here; [`places`], the search and the export in their own files.

mod export;
mod places;
mod search;

use std::time::Duration;

use super::{
    model::{FollowList, ListedPerson, OwnProfile, PeopleError, Person, ProfileChange, USERNAME_KEPT},
    store::{StatisticsPort, Store},
};
use crate::{
    identity::{
        access::UserId,
        profiles::{PersonCard, Username},
    },
    platform::{clock, db::Control, page::Page, tasks::Tasks},
};

/// People as others see them. Cheap to clone.
#[derive(Clone, Debug)]
pub struct People {
    store: Store,
}

/// The time until something that was done at `last_ms` may be done again; `None` where it may be now.
fn wait(last_ms: i64, pause: Duration, now_ms: i64) -> Option<Duration> {
    let left_ms = last_ms.saturating_add(clock::ms(pause)).saturating_sub(now_ms);
    u64::try_from(left_ms).ok().filter(|left| *left > 0).map(Duration::from_millis)
}

impl People {
    /// Starts the feature and its background task over the control database; the port knows what libraries hold.
    #[must_use]
    pub fn start(control: Control, statistics: StatisticsPort, tasks: &Tasks) -> Self {
        let people = Self { store: Store::new(control, statistics) };
        tasks.spawn_until_stop("count accounts in places", people.clone().count_daily());
        people
    }

    /// What the viewer, who is nobody where they are not signed in, is shown of these users. Who is hidden from them is left out.
    ///
    /// # Errors
    /// [`PeopleError::Store`].
    pub async fn cards(&self, viewer: Option<&UserId>, users: &[UserId]) -> Result<Vec<PersonCard>, PeopleError> {
        if users.is_empty() {
            return Ok(Vec::new());
        }
        Ok(self.store.cards(viewer, users).await?)
    }

    /// The user of that username, in any case.
    ///
    /// # Errors
    /// [`PeopleError::NotFound`], whether nobody has that name or they are hidden from the viewer; or [`PeopleError::Store`].
    pub async fn find(&self, viewer: Option<&UserId>, username: &str) -> Result<UserId, PeopleError> {
        let username = parse(username)?;
        let found = self.store.find(viewer, &username).await?;
        found.map(|card| card.user).ok_or(PeopleError::NotFound)
    }

    /// The person of that username, as the viewer sees them.
    ///
    /// # Errors
    /// As [`People::find`].
    pub async fn person(&self, viewer: Option<&UserId>, username: &str) -> Result<Person, PeopleError> {
        let username = parse(username)?;
        self.store.person(viewer, &username).await?.ok_or(PeopleError::NotFound)
    }

    /// A user's own profile; `None` where they have chosen no username yet.
    ///
    /// # Errors
    /// [`PeopleError::Store`].
    pub async fn own_profile(&self, user: &UserId) -> Result<Option<OwnProfile>, PeopleError> {
        Ok(self.store.own_profile(user).await?)
    }

    /// Replaces a user's profile, or makes it with the username that they choose.
    ///
    /// # Errors
    /// [`PeopleError::UsernameNeeded`], [`PeopleError::UsernameTaken`], [`PeopleError::UsernameChangedLately`],
    /// [`PeopleError::Gone`], or [`PeopleError::Store`].
    pub async fn replace_profile(&self, user: &UserId, change: &ProfileChange) -> Result<OwnProfile, PeopleError> {
        let now_ms = clock::now_ms();
        let may_rename = |last_ms| match wait(last_ms, USERNAME_KEPT, now_ms) {
            None => Ok(()),
            Some(wait) => Err(PeopleError::UsernameChangedLately(wait)),
        };
        let held_until_ms = now_ms.saturating_add(clock::ms(USERNAME_KEPT));
        self.store.replace_profile(user, change, now_ms, held_until_ms, may_rename).await
    }

    /// Makes a user follow the person of that username.
    ///
    /// # Errors
    /// As [`People::find`]; [`PeopleError::Oneself`], [`PeopleError::UsernameNeeded`], [`PeopleError::TooManyFollows`].
    pub async fn follow(&self, user: &UserId, username: &str) -> Result<(), PeopleError> {
        let whom = self.find(Some(user), username).await?;
        if whom == *user {
            return Err(PeopleError::Oneself);
        }
        self.store.follow(user, &whom, clock::now_ms()).await
    }

    /// Makes a user follow the person of that username no longer; whether they did is not told.
    ///
    /// # Errors
    /// [`PeopleError::Store`].
    pub async fn unfollow(&self, user: &UserId, username: &str) -> Result<(), PeopleError> {
        match parse(username) {
            Ok(username) => Ok(self.store.unfollow(user, &username).await?),
            Err(_) => Ok(()),
        }
    }

    /// A page of one of a user's lists, the newest first.
    ///
    /// # Errors
    /// [`PeopleError::Store`].
    pub async fn follows(
        &self,
        user: &UserId,
        list: FollowList,
        after: Option<&(i64, String)>,
        limit: usize,
    ) -> Result<Page<ListedPerson>, PeopleError> {
        Ok(self.store.follows(user, list, after, limit).await?)
    }

    /// Blocks the person of that username, who may be blocked already.
    ///
    /// # Errors
    /// As [`People::find`]; [`PeopleError::Oneself`], [`PeopleError::TooManyBlocks`].
    pub async fn block(&self, user: &UserId, username: &str) -> Result<(), PeopleError> {
        if self.store.has_blocked(user, &parse(username)?).await? {
            return Ok(());
        }
        let whom = self.find(Some(user), username).await?;
        if whom == *user {
            return Err(PeopleError::Oneself);
        }
        self.store.block(user, &whom, clock::now_ms()).await
    }

    /// Blocks the person of that username no longer; whether they were blocked is not told.
    ///
    /// # Errors
    /// [`PeopleError::Store`].
    pub async fn unblock(&self, user: &UserId, username: &str) -> Result<(), PeopleError> {
        match parse(username) {
            Ok(username) => Ok(self.store.unblock(user, &username).await?),
            Err(_) => Ok(()),
        }
    }

    /// A page of the people whom a user has blocked, by username.
    ///
    /// # Errors
    /// [`PeopleError::Store`].
    pub async fn blocks(
        &self,
        user: &UserId,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Page<ListedPerson>, PeopleError> {
        Ok(self.store.blocks(user, after, limit).await?)
    }
}

/// A username in an address: text that can be none is nobody's.
fn parse(username: &str) -> Result<Username, PeopleError> {
    Username::parse(username).map_err(|_| PeopleError::NotFound)
}
