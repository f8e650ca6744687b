//! The problem that asks for a proof.

use serde_json::json;

use super::model::{BotCheckError, Task};
use crate::{
    http::problem::Problem,
    platform::{clock, error::Kind, named::Named},
};

impl From<BotCheckError> for Problem {
    fn from(error: BotCheckError) -> Self {
        let detail = error.to_string();
        let proof = match error {
            BotCheckError::ProofNeeded(Task::Work { challenge, bits, expires_at_ms }) => {
                json!({"kind": "work", "challenge": challenge, "bits": bits, "expires_at": clock::format(expires_at_ms)})
            }
            BotCheckError::ProofNeeded(Task::Widget { kind, site_key }) => {
                json!({"kind": kind.public_name(), "site_key": site_key})
            }
        };
        Self::new(Kind::Forbidden, "proof_needed", detail).with_member("proof", proof)
    }
}
