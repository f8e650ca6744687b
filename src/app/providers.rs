//! What the catalogue learns from providers: prices, and further titles.

use super::{StartError, platform::Platform};
use crate::{
    catalogue::{
        discovery::{Discovery, DiscoveryApi},
        prices::{Prices, PricesApi},
        titles::Titles,
    },
    config::Config,
    platform::jobs::Work,
};

/// The features that ask providers. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Providers {
    /// Prices of titles.
    pub prices: Prices,
    /// Finds titles that are not in the catalogue yet.
    pub discovery: Discovery,
}

impl Providers {
    /// Starts them. Nobody is asked before somebody wants to know.
    ///
    /// # Errors
    /// [`StartError::Provider`].
    pub(super) fn start(platform: &Platform, titles: &Titles, config: &Config) -> Result<Self, StartError> {
        let Platform { database, jobs, outbound, tasks, .. } = platform;
        let control = || database.control().clone();
        let settings = (&config.prices).into();
        let prices = Prices::start(control(), titles.clone(), jobs.clone(), outbound, &settings, tasks)?;
        let settings = (&config.discovery).into();
        let discovery = Discovery::start(control(), titles.clone(), jobs.clone(), outbound, &settings)?;
        Ok(Self { prices, discovery })
    }

    /// What does their jobs.
    pub(super) fn work(&self) -> Vec<Work> {
        let mut work = self.prices.work();
        work.push(self.discovery.work());
        work
    }

    /// Their routes.
    pub(super) fn apis(&self) -> (PricesApi, DiscoveryApi) {
        (PricesApi { prices: self.prices.clone() }, DiscoveryApi { discovery: self.discovery.clone() })
    }
}
