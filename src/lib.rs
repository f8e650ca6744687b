//! Cairn: a backend for asynchronous multiplayer. Players leave traces in a game's world; others meet them later.
//!
//! The floors, from the top. A floor uses those below it, never those above:
//!
//! | module | what it is |
//! |---|---|
//! | [`cli`] | the command line: `serve`, `migrate`, `import`, `export`, `studio`, `game`, `key`, `demo`, `openapi` |
//! | [`app`] | the composition root: puts configuration, backends, features and HTTP together; starts and stops them |
//! | [`backends`] | the one place where URL schemes become a database and a cache |
//! | [`config`] | typed configuration: defaults, file, environment |
//! | [`features`] | what the product does, one folder each |
//! | [`http`] | what knows HTTP but no feature |
//! | [`platform`] | mechanisms that every feature may use, and that know none |

pub mod app;
pub mod backends;
pub mod cli;
pub mod config;
pub mod features;
pub mod http;
pub mod platform;
