//! The journal: what players keep of their games, and how they share it.
//!
//! | feature | what it does |
//! |---|---|
//! | [`library`] | entries with their states, playthroughs and scores; statistics; imports and exports |
//! | [`price_falls`] | tells people that a title on their wish list costs no more than they want to pay |
//! | [`thoughts`] | thoughts and reviews in Markdown, with comments and reactions |
//! | [`media`] | screenshots and clips |
//! | [`challenges`] | challenges and gatherings, with guests, waiting lists and addresses for those who come |
//! | [`saves`] | saves of games with versions, also by WebDAV |
//! | [`moderation`] | reports, the queue of moderators and what they decide, appeals |
//! | [`social`] | the feed of those whom a user follows, and all that a first page needs |
//! | [`public_pages`] | what this is, a title, a person and a thought as pages that anybody can read, without JavaScript too |
//!
//! All of it lies in the control tables: users are the installation's, not a studio's. Who sees what is decided by the conditions
//! of [`identity::people`](crate::identity::people), within the statements.

pub mod cards;
pub mod challenges;
pub mod examples;
pub mod library;
pub mod media;
pub mod moderation;
pub mod price_falls;
pub mod public_pages;
pub mod saves;
pub mod social;
pub mod tags;
pub mod thoughts;
