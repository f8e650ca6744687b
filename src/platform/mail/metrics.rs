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
        let help = "Emails that a mail server has taken or refused for good, by outcome.";
        Ok(Self { emails: registry.counter_vec("cairn_letters_total", help, &["outcome"])? })
    }

    /// Counts an email that was delivered or refused.
    pub fn finished(&self, outcome: &str) {
        self.emails.with_label_values(&[outcome]).inc();
    }
}
