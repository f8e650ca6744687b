//! Who pays for what a request stores.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use super::{ByteBudget, Exhausted};
use crate::platform::{clock, rate_limit::Subject};

/// Who pays for what a request stores: its network, and the key and the player that it shows. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Payer {
    /// `None`: nobody has to pay.
    budget: Option<ByteBudget>,
    subjects: Arc<Mutex<Vec<Subject>>>,
    has_paid: Arc<AtomicBool>,
}

impl Payer {
    /// Adds a subject, before anything is paid.
    pub fn add(&self, subject: Subject) {
        self.subjects.lock().unwrap_or_else(PoisonError::into_inner).push(subject);
    }

    /// Pays for bytes that are going to be stored.
    ///
    /// # Errors
    /// [`Exhausted`]: then nothing was paid.
    pub fn pay(&self, stored: i64) -> Result<(), Exhausted> {
        self.has_paid.store(true, Ordering::Relaxed);
        let Some(budget) = &self.budget else { return Ok(()) };
        let subjects = self.subjects.lock().unwrap_or_else(PoisonError::into_inner);
        budget.charge(&subjects, stored, clock::now_ms())
    }

    /// Whether so many bytes can be paid.
    ///
    /// # Errors
    /// [`Exhausted`].
    pub fn check(&self, stored: i64) -> Result<(), Exhausted> {
        let Some(budget) = &self.budget else { return Ok(()) };
        let subjects = self.subjects.lock().unwrap_or_else(PoisonError::into_inner);
        budget.check(&subjects, budget.0.factor.of(stored), clock::now_ms()).map(|_| ())
    }

    /// Gets back what was paid for something that was not stored.
    pub fn give_back(&self, stored: i64) {
        self.owe(stored.saturating_neg());
    }

    /// Pays for bytes that were stored already, whatever is left.
    pub fn owe(&self, stored: i64) {
        let Some(budget) = &self.budget else { return };
        let subjects = self.subjects.lock().unwrap_or_else(PoisonError::into_inner);
        budget.take(budget.accounts(&subjects, clock::now_ms()), budget.0.factor.of(stored));
    }

    /// Whether the request has paid, or has tried to.
    #[must_use]
    pub fn has_paid(&self) -> bool {
        self.has_paid.load(Ordering::Relaxed)
    }
}

impl ByteBudget {
    /// Who pays for a request: nobody yet but the networks that it comes from, the narrowest first.
    #[must_use]
    pub fn payer(&self, networks: impl Iterator<Item = Subject>) -> Payer {
        let subjects = Arc::new(Mutex::new(networks.collect()));
        Payer { budget: Some(self.clone()), subjects, has_paid: Arc::default() }
    }
}
