//! Cairn: a backend for asynchronous multiplayer. Players leave traces in a game's world; others meet them later.
//!
//! The floors, from the top. A floor uses those below it, never those above:
//!
//! | module | what it is |
//! |---|---|
//! | [`cli`] | the command line: `serve`, `migrate`, `import`, `export`, `studio`, `game`, `key`, `demo`, `openapi` |
//! | [`app`] | the composition root: puts configuration, backends, domains and HTTP together; starts and stops them |
//! | [`backends`] | the one place where URL schemes become a database and a cache |
//! | [`config`] | typed configuration: defaults, file, environment |
//! | [`traces`] | what players leave in a world, and what others meet of it |
//! | [`identity`] | accounts, studios, players, and who may do what |
//! | [`http`] | what knows HTTP but no domain |
//! | [`platform`] | mechanisms that every domain may use, and that know none |

pub mod app;
pub mod backends;
pub mod cli;
pub mod config;
pub mod http;
pub mod identity;
pub mod platform;
pub mod traces;
pub mod worlds;
