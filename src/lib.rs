//! Cairn: a backend for asynchronous multiplayer. Players leave traces in a game's world; other players see them later.
//!
//! The modules, from the top. A module uses those below it, never those above:
//!
//! | module | what it is |
//! |---|---|
//! | [`cli`] | the command line: `serve`, `migrate`, `import`, `export`, `studio`, `game`, `key`, and more |
//! | [`app`] | the composition root: connects configuration, backends, domains and HTTP; starts and stops them |
//! | [`backends`] | the only place where URL schemes choose a database, a cache and a mail target |
//! | [`config`] | the configuration, composed of its owners' sections: defaults, file, environment |
//! | [`journal`] | what players keep of their games: libraries |
//! | [`traces`] | what players leave in a world, and how others see it |
//! | [`journal`] | what players keep of their games, and how they share it |
//! | [`worlds`] | the engine of a world: transactions, ids, change log, announcements |
//! | [`catalogue`] | titles: games as the world knows them |
//! | [`identity`] | accounts, studios, players, and who may do what |
//! | [`http`] | HTTP mechanisms without a domain |
//! | [`platform`] | mechanisms that know neither HTTP nor a domain |

pub mod app;
pub mod backends;
pub mod catalogue;
pub mod cli;
pub mod config;
pub mod http;
pub mod identity;
pub mod journal;
pub mod platform;
pub mod traces;
pub mod worlds;
