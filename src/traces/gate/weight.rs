//! How much a vote or a report weighs: by the age of the player, by their network, and by what moderators thought of their reports.
//!
//! Players cost nothing to create, so that none of them alone may say much: a new player's vote weighs a quarter, and the players of
//! one network weigh together what the server's setting allows, by default one whole vote on a trace. Weights are in quarters of a
//! vote, and are fixed when a vote is given.

use std::time::Duration;

use uuid::Uuid;

/// A whole vote or report, in quarters.
pub const WHOLE: i32 = 4;

/// Who votes or reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Voter {
    /// The player.
    pub player: Uuid,
    /// A keyed digest of the network they are in; `None` where networks are not bounded.
    pub network: Option<i64>,
    /// What the players of one network weigh together on a trace.
    pub bound: i32,
}

impl Voter {
    /// What is left of a weight beside what others of the same network weigh already.
    #[must_use]
    pub fn within_bound(&self, weight: i32, others: i32) -> i32 {
        match self.network {
            Some(_) => weight.min(self.bound.saturating_sub(others)).max(0),
            None => weight,
        }
    }
}

/// The weight of a vote by a player whose account has that age: 1 in the first hour, 2 on the first day, then 4.
#[must_use]
pub fn weight_of_age(account_age: Duration) -> i32 {
    if account_age < Duration::from_hours(1) {
        1
    } else if account_age < Duration::from_hours(24) {
        2
    } else {
        WHOLE
    }
}

/// What moderators thought of a player's reports.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// Reports after which the trace was hidden or removed.
    pub upheld: i32,
    /// Reports after which it was restored.
    pub dismissed: i32,
}

impl Record {
    /// What is left of the weight of a report: half where more were dismissed than upheld, nothing where many were.
    #[must_use]
    pub fn weigh(self, weight: i32) -> i32 {
        let Self { upheld, dismissed } = self;
        if dismissed >= 3 && dismissed > upheld.saturating_mul(2) {
            0
        } else if dismissed > upheld {
            (weight + 1) / 2
        } else {
            weight
        }
    }
}

/// The weight of reports at which a trace is hidden in a game that says `hide_at` reports: one report less than that, and anything
/// beyond it, so that with 1 the first report hides. Of a trace that many like it takes more: one report for each four good votes, up
/// to four times `hide_at`.
#[must_use]
pub fn weight_to_hide(hide_at: u16, good_weight: i32, base_good: i32) -> i32 {
    let reports = i32::from(hide_at);
    let needed = (reports - 1).max(0) * WHOLE + 1;
    let liked = good_weight.saturating_add(base_good.saturating_mul(WHOLE)).max(0);
    needed.saturating_add((liked / 4).min(reports * 4 * WHOLE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weight_of_a_vote_grows_with_the_age_of_the_account() {
        let ages = [0, 59 * 60, 60 * 60, 23 * 60 * 60, 24 * 60 * 60, 1_000_000_000];
        assert_eq!(ages.map(|secs| weight_of_age(Duration::from_secs(secs))), [1, 1, 2, 2, 4, 4]);
    }

    #[test]
    fn players_of_one_network_weigh_no_more_than_the_bound_together() {
        let voter = Voter { player: Uuid::nil(), network: Some(7), bound: WHOLE };
        assert_eq!([0, 2, 3, 4, 9].map(|others| voter.within_bound(2, others)), [2, 2, 1, 0, 0]);
        assert_eq!(Voter { network: None, ..voter }.within_bound(2, 1_000), 2);
    }

    #[test]
    fn reports_of_a_player_whom_moderators_did_not_believe_weigh_less() {
        let weigh = |upheld, dismissed| Record { upheld, dismissed }.weigh(WHOLE);
        assert_eq!(
            [weigh(0, 0), weigh(5, 0), weigh(5, 5), weigh(0, 1), weigh(1, 2), weigh(0, 3), weigh(9, 10)],
            [4, 4, 4, 2, 2, 0, 2]
        );
    }

    #[test]
    fn what_many_like_is_not_hidden_by_one_network() {
        for hide_at in 1..=10 {
            // Twenty new players in twenty networks.
            assert!(weight_to_hide(hide_at, 20, 0) > WHOLE, "{hide_at}");
            let most = weight_to_hide(hide_at, i32::MAX, i32::MAX);
            assert!(most <= i32::from(hide_at) * WHOLE * 5, "{hide_at}: {most}");
        }
        assert_eq!([1, 2, 3].map(|hide_at| weight_to_hide(hide_at, 0, 0)), [1, 5, 9]);
    }
}
