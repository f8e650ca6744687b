//! Who is asked for a proof, and whether it is right.

use std::{net::IpAddr, sync::Arc, time::Duration};

use super::{
    config::BotCheckSettings,
    model::{BotCheckError, Kind, MAX_BITS, Proof, Purpose, Task},
    widget::Widget,
    work::{self, LIFETIME},
};
use crate::platform::{
    cache::Cache,
    clock,
    codec::hex,
    network::Network,
    outbound::{Outbound, OutboundError},
    sealing::Sealer,
    signer::Signer,
};

/// How long what a network has asked for counts.
const COUNTED_FOR: Duration = Duration::from_hours(1);

/// Bits that are added at most because of what one network has asked for.
const MAX_MORE: u32 = 4;

/// Proofs of all networks in a minute from which on everybody works more.
const LOAD: i64 = 120;

/// Bits that are added at most because of all networks.
const MAX_LOAD: u32 = 2;

/// What keys of work are derived for.
const DERIVED_FOR: &str = "proofs of work";

/// Asks for proofs. Cheap to clone.
#[derive(Clone, Debug)]
pub struct BotChecks(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    settings: BotCheckSettings,
    /// Nothing without a secret key: then nobody is asked.
    signer: Option<Signer>,
    widget: Option<(Kind, Widget)>,
    cache: Cache,
}

/// How many times a number was doubled.
fn doublings(number: i64, at_most: u32) -> u32 {
    u64::try_from(number).ok().and_then(u64::checked_ilog2).unwrap_or_default().min(at_most)
}

impl BotChecks {
    /// The feature.
    ///
    /// # Errors
    /// [`OutboundError::Url`].
    pub fn new(
        settings: BotCheckSettings,
        (sealer, cache, outbound): (&Sealer, Cache, &Outbound),
    ) -> Result<Self, OutboundError> {
        let signer = sealer.derive(DERIVED_FOR, "key").ok().map(|key| Signer::new(&key));
        let widget = match settings.kind {
            None | Some(Kind::Work) => None,
            Some(kind) => Some((kind, Widget::new(settings.widget.clone(), outbound)?)),
        };
        Ok(Self(Arc::new(Inner { settings, signer, widget, cache })))
    }

    fn key(purpose: Purpose, from: IpAddr) -> String {
        format!("proofs:{}:{}", purpose.name(), Network::site(from))
    }

    /// Lets a request go on, or asks for a proof. A request for an email is counted.
    ///
    /// # Errors
    /// [`BotCheckError::ProofNeeded`].
    pub async fn check(&self, purpose: Purpose, from: IpAddr, proof: Option<&Proof>) -> Result<(), BotCheckError> {
        let Inner { settings, signer, cache, .. } = &*self.0;
        let (Some(signer), Some(_)) = (signer, settings.kind) else { return Ok(()) };
        let key = Self::key(purpose, from);
        let before = match purpose {
            Purpose::Email => cache.count(&key, 1, COUNTED_FOR).await - 1,
            Purpose::SignIn => cache.counted(&key).await,
        };
        let beyond = before - i64::from(settings.free);
        if beyond < 0 {
            return Ok(());
        }
        let mut asks_for_work = false;
        if let Some(proof) = proof {
            match self.is_right(signer, purpose, from, proof).await {
                Ok(true) => return Ok(()),
                Ok(false) => {}
                Err(error) => {
                    tracing::warn!(%error, "the service that judges people can't be asked: work is taken instead");
                    asks_for_work = true;
                }
            }
        }
        match &self.0.widget {
            Some((kind, widget)) if !asks_for_work => {
                let site_key = widget.site_key().to_owned();
                Err(BotCheckError::ProofNeeded(Task::Widget { kind: *kind, site_key }))
            }
            _ => self.ask_for_work(signer, beyond, purpose, from).await,
        }
    }

    /// Counts a wrong password.
    pub async fn count_failure(&self, from: IpAddr) {
        if self.0.settings.kind.is_some() {
            self.0.cache.count(&Self::key(Purpose::SignIn, from), 1, COUNTED_FOR).await;
        }
    }

    async fn ask_for_work(
        &self,
        signer: &Signer,
        beyond: i64,
        purpose: Purpose,
        from: IpAddr,
    ) -> Result<(), BotCheckError> {
        let Inner { settings, cache, .. } = &*self.0;
        let minute = clock::now_ms().div_euclid(60_000);
        let all = cache.count(&format!("proofs:all:{minute}"), 1, Duration::from_mins(2)).await;
        let more = doublings(beyond / i64::from(settings.free.max(1)), MAX_MORE) + doublings(all / LOAD, MAX_LOAD);
        match work::challenge(signer, (settings.bits + more).min(MAX_BITS), purpose, from) {
            Ok(task) => Err(BotCheckError::ProofNeeded(task)),
            Err(error) => {
                tracing::error!(%error, "no proof can be asked for");
                Ok(())
            }
        }
    }

    async fn is_right(
        &self,
        signer: &Signer,
        purpose: Purpose,
        from: IpAddr,
        proof: &Proof,
    ) -> Result<bool, OutboundError> {
        if let Some(answered) = work::check(signer, proof.expose(), purpose, from) {
            let used = format!("proofs:used:{}", hex::of_bytes(&answered.0));
            return Ok(self.0.cache.claim(&used, LIFETIME).await.is_ok());
        }
        match &self.0.widget {
            Some((_, widget)) => widget.verify(proof.expose(), from).await,
            None => Ok(false),
        }
    }
}
