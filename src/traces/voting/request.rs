//! Request bodies of voting.

use poem_openapi::{Object, types::Example};
use uuid::Uuid;

use super::model::{Ballot, BatchItem, Choice, Vote, VotingError};
use crate::{
    http::schema::OneOf,
    identity::access::Player,
    platform::{
        codec::fields::{BodyReader, Fields},
        db::StudioId,
    },
    traces::{MAX_BATCH, moderation::Interaction, trace::GroupKey},
};

/// A vote.
#[derive(Debug, Object)]
#[oai(example)]
pub struct VoteRequest {
    /// The vote.
    vote: OneOf<Vote>,
}

impl Example for VoteRequest {
    fn example() -> Self {
        Self { vote: OneOf(Vote::Good) }
    }
}

impl VoteRequest {
    /// Reads and validates the body.
    ///
    /// # Errors
    /// It can't be read or is invalid.
    pub fn read(body: &[u8]) -> Result<Vote, VotingError> {
        let mut fields = Fields::read(body)?;
        let vote = fields.text("vote", Vote::parse);
        fields.done(vote).map_err(VotingError::Invalid)
    }
}

/// Votes on several traces.
#[derive(Debug, Object)]
#[oai(rename = "VoteBatch", example)]
pub struct VotesRequest {
    /// The votes.
    #[oai(validator(min_items = 1, max_items = 32))]
    votes: Vec<BallotRequest>,
}

/// A vote on one of several traces.
#[derive(Debug, Object)]
#[oai(rename = "Ballot")]
struct BallotRequest {
    /// The trace.
    trace_id: String,
    /// The vote; `none` withdraws the player's vote, if they have one.
    vote: OneOf<Choice>,
    /// The trace's group, if it has one.
    #[oai(validator(max_length = 64))]
    group: Option<String>,
}

impl Example for VotesRequest {
    fn example() -> Self {
        let ballot =
            |trace_id: &str, vote| BallotRequest { trace_id: trace_id.to_owned(), vote: OneOf(vote), group: None };
        Self { votes: vec![ballot("4211", Choice(Some(Vote::Good))), ballot("4216", Choice(None))] }
    }
}

impl VotesRequest {
    /// Reads the body, each vote by itself.
    ///
    /// # Errors
    /// It can't be read, or has no votes or too many.
    pub fn read(body: &[u8], player: &Player) -> Result<Vec<BatchItem<Ballot>>, VotingError> {
        batch(body, "votes", player, |interaction, item| {
            let vote = item.text("vote", Choice::parse)?.0;
            Some(Ballot { interaction: interaction?, vote })
        })
    }
}

/// Uses of several traces.
#[derive(Debug, Object)]
#[oai(rename = "UseBatch", example)]
pub struct UsesRequest {
    /// The uses.
    #[oai(validator(min_items = 1, max_items = 32))]
    uses: Vec<UseRequest>,
}

/// A use of one of several traces.
#[derive(Debug, Object)]
#[oai(rename = "Use")]
struct UseRequest {
    /// The trace.
    trace_id: String,
    /// The trace's group, if it has one.
    #[oai(validator(max_length = 64))]
    group: Option<String>,
}

impl Example for UsesRequest {
    fn example() -> Self {
        let used = |trace_id: &str| UseRequest { trace_id: trace_id.to_owned(), group: None };
        Self { uses: vec![used("4211"), used("4216")] }
    }
}

impl UsesRequest {
    /// Reads the body, each use by itself.
    ///
    /// # Errors
    /// It can't be read, or has no uses or too many.
    pub fn read(body: &[u8], player: &Player) -> Result<Vec<BatchItem<Interaction>>, VotingError> {
        batch(body, "uses", player, |interaction, _| interaction)
    }
}

/// Reads the items of the list `name`; `complete` reads what an item has besides the trace and its group.
fn batch<T>(
    body: &[u8],
    name: &str,
    player: &Player,
    complete: impl Fn(Option<Interaction>, &mut Fields) -> Option<T>,
) -> Result<Vec<BatchItem<T>>, VotingError> {
    let mut fields = Fields::read_batch(body, name)?;
    let items = fields.batch(name, MAX_BATCH);
    let items = fields.done(items).map_err(VotingError::Invalid)?;
    let read = |mut item: Fields| {
        let trace_id = item.text("trace_id", |text| Ok(text.to_owned()));
        let group = item.optional_text("group", GroupKey::parse);
        let interaction = trace_id.as_deref().zip(group).map(|(trace, group)| Interaction::of(player, trace, group));
        // The rest of an item is read whatever is wrong with its trace: all faults are named.
        let (interaction, not_found) =
            interaction.transpose().map_or_else(|error| (None, Some(error)), |of| (of, None));
        let content = complete(interaction, &mut item);
        let content = item.done(content).map_err(|faults| match not_found {
            Some(error) if faults.is_empty() => error.into(),
            _ => VotingError::Invalid(faults),
        });
        BatchItem { trace_id, content }
    };
    Ok(items.into_iter().map(read).collect())
}

/// A player, for the readers.
const NOBODY: Player = Player { studio: StudioId(1), world: 1, id: Uuid::nil() };

/// The readers of bodies here.
pub const BODY_READERS: &[BodyReader] = &[
    ("VoteRequest", |body| VoteRequest::read(body).is_ok()),
    ("VotesRequest", |body| VotesRequest::read(body, &NOBODY).is_ok()),
    ("UsesRequest", |body| UsesRequest::read(body, &NOBODY).is_ok()),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::{error::DomainError, named::Named};

    fn read(body: &str) -> Result<Vec<BatchItem<Ballot>>, VotingError> {
        VotesRequest::read(body.as_bytes(), &NOBODY)
    }

    fn in_words(error: &VotingError) -> String {
        let faults = error.faults().iter().map(|fault| format!("{} {}", fault.pointer, fault.detail));
        [error.kind().1.to_owned()].into_iter().chain(faults).collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn each_item_of_a_batch_is_read_by_itself() {
        let items = read(
            r#"{"votes":[{"trace_id":"3","vote":"good","group":""},{"trace_id":"4","vote":"none","group":null},
            {"trace_id":"x","vote":"poor"},{"trace_id":"x","vote":"bad"},{"vote":""},{"trace_id":5,"vote":"good"},
            7,{"trace_id":"8","vote":"good","vote":"poor"},{"trace_id":"9\ud83d","vote":"good"}]}"#,
        );
        let brief = |item: &BatchItem<Ballot>| match &item.content {
            Ok(ballot) => format!("{} {}", ballot.interaction.trace, Choice(ballot.vote).public_name()),
            Err(error) => in_words(error),
        };
        let items = items.unwrap();
        assert_eq!(
            items.iter().map(brief).collect::<Vec<_>>(),
            [
                "3 good",
                "4 none",
                "trace_not_found",
                "invalid; /votes/3/vote must be good, poor or none",
                "invalid; /votes/4/trace_id is missing; /votes/4/vote is missing",
                "invalid; /votes/5/trace_id must be a text",
                "invalid; /votes/6 must be an object",
                "invalid; /votes/7/vote is there more than once",
                "invalid; /votes/8/trace_id has half of a surrogate pair in it",
            ]
        );
        let ids: Vec<Option<&str>> = items.iter().map(|item| item.trace_id.as_deref()).collect();
        assert_eq!(ids, [Some("3"), Some("4"), Some("x"), Some("x"), None, None, None, Some("8"), None]);
    }

    #[test]
    fn a_batch_has_1_to_32_items() {
        let many =
            |count: usize| format!(r#"{{"votes":[{}]}}"#, vec![r#"{"trace_id":"1","vote":"good"}"#; count].join(","));
        assert_eq!(read(&many(32)).unwrap().len(), 32);
        for (body, fault) in [
            ("{}", "invalid; /votes is missing or empty; 1 to 32 items"),
            (r#"{"votes":[]}"#, "invalid; /votes is missing or empty; 1 to 32 items"),
            (&many(33), "invalid; /votes has 33 items; at most 32"),
            (r#"{"votes":{}}"#, "invalid; /votes must be a list"),
            (r#"{"votes":[1]}"#, "invalid; /votes/0 must be an object"),
        ] {
            assert_eq!(in_words(&read(body).unwrap_err()), fault, "{body}");
        }
    }
}
