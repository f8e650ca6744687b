//! Metrics of emails.

use crate::platform::metrics::{CounterVec, MetricsError, Registry};

/// Counts emails. Cheap to clone.
#[derive(Clone, Debug)]
pub struct MailMetrics {
    emails: CounterVec,
}

impl MailMetrics {
    /// Registers the metrics.
    ///
    /// # Errors
    /// [`MetricsError`].
    pub fn register(registry: &Registry) -> Result<Self, MetricsError> {
        let help = "Emails delivered or given up, by outcome.";
        Ok(Self { emails: registry.counter_vec("cairn_letters_total", help, &["outcome"])? })
    }

    /// Counts an email that was delivered, or given up.
    pub fn finished(&self, delivered: bool) {
        self.emails.with_label_values(&[if delivered { "delivered" } else { "given_up" }]).inc();
    }
}
