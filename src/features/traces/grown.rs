//! Which scopes have grown so much that trimming them is worth while. Finding the oldest traces means walking past all
//! that stay, so a scope is looked at only when it may hold one in a hundred too many.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use super::model::{ScopeKey, TraceKind, WorldKey};
use crate::platform::rules::Rules;

/// Scopes that are counted at once. Beyond them counting begins anew: a scope is then trimmed somewhat later.
const COUNTED: usize = 100_000;

/// A scope is ripe when this share of what it keeps has come in, as one part of so many.
const SHARE: u64 = 100;

type Counts = HashMap<(WorldKey, ScopeKey), [u64; TraceKind::ALL.len()]>;

/// What came in since a scope was last trimmed.
#[derive(Debug, Default)]
pub struct Grown(Mutex<Counts>);

impl Grown {
    /// Counts what was stored.
    pub fn count<'a>(&self, stored: impl Iterator<Item = (WorldKey, &'a ScopeKey, TraceKind)>) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() > COUNTED {
            counts.clear();
        }
        for (world, scope, came) in stored {
            let of_scope = counts.entry((world, scope.clone())).or_default();
            for (kind, count) in TraceKind::ALL.into_iter().zip(of_scope) {
                *count += u64::from(kind == came);
            }
        }
    }

    /// The scopes and kinds that are ripe; their counts begin anew.
    pub fn take_ripe(&self, rules: impl Fn(WorldKey) -> Arc<Rules>) -> Vec<(WorldKey, ScopeKey, TraceKind)> {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut ripe = Vec::new();
        for ((world, scope), of_scope) in &mut *counts {
            let rules = rules(*world);
            for (kind, count) in TraceKind::ALL.into_iter().zip(of_scope) {
                if *count > u64::from(rules.of(kind).keep) / SHARE {
                    *count = 0;
                    ripe.push((*world, scope.clone(), kind));
                }
            }
        }
        ripe
    }
}
