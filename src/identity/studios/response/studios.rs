//! Responses about studios and their audit logs.

use poem_openapi::{ApiResponse, Object, types::Example};

use super::{TIME, USER};
use crate::{
    http::no_store::NoStore,
    identity::{
        accounts::{Membership, MembershipResponse},
        studios::model::AuditEntry,
    },
    platform::{clock, page::Page},
};

/// The studios that the user is a member of; for an administrator then all others.
#[derive(Debug, Object)]
#[oai(example)]
pub struct StudiosResponse {
    /// By name.
    items: Vec<MembershipResponse>,
}

impl FromIterator<Membership> for StudiosResponse {
    fn from_iter<I: IntoIterator<Item = Membership>>(memberships: I) -> Self {
        Self { items: memberships.into_iter().map(MembershipResponse::from).collect() }
    }
}

impl Example for StudiosResponse {
    fn example() -> Self {
        Self { items: vec![MembershipResponse::example()] }
    }
}

#[derive(ApiResponse)]
pub enum StudioCreated {
    /// The studio, with tables of its own.
    #[oai(status = 201)]
    Created(NoStore<MembershipResponse>),
}

#[derive(ApiResponse)]
pub enum StudiosListed {
    /// The studios.
    #[oai(status = 200)]
    Ok(NoStore<StudiosResponse>),
}

/// An entry of the audit log.
#[derive(Debug, Object)]
#[oai(rename = "AuditEntry")]
pub struct AuditEntryResponse {
    /// When (RFC 3339).
    at: String,
    /// Who: `user:<id>`, `key:<id>`, `command line`, or `cairn` by itself.
    actor: String,
    /// What: `key.minted`, `member.invited` and so on.
    action: String,
    /// To what: `key:<id>`, `user:<id>`, `game:<name>` and so on.
    object: String,
    /// More about it, if there is more.
    #[oai(skip_serializing_if_is_empty)]
    detail: String,
}

impl From<AuditEntry> for AuditEntryResponse {
    fn from(entry: AuditEntry) -> Self {
        let AuditEntry { at_ms, actor, action, object, detail, .. } = entry;
        Self { at: clock::format(at_ms), actor, action, object, detail }
    }
}

/// A page of a studio's audit log.
#[derive(Debug, Object)]
#[oai(example)]
pub struct AuditPageResponse {
    /// The newest first.
    items: Vec<AuditEntryResponse>,
    /// `after` for the next page, of older entries.
    next: String,
    /// Whether there is a next page.
    more: bool,
}

impl AuditPageResponse {
    /// The page of older entries than `before`.
    pub fn new(before: Option<i64>, Page { items, more }: Page<AuditEntry>) -> Self {
        let next = items.last().map(|entry| entry.id).or(before);
        Self {
            items: items.into_iter().map(AuditEntryResponse::from).collect(),
            next: next.map_or_else(String::new, |id| id.to_string()),
            more,
        }
    }
}

impl Example for AuditPageResponse {
    fn example() -> Self {
        let entry = AuditEntryResponse {
            at: TIME.to_owned(),
            actor: format!("user:{USER}"),
            action: "key.minted".to_owned(),
            object: "key:7m2k0qv9x4ta".to_owned(),
            detail: "climb live publishable: read write".to_owned(),
        };
        Self { items: vec![entry], next: "812".to_owned(), more: true }
    }
}

#[derive(ApiResponse)]
pub enum AuditListed {
    /// The page.
    #[oai(status = 200)]
    Ok(NoStore<AuditPageResponse>),
}
