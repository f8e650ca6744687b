//! An author's own traces.

use super::GoneTrace;
use crate::{
    platform::named::Named,
    traces::{TraceKind, trace::Trace},
    worlds::ScopeKey,
};

/// What has become of a trace, as its author sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TraceState {
    /// Others see it.
    Live,
    /// Moderation has hidden it from others.
    Hidden,
    /// It no longer exists: it was withdrawn, or has gone for another reason.
    Withdrawn,
}

impl TraceState {
    /// The state of a trace that exists.
    #[must_use]
    pub fn of_present(hidden: bool) -> Self {
        if hidden { Self::Hidden } else { Self::Live }
    }
}

impl Named for TraceState {
    const SET: &'static str = "TraceState";
    const MEMBERS: &'static [Self] = &[Self::Live, Self::Hidden, Self::Withdrawn];

    fn public_name(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Hidden => "hidden",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// An item of an author's list of their own traces.
#[derive(Clone, Debug, PartialEq)]
pub enum OwnItem {
    /// A trace that exists.
    Present {
        /// The trace.
        trace: Box<Trace>,
        /// The `ref` of the client, if it sent one.
        reference: Option<String>,
    },
    /// A trace that has gone.
    Gone {
        /// The trace.
        trace: GoneTrace,
        /// The `ref` of the client, if it sent one.
        reference: Option<String>,
    },
}

impl OwnItem {
    /// The trace's id.
    #[must_use]
    pub fn id(&self) -> i64 {
        match self {
            Self::Present { trace, .. } => trace.id,
            Self::Gone { trace, .. } => trace.id,
        }
    }
}

/// A page of an author's list of their own traces.
#[derive(Clone, Debug, PartialEq)]
pub struct OwnList {
    /// The oldest first.
    pub items: Vec<OwnItem>,
    /// The id after which the next page begins.
    pub next: i64,
    /// Whether there is a next page.
    pub more: bool,
}

/// Selects some of an author's traces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnFilter {
    /// In these scopes; in all of them if empty.
    pub scopes: Vec<ScopeKey>,
    /// Of these kinds; of all of them if empty.
    pub kinds: Vec<TraceKind>,
    /// Of this content version or a newer one.
    pub version_min: i32,
    /// Of this content version or an older one; of all newer ones too if absent.
    pub version_max: Option<i32>,
}

/// A page of an author's own traces.
#[derive(Clone, Debug, PartialEq)]
pub struct OwnPage {
    /// The traces, the oldest first.
    pub items: Vec<Trace>,
    /// The id after which the next page begins.
    pub next: i64,
    /// Whether there is a next page.
    pub more: bool,
}
