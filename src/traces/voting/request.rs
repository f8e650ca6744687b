//! Request bodies of voting.

use poem_openapi::{Object, types::Example};

use super::model::{Vote, VotingError};
use crate::platform::codec::fields::Fields;

/// A vote.
#[derive(Debug, Object)]
#[oai(example)]
pub struct VoteRequest {
    /// `good` or `poor`.
    vote: String,
}

impl Example for VoteRequest {
    fn example() -> Self {
        Self { vote: Vote::Good.name().to_owned() }
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
