//! Prices and rates, asked for as the jobs do that ask providers.

use cairn::catalogue::titles::TitleId;

use crate::support::Cairn;

impl Cairn {
    /// Asks for a title's prices now, if they are old.
    pub async fn ask_for_prices(&self, title: i64) {
        self.services().providers.prices.fresh(TitleId(title)).await.unwrap();
    }

    /// Looks at what is wished for, from where the round has come to; returns when the next look is due.
    pub async fn look_at_wishes(&self) -> i64 {
        self.services().journal.price_falls.go_on().await.unwrap()
    }

    /// Asks for rates now, if they are old.
    pub async fn ask_for_rates(&self) {
        self.services().providers.prices.fresh_rates().await.unwrap();
    }
}
