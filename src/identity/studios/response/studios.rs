//! Responses about studios and their audit logs.

use poem_openapi::{ApiResponse, Object, types::Example};

use crate::{
    http::{no_store::NoStore, schema::Timestamp},
    identity::{
        accounts::{Membership, MembershipResponse},
        examples::{self, TIME_MS},
        studios::model::AuditEntry,
    },
    platform::page::Page,
};

/// The studios that the user is a member of; for an administrator then all others.
#[derive(Debug, Object)]
#[oai(example, rename = "StudioList")]
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
#[oai(rename = "AuditEntry", example)]
pub struct AuditEntryResponse {
    /// When it was done.
    at: Timestamp,
    /// Who did it: `user:<id>`, `key:<id>`, `command line`, or `cairn` by itself.
    actor: String,
    /// What was done: `key.minted`, `member.invited` and so on.
    action: String,
    /// What it was done to: `key:<id>`, `user:<id>`, `game:<name>` and so on.
    object: String,
    /// More about it, if there is more.
    #[oai(skip_serializing_if_is_none)]
    detail: Option<String>,
}

impl From<AuditEntry> for AuditEntryResponse {
    fn from(entry: AuditEntry) -> Self {
        let AuditEntry { at_ms, actor, action, object, detail, .. } = entry;
        let detail = Some(detail).filter(|detail| !detail.is_empty());
        Self { at: Timestamp(at_ms), actor, action, object, detail }
    }
}

impl Example for AuditEntryResponse {
    fn example() -> Self {
        Self {
            at: Timestamp(TIME_MS),
            actor: format!("user:{}", examples::USER),
            action: "key.minted".to_owned(),
            object: format!("key:{}", examples::key()),
            detail: Some("climb live publishable: read write".to_owned()),
        }
    }
}

/// A page of a studio's audit log.
#[derive(Debug, Object)]
#[oai(example, rename = "AuditPage")]
pub struct AuditPageResponse {
    /// The newest first.
    items: Vec<AuditEntryResponse>,
    /// The `after` of the next page, of older entries; empty where there are no entries at all.
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
        Self { items: vec![AuditEntryResponse::example()], next: "812".to_owned(), more: true }
    }
}

#[derive(ApiResponse)]
pub enum AuditListed {
    /// The page.
    #[oai(status = 200)]
    Ok(NoStore<AuditPageResponse>),
}
