//! All set-up that reaches behind the server: SQL on its tables, commands without a route, keys in Redis. Everything
//! else in these tests goes by HTTP, signals and the command line.

mod blobs;
mod cache;
mod commands;
mod people;
mod prices;
mod recordings;
mod schema;
mod sql;
mod studios;
mod titles;

pub use self::{
    commands::{Change, Trim, Withdraw},
    people::Relations,
    recordings::take_frames_away,
    schema::Schema,
    sql::{NEWER, NEWEST_TABLE, OLDER, connect_options, contradictions, execute},
    titles::record,
};

use super::Cairn;

impl Cairn {
    /// The code with which the first administrator is made.
    pub fn setup_code(&self) -> String {
        self.server.setup_code().unwrap().secret().expose().to_owned()
    }

    /// The services of the server.
    fn services(&self) -> &cairn::app::Services {
        self.server.services()
    }
}
