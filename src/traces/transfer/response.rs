//! The responses of imports.

use poem_openapi::{ApiResponse, Object, types::Example};

use super::model::{ImportSummary, RejectedLine};
use crate::http::no_store::NoStore;

/// The response to an import.
#[derive(ApiResponse)]
pub enum ImportResponse {
    /// The import is complete.
    #[oai(status = 200)]
    Done(NoStore<ImportSummaryResponse>),
}

/// The result of an import.
#[derive(Debug, Object)]
#[oai(example, rename = "ImportedTraces")]
pub struct ImportSummaryResponse {
    /// The number of traces that were new.
    imported: u64,
    /// The number of traces whose `source_id` the world had.
    there_already: u64,
    /// The number of lines that were rejected.
    rejected_count: u64,
    /// The first hundred rejected lines.
    rejected: Vec<RejectedLineResponse>,
}

/// A line that was rejected.
#[derive(Debug, Object)]
#[oai(rename = "RejectedLine")]
pub struct RejectedLineResponse {
    /// Its number, from 1.
    line: u64,
    /// A JSON pointer to what is wrong; absent where the whole line is wrong.
    #[oai(skip_serializing_if_is_none)]
    pointer: Option<String>,
    /// What is wrong with it.
    detail: String,
}

impl From<ImportSummary> for ImportResponse {
    fn from(summary: ImportSummary) -> Self {
        Self::Done(NoStore(ImportSummaryResponse {
            imported: summary.imported,
            there_already: summary.already_present,
            rejected_count: summary.rejected,
            rejected: summary.first_rejected.into_iter().map(RejectedLineResponse::from).collect(),
        }))
    }
}

impl From<RejectedLine> for RejectedLineResponse {
    fn from(RejectedLine { line, fault }: RejectedLine) -> Self {
        let pointer = Some(fault.pointer).filter(|pointer| !pointer.is_empty());
        Self { line, pointer, detail: fault.detail }
    }
}

impl Example for ImportSummaryResponse {
    fn example() -> Self {
        let (pointer, detail) = (Some("/pos/2".to_owned()), "is beyond ±1e7".to_owned());
        Self {
            imported: 36_449,
            there_already: 0,
            rejected_count: 1,
            rejected: vec![RejectedLineResponse { line: 17, pointer, detail }],
        }
    }
}
