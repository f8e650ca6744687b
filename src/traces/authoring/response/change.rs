//! The answer to a change of a trace: the trace, or a problem that carries it where it has another revision.

use poem::{IntoResponse, Response};
use poem_openapi::{
    ApiResponse, Object,
    payload::Payload,
    registry::{MetaMediaType, MetaResponse, MetaResponses, Registry},
    types::{Example, ToJSON, Type},
};

use crate::{
    http::{
        no_store::NoStore,
        problem::{PROBLEM_JSON, Problem, ProblemFault},
    },
    platform::error::Kind,
    traces::{
        authoring::model::ChangeOutcome,
        trace::{Trace, TraceError, TraceResponse},
    },
};

/// The code of a change of an old revision.
const CODE: &str = "revision_conflict";

/// The answer's description in the API document.
const CONFLICT: &str = "The trace has another revision than the one that was sent, or its world may not store more.";

/// What is said of it.
const DETAIL: &str = "The trace has another revision by now; it is in current.";

/// A trace that was changed. Its description names the problem of an old revision too.
pub struct ChangeResponse(NoStore<TraceResponse>);

/// The answer to a change, made at that time, in milliseconds since the epoch.
///
/// # Errors
/// The trace has another revision than the one that was sent, or needs more room than there is.
pub fn changed(outcome: ChangeOutcome, now_ms: i64) -> Result<ChangeResponse, Problem> {
    match outcome {
        ChangeOutcome::Changed(trace) => Ok(ChangeResponse(NoStore(TraceResponse::at(*trace, now_ms)))),
        ChangeOutcome::Conflict(trace) => {
            Err(Problem::new(Kind::Conflict, CODE, DETAIL).with_member("current", current(*trace, now_ms)))
        }
        ChangeOutcome::NoRoom(trace) => {
            Err(Problem::from(TraceError::NoRoom).with_member("current", current(*trace, now_ms)))
        }
    }
}

fn current(trace: Trace, now_ms: i64) -> serde_json::Value {
    ToJSON::to_json(&TraceResponse::at(trace, now_ms)).unwrap_or_default()
}

impl IntoResponse for ChangeResponse {
    fn into_response(self) -> Response {
        self.0.into_response()
    }
}

impl ApiResponse for ChangeResponse {
    fn meta() -> MetaResponses {
        let response = |status, description, content_type, schema| MetaResponse {
            description,
            status: Some(status),
            status_range: None,
            content: vec![MetaMediaType { content_type, schema }],
            headers: vec![],
        };
        let (trace, conflict) = (TraceResponse::schema_ref(), RevisionConflict::schema_ref());
        let json = NoStore::<TraceResponse>::CONTENT_TYPE;
        MetaResponses {
            responses: vec![
                response(200, "Changed: the trace as it is now.", json, trace),
                response(409, CONFLICT, PROBLEM_JSON, conflict),
            ],
        }
    }

    fn register(registry: &mut Registry) {
        TraceResponse::register(registry);
        RevisionConflict::register(registry);
    }
}

/// The problem of a change of an old revision, or of one that needs more room than there is, with the trace as it is.
#[derive(Debug, Object)]
#[oai(example)]
struct RevisionConflict {
    /// Always `about:blank`.
    r#type: String,
    /// The status in words.
    title: String,
    /// The HTTP status.
    status: u16,
    /// What went wrong, for a person.
    detail: String,
    /// `revision_conflict` or `quota_full`.
    code: String,
    /// Identifies this request in the server's log.
    request_id: String,
    /// Always absent: nothing is wrong in the request itself.
    #[oai(skip_serializing_if_is_none)]
    errors: Option<Vec<ProblemFault>>,
    /// The trace as it is.
    current: TraceResponse,
}

impl Example for RevisionConflict {
    fn example() -> Self {
        Self {
            r#type: "about:blank".to_owned(),
            title: "Conflict".to_owned(),
            status: 409,
            detail: DETAIL.to_owned(),
            code: CODE.to_owned(),
            request_id: "01936b2f4c7e7a10b5d2c3e4f5a60718".to_owned(),
            errors: None,
            current: TraceResponse { revision: 2, age_s: Some(86_400), ..TraceResponse::example() },
        }
    }
}
