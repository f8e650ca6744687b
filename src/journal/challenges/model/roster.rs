//! A challenge with its guests in memory, as a transaction has locked it: every move, and what time does, as pure rules.
//!
//! - A place is taken by who has accepted, and kept for whom it was offered to. More are never taken than there are.
//! - A place that is free is offered to who has waited longest, until a deadline: half of the time that is left at most.
//! - The state of an open challenge follows from its guests. What its time has come for is settled before each move, however late the
//!   job is that does it.

use std::time::Duration;

use super::{
    ChallengeState, GuestState, MAX_GUESTS,
    guest::{By, Guest, Move, Update, What},
    table::{Action, Phase, Relation, allows},
};
use crate::{
    identity::{access::UserId, people::Audience},
    platform::clock,
};

/// Why a move is not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Not in this state.
    NotNow(Phase),
    /// The guest is none, or in another state.
    NotThisGuest,
    /// It has as many guests as one may.
    TooManyGuests,
    /// More places are taken or kept than there would be.
    PlacesTaken,
}

/// A challenge with its guests.
#[derive(Clone, Debug)]
pub struct Roster {
    /// What has become of it.
    pub state: ChallengeState,
    /// Who may come without an invitation.
    pub audience: Audience,
    /// Guests at most.
    pub capacity: usize,
    /// When it begins.
    pub starts_at_ms: i64,
    /// How often somebody has come onto the waiting list.
    pub turns: i64,
    /// The guests.
    pub guests: Vec<Guest>,
    /// For how long a place is kept at most.
    pub offered_for: Duration,
    /// What was done since it was locked.
    pub moves: Vec<Move>,
    /// What is to be told, of guests whose state became what it is at that moment.
    pub news: Vec<Update>,
}

impl Roster {
    /// Its phase.
    #[must_use]
    pub fn phase(&self, now_ms: i64) -> Phase {
        Phase::of(self.state, now_ms >= self.starts_at_ms)
    }

    /// The guest that somebody is.
    #[must_use]
    pub fn guest(&self, user: &UserId) -> Option<&Guest> {
        self.guests.iter().find(|guest| guest.user == *user)
    }

    /// Places that are taken, or kept for somebody.
    #[must_use]
    pub fn taken(&self) -> usize {
        self.guests.iter().filter(|guest| guest.takes_place()).count()
    }

    fn is_open(&self) -> bool {
        matches!(self.state, ChallengeState::Pending | ChallengeState::Accepted | ChallengeState::Declined)
    }

    fn note(&mut self, by: By, what: What, guest: Option<UserId>) {
        self.moves.push(Move { by, what, guest, state: self.state });
    }

    /// Notes that it was made.
    pub fn note_made(&mut self) {
        self.note(By::Host, What::Made, None);
    }

    fn tell(&mut self, news: Update) {
        if !self.news.contains(&news) {
            self.news.push(news);
        }
    }

    /// Gives each of these guests another state.
    fn all_become(&mut self, which: impl Fn(&Guest) -> bool, state: GuestState, now_ms: i64) -> bool {
        let mut some = false;
        for guest in self.guests.iter_mut().filter(|guest| which(guest)) {
            guest.become_state(state, now_ms);
            some = true;
        }
        some
    }

    /// The state that follows from the guests of an open challenge.
    fn follow_guests(&mut self) {
        if !self.is_open() {
            return;
        }
        let has = |state: GuestState| self.guests.iter().any(|guest| guest.state == state);
        self.state = if has(GuestState::Accepted) {
            ChallengeState::Accepted
        } else if self.audience != Audience::Private
            || self.guests.is_empty()
            || has(GuestState::Pending)
            || has(GuestState::Waiting)
        {
            ChallengeState::Pending
        } else {
            ChallengeState::Declined
        };
        // A line of the history says what came of it.
        if let Some(last) = self.moves.last_mut() {
            last.state = self.state;
        }
    }

    /// Settles what time, or a block, has settled. Whether anything changed.
    pub fn settle(&mut self, now_ms: i64) -> bool {
        if !self.is_open() {
            return false;
        }
        let before = self.moves.len();
        let mut some = self.all_become(|guest| guest.is_blocked && guest.is_active(), GuestState::Cancelled, now_ms);
        let late: Vec<UserId> = self
            .guests
            .iter()
            .filter(|guest| guest.answer_by_ms.is_some_and(|until_ms| until_ms <= now_ms))
            .map(|guest| guest.user.clone())
            .collect();
        for user in late {
            some |= self.all_become(|guest| guest.user == user, GuestState::Expired, now_ms);
            self.note(By::Server, What::Expired, Some(user));
        }
        if now_ms < self.starts_at_ms {
            some |= self.offer(now_ms);
            if some {
                self.follow_guests();
            }
            return some;
        }
        if some {
            self.follow_guests();
        }
        let unanswered = |guest: &Guest| guest.is_active() && guest.state != GuestState::Accepted;
        some |= self.all_become(unanswered, GuestState::Expired, now_ms);
        if self.state == ChallengeState::Pending {
            self.state = ChallengeState::Expired;
            self.note(By::Server, What::Expired, None);
        }
        some || self.moves.len() > before
    }

    /// Offers places that are free to those who wait, in order.
    fn offer(&mut self, now_ms: i64) -> bool {
        let mut some = false;
        while self.taken() < self.capacity {
            let waiting = self.guests.iter_mut().filter(|guest| guest.state == GuestState::Waiting);
            let Some(first) = waiting.min_by_key(|guest| guest.turn) else { break };
            first.become_state(GuestState::Pending, now_ms);
            first.answer_by_ms = Some(offered_until(now_ms, self.starts_at_ms, self.offered_for));
            let user = first.user.clone();
            self.note(By::Server, What::Offered, Some(user));
            self.tell(Update::PlaceFree);
            some = true;
        }
        some
    }

    fn check(&self, relation: Relation, action: Action, now_ms: i64) -> Result<(), Refused> {
        let phase = self.phase(now_ms);
        if allows(relation, action, phase) { Ok(()) } else { Err(Refused::NotNow(phase)) }
    }

    /// Somebody comes, or waits for a place.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn accept(&mut self, user: &UserId, brings: String, now_ms: i64) -> Result<(), Refused> {
        let relation = self.guest(user).map_or(Relation::Other, Guest::relation);
        self.check(relation, Action::Accept, now_ms)?;
        let has_place = relation == Relation::Offered || self.taken() < self.capacity;
        if relation == Relation::Other {
            if self.guests.len() >= MAX_GUESTS {
                return Err(Refused::TooManyGuests);
            }
            self.guests.push(Guest::new(user.clone(), false));
        }
        let turn = self.turns + 1;
        let Some(guest) = self.guests.iter_mut().find(|guest| guest.user == *user) else {
            return Err(Refused::NotThisGuest);
        };
        guest.brings = brings;
        if has_place {
            guest.become_state(GuestState::Accepted, now_ms);
            self.note(By::Guest, What::Accepted, Some(user.clone()));
        } else {
            guest.become_state(GuestState::Waiting, now_ms);
            guest.turn = Some(turn);
            self.turns = turn;
            self.note(By::Guest, What::Waits, Some(user.clone()));
        }
        self.follow_guests();
        Ok(())
    }

    /// Somebody does not come, or no more.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn decline(&mut self, user: &UserId, now_ms: i64) -> Result<(), Refused> {
        let relation = self.guest(user).map_or(Relation::Other, Guest::relation);
        self.check(relation, Action::Decline, now_ms)?;
        self.all_become(|guest| guest.user == *user, GuestState::Declined, now_ms);
        self.note(By::Guest, What::Declined, Some(user.clone()));
        self.follow_guests();
        if self.offer(now_ms) {
            self.follow_guests();
        }
        Ok(())
    }

    /// Invites guests. Who is invited, waits or comes already stays as they are. Returns how many are invited anew.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn invite(&mut self, users: &[UserId], now_ms: i64) -> Result<usize, Refused> {
        self.check(Relation::Host, Action::Invite, now_ms)?;
        let mut invited = 0;
        for user in users {
            let is_full = self.guests.len() >= MAX_GUESTS;
            match self.guests.iter_mut().find(|guest| guest.user == *user) {
                Some(guest) if guest.is_active() => continue,
                Some(guest) => {
                    guest.is_invited = true;
                    guest.become_state(GuestState::Pending, now_ms);
                }
                None if is_full => return Err(Refused::TooManyGuests),
                None => self.guests.push(Guest { since_ms: now_ms, ..Guest::new(user.clone(), true) }),
            }
            invited += 1;
            self.note(By::Host, What::Invited, Some(user.clone()));
        }
        if invited > 0 {
            self.tell(Update::Invited);
            self.follow_guests();
        }
        Ok(invited)
    }

    /// Removes guests.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn remove(&mut self, users: &[UserId], now_ms: i64) -> Result<(), Refused> {
        self.check(Relation::Host, Action::Remove, now_ms)?;
        for user in users {
            if !self.all_become(|guest| guest.user == *user && guest.is_active(), GuestState::Cancelled, now_ms) {
                return Err(Refused::NotThisGuest);
            }
            self.note(By::Host, What::Removed, Some(user.clone()));
        }
        self.tell(Update::Cancelled);
        self.follow_guests();
        if self.offer(now_ms) {
            self.follow_guests();
        }
        Ok(())
    }

    /// Notes whether guests who had accepted have come.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn mark(&mut self, users: &[UserId], has_come: bool, now_ms: i64) -> Result<(), Refused> {
        let (action, what) = if has_come { (Action::ShowedUp, What::ShowedUp) } else { (Action::NoShow, What::NoShow) };
        self.check(Relation::Host, action, now_ms)?;
        for user in users {
            let mut these = self.guests.iter_mut();
            let found = these.find(|guest| guest.user == *user && guest.state == GuestState::Accepted);
            let Some(guest) = found else { return Err(Refused::NotThisGuest) };
            guest.no_show = !has_come;
            guest.is_changed = true;
            self.note(By::Host, what, Some(user.clone()));
        }
        Ok(())
    }

    /// Says that it has taken place.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn complete(&mut self, by: By, now_ms: i64) -> Result<(), Refused> {
        self.check(Relation::Host, Action::Complete, now_ms)?;
        self.state = ChallengeState::Completed;
        self.note(by, What::Completed, None);
        Ok(())
    }

    /// Calls it off.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn cancel(&mut self, by: By, now_ms: i64) -> Result<(), Refused> {
        self.check(Relation::Host, Action::Cancel, now_ms)?;
        self.state = ChallengeState::Cancelled;
        self.note(by, What::Cancelled, None);
        if self.all_become(Guest::is_active, GuestState::Cancelled, now_ms) {
            self.tell(Update::Cancelled);
        }
        Ok(())
    }

    /// Takes over what the host has changed.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn change(
        &mut self,
        (capacity, audience, starts_at_ms): (usize, Audience, i64),
        now_ms: i64,
    ) -> Result<(), Refused> {
        self.check(Relation::Host, Action::Change, now_ms)?;
        if capacity < self.taken() {
            return Err(Refused::PlacesTaken);
        }
        (self.capacity, self.audience, self.starts_at_ms) = (capacity, audience, starts_at_ms);
        self.note(By::Host, What::Changed, None);
        self.follow_guests();
        if self.offer(now_ms) {
            self.follow_guests();
        }
        Ok(())
    }
}

/// Until when a place that is free is kept for somebody: for that long, and half of the time that is left at most.
#[must_use]
pub fn offered_until(now_ms: i64, starts_at_ms: i64, offered_for: Duration) -> i64 {
    let half_ms = starts_at_ms.saturating_sub(now_ms).max(0) / 2;
    now_ms.saturating_add(clock::ms(offered_for).min(half_ms))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const START: i64 = 1_000_000_000;

    fn user(number: usize) -> UserId {
        UserId::stored(&format!("u{number}"))
    }

    fn roster(capacity: usize) -> Roster {
        Roster {
            state: ChallengeState::Pending,
            audience: Audience::Public,
            capacity,
            starts_at_ms: START,
            turns: 0,
            guests: Vec::new(),
            offered_for: Duration::from_hours(24),
            moves: Vec::new(),
            news: Vec::new(),
        }
    }

    fn states(roster: &Roster) -> Vec<GuestState> {
        roster.guests.iter().map(|guest| guest.state).collect()
    }

    #[test]
    fn a_place_that_frees_is_offered_in_order_until_a_deadline() {
        let mut roster = roster(1);
        for number in 0..4 {
            roster.accept(&user(number), String::new(), 0).unwrap();
        }
        roster.decline(&user(0), 10).unwrap();
        assert_eq!(
            states(&roster),
            [GuestState::Declined, GuestState::Pending, GuestState::Waiting, GuestState::Waiting]
        );
        let until_ms = roster.guests[1].answer_by_ms.unwrap();
        assert_eq!(until_ms, offered_until(10, START, Duration::from_hours(24)));
        assert_eq!(roster.state, ChallengeState::Pending);
        assert!(!roster.settle(until_ms - 1), "nothing before its time");
        assert!(roster.settle(until_ms));
        assert_eq!(states(&roster)[1..], [GuestState::Expired, GuestState::Pending, GuestState::Waiting]);
        roster.accept(&user(2), String::new(), until_ms + 1).unwrap();
        assert_eq!((roster.state, roster.taken()), (ChallengeState::Accepted, 1));
        roster.accept(&user(0), String::new(), until_ms + 2).unwrap();
        assert!(roster.guests[0].turn > roster.guests[3].turn, "who comes back waits behind the others");
    }

    proptest! {
        #[test]
        fn places_are_never_exceeded_and_nobody_is_passed_over(
            capacity in 1..4_usize, steps in prop::collection::vec((0..6_u8, 0..8_usize, 0..20_000_000_i64), 1..80),
        ) {
            let mut roster = roster(capacity);
            let mut now_ms = 0;
            for (step, number, later_ms) in steps {
                now_ms += later_ms;
                roster.settle(now_ms);
                let who = user(number);
                let _refused_or_not = match step {
                    0 | 1 => roster.accept(&who, String::new(), now_ms),
                    2 => roster.decline(&who, now_ms),
                    3 => roster.invite(&[who], now_ms).map(drop),
                    4 => roster.remove(&[who], now_ms),
                    _ => roster.change((1 + number % 4, Audience::Public, START), now_ms),
                };
                prop_assert!(roster.taken() <= roster.capacity);
                let waiting = roster.guests.iter().any(|guest| guest.state == GuestState::Waiting);
                if now_ms < START && waiting {
                    prop_assert!(roster.taken() >= roster.capacity, "a free place is offered");
                }
                let mut turns: Vec<i64> = roster.guests.iter().filter_map(|guest| guest.turn).collect();
                let all = turns.len();
                turns.sort_unstable();
                turns.dedup();
                prop_assert_eq!(turns.len(), all, "nobody has the turn of another");
                for guest in &roster.guests {
                    prop_assert_eq!(guest.turn.is_some(), guest.state == GuestState::Waiting);
                    prop_assert!(guest.answer_by_ms.is_none_or(|until_ms| until_ms <= START));
                    prop_assert!(now_ms < START || guest.state != GuestState::Waiting);
                }
                let accepted = roster.guests.iter().any(|guest| guest.state == GuestState::Accepted);
                if roster.is_open() {
                    prop_assert_eq!(roster.state == ChallengeState::Accepted, accepted);
                }
            }
        }
    }
}
