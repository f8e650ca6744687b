//! The moves of hosts and guests: each is one transaction on the locked challenge.

use super::{Challenges, check_place, check_time, clock::CLOCK};
use crate::{
    identity::access::UserId,
    journal::challenges::{
        ACCEPTED,
        model::{
            Asked, By, Challenge, ChallengeError, ChallengeId, ChallengeWithCards, Details, GuestState, MAX_MOVES,
            Update, joined, moments,
            table::{Action, Relation, allows, is_for_hosts},
        },
        store::Locked,
    },
    platform::{
        clock as time,
        db::DatabaseTransaction,
        error::StoreError,
        jobs::{self, Queued},
    },
};

impl Challenges {
    /// Locks a challenge, and settles what time has settled; returns it with the moment of the move, which no other has.
    async fn locked(
        &self,
        transaction: &DatabaseTransaction,
        id: ChallengeId,
    ) -> Result<(Locked, i64), ChallengeError> {
        let locked = self.0.store.lock(transaction, id, self.0.settings.offered_for).await?;
        let mut locked = locked.ok_or(ChallengeError::NotFound)?;
        let now_ms = time::now_ms().max(locked.changed_at_ms + 1);
        locked.roster.settle(now_ms);
        Ok((locked, now_ms))
    }

    async fn commit(&self, transaction: DatabaseTransaction, queued: Vec<Queued>) -> Result<(), StoreError> {
        self.0.store.control().commit(transaction).await?;
        for job in queued {
            job.wake().await;
        }
        Ok(())
    }

    /// Does with a challenge what somebody asks for.
    ///
    /// # Errors
    /// [`ChallengeError`].
    pub async fn make_move(
        &self,
        user: &UserId,
        id: ChallengeId,
        asked: Asked,
    ) -> Result<ChallengeWithCards, ChallengeError> {
        let Asked { action, guests, brings } = asked;
        let seen = self.0.store.one(Some(user), id).await?.ok_or(ChallengeError::NotFound)?;
        let is_host = seen.host.as_ref() == Some(user);
        match (is_host, is_for_hosts(action)) {
            (true, false) => return Err(ChallengeError::Oneself),
            (false, true) => return Err(ChallengeError::HostOnly),
            _ => {}
        }
        let users = match action {
            Action::Invite => self.known(user, &guests, "/guests").await?,
            Action::Remove | Action::NoShow | Action::ShowedUp => self.named(user, &guests).await?,
            _ => Vec::new(),
        };
        if action == Action::Accept {
            self.check_is_known(user, &seen).await?;
        }
        let control = self.0.store.control();
        let transaction = control.begin().await?;
        if action == Action::Invite {
            // First of all, as where a challenge is made: who waits for one row of a host holds no other.
            self.count_invitations(&transaction, user, users.len()).await?;
        }
        let (mut locked, now_ms) = self.locked(&transaction, id).await?;
        if matches!(action, Action::Accept | Action::Invite) && locked.revision >= MAX_MOVES {
            return Err(ChallengeError::TooManyMoves);
        }
        let roster = &mut locked.roster;
        let made = match action {
            Action::Accept => roster.accept(user, joined(&brings), now_ms),
            Action::Decline => roster.decline(user, now_ms),
            Action::Invite => roster.invite(&users, now_ms).map(drop),
            Action::Remove => roster.remove(&users, now_ms),
            Action::NoShow => roster.mark(&users, false, now_ms),
            Action::ShowedUp => roster.mark(&users, true, now_ms),
            Action::Complete => roster.complete(By::Host, now_ms),
            // It has a route of its own.
            Action::Cancel | Action::Change => roster.cancel(By::Host, now_ms),
        };
        made.map_err(|refused| ChallengeError::refused(refused, &guests.join(", ")))?;
        if action == Action::Accept
            && locked.roster.guest(user).is_some_and(|guest| guest.state == GuestState::Accepted)
            && let Some(host) = &locked.host
        {
            self.0.store.tell(&transaction, (host, ACCEPTED, Some(user)), id, None).await?;
        }
        let queued = self.write(&transaction, &locked, now_ms).await?;
        self.commit(transaction, queued).await?;
        self.one(Some(user), id).await
    }

    /// The users of these names, whom the host can see.
    async fn named(&self, host: &UserId, names: &[String]) -> Result<Vec<UserId>, ChallengeError> {
        let mut users = Vec::with_capacity(names.len());
        for name in names {
            users.push(self.0.people.find(Some(host), name).await?);
        }
        Ok(users)
    }

    /// Refuses a guest whom the host could not see.
    async fn check_is_known(&self, user: &UserId, seen: &Challenge) -> Result<(), ChallengeError> {
        let Some(host) = &seen.host else { return Ok(()) };
        let cards = self.0.people.cards(Some(host), std::slice::from_ref(user)).await?;
        if cards.is_empty() { Err(ChallengeError::ProfileHidden) } else { Ok(()) }
    }

    /// The challenge of a host, or why it is not theirs to change.
    async fn own(&self, host: &UserId, id: ChallengeId) -> Result<ChallengeWithCards, ChallengeError> {
        let shown = self.one(Some(host), id).await?;
        if shown.is_own { Ok(shown) } else { Err(ChallengeError::HostOnly) }
    }

    /// Replaces what a host has decided, if `may_change` says so of the revision. Without a place it stays where it is.
    ///
    /// # Errors
    /// [`ChallengeError::Stale`] with the challenge as it is, or another.
    pub async fn change(
        &self,
        host: &UserId,
        id: ChallengeId,
        may_change: impl Fn(i64) -> bool + Send,
        mut details: Details,
    ) -> Result<ChallengeWithCards, ChallengeError> {
        let before = self.own(host, id).await?;
        if let Some(title) = &before.title {
            check_place(before.challenge.session_type, &details, title)?;
        }
        if let Some(venue) = &mut details.venue {
            venue.cell = venue.cell.or(before.challenge.cell);
        }
        let sealed = self.sealed(&details)?;
        let address = details.venue.as_ref().and_then(|venue| venue.address.as_ref());
        let area = details.venue.as_ref().map(|venue| &venue.area);
        let old = &before.challenge;
        let is_elsewhere = old.area.as_ref() != area || before.address.as_ref() != address;
        let is_moved = old.starts_at_ms != details.starts_at_ms || old.zone != details.zone || is_elsewhere;
        let control = self.0.store.control();
        let transaction = control.begin().await?;
        let (mut locked, now_ms) = self.locked(&transaction, id).await?;
        if !may_change(locked.revision) {
            drop(transaction);
            return Err(ChallengeError::Stale(Box::new(self.one(Some(host), id).await?)));
        }
        if locked.starts_at_ms != details.starts_at_ms {
            check_time(details.starts_at_ms, now_ms)?;
        }
        let capacity = usize::try_from(details.capacity).unwrap_or_default();
        let decided = (capacity, details.audience, details.starts_at_ms);
        locked.roster.change(decided, now_ms).map_err(|refused| ChallengeError::refused(refused, ""))?;
        if locked.revision >= MAX_MOVES {
            return Err(ChallengeError::TooManyMoves);
        }
        if is_moved {
            locked.roster.news.push(Update::Changed);
        }
        let [remind_ms, ..] = moments(details.starts_at_ms);
        let has_new_time = locked.starts_at_ms != details.starts_at_ms;
        let is_reminded = if has_new_time { remind_ms <= now_ms } else { locked.is_reminded };
        self.0.store.replace(&transaction, id, &details, sealed.as_deref(), is_reminded).await?;
        let mut queued = self.write(&transaction, &locked, now_ms).await?;
        if has_new_time {
            queued.extend(self.ask_for_moments(&transaction, id, details.starts_at_ms).await?);
        }
        self.commit(transaction, queued).await?;
        if has_new_time {
            // What it was asked for before would find nothing to do.
            let keys = moments(locked.starts_at_ms).map(|at_ms| Self::clock_key(id, at_ms));
            let now = moments(details.starts_at_ms).map(|at_ms| Self::clock_key(id, at_ms));
            let old: Vec<String> = keys.into_iter().filter(|key| !now.contains(key)).collect();
            jobs::withdraw(control, CLOCK.name, &old).await?;
        }
        self.one(Some(host), id).await
    }

    /// Calls a challenge of a host off, or deletes it where it is over, if `may_change` says so of the revision.
    ///
    /// # Errors
    /// [`ChallengeError::Stale`] with the challenge as it is, or another.
    pub async fn delete(
        &self,
        host: &UserId,
        id: ChallengeId,
        may_change: impl Fn(i64) -> bool + Send,
    ) -> Result<(), ChallengeError> {
        self.own(host, id).await?;
        let transaction = self.0.store.control().begin().await?;
        let (mut locked, now_ms) = self.locked(&transaction, id).await?;
        if !may_change(locked.revision) {
            drop(transaction);
            return Err(ChallengeError::Stale(Box::new(self.one(Some(host), id).await?)));
        }
        if !allows(Relation::Host, Action::Cancel, locked.roster.phase(now_ms)) {
            self.0.store.delete(&transaction, id).await?;
            return Ok(self.commit(transaction, Vec::new()).await?);
        }
        locked.roster.cancel(By::Host, now_ms).map_err(|refused| ChallengeError::refused(refused, ""))?;
        let queued = self.write(&transaction, &locked, now_ms).await?;
        Ok(self.commit(transaction, queued).await?)
    }

    /// Before an account is deleted: calls off what is open of a host, so that its guests are told, and takes a guest out of what is
    /// open, so that their place is offered to others. The rest goes with the account.
    ///
    /// # Errors
    /// [`ChallengeError`].
    pub async fn leave_all(&self, user: &UserId) -> Result<(), ChallengeError> {
        for id in self.0.store.open_of(user).await? {
            let transaction = self.0.store.control().begin().await?;
            let (mut locked, now_ms) = self.locked(&transaction, id).await?;
            if locked.roster.cancel(By::Server, now_ms).is_err() {
                continue;
            }
            let queued = self.write(&transaction, &locked, now_ms).await?;
            self.0.store.release(&transaction, id, now_ms).await?;
            self.commit(transaction, queued).await?;
        }
        for id in self.0.store.open_with(user).await? {
            let transaction = self.0.store.control().begin().await?;
            let (mut locked, now_ms) = self.locked(&transaction, id).await?;
            if locked.roster.decline(user, now_ms).is_err() {
                continue;
            }
            let queued = self.write(&transaction, &locked, now_ms).await?;
            self.commit(transaction, queued).await?;
        }
        Ok(())
    }
}
