//! Reading requests for decks.

use poem::http::Uri;

use super::model::{MAX_SCOPES, Versions};
use crate::{
    http::{
        declaration::{Param, Values},
        known_params,
        params::{self, QueryParams, QueryReader, UriReader},
    },
    platform::error::Fault,
    traces::trace::GroupKey,
    worlds::ScopeKey,
};

/// The parameters of a request for decks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeckQuery {
    /// The scope; the first one, if there are several.
    pub scope: ScopeKey,
    /// The other scopes. Together they are at most [`MAX_SCOPES`]. Usually empty, so that the fast path allocates nothing.
    pub other_scopes: Vec<ScopeKey>,
    /// The number of the deck, to be taken modulo the number of decks.
    pub deck: Option<usize>,
    /// The content versions that the reader understands.
    pub versions: Versions,
    /// The group whose traces are shown.
    pub group: Option<GroupKey>,
}

impl DeckQuery {
    /// The parameters in a URI.
    ///
    /// # Errors
    /// The first fault.
    pub fn parse(uri: &Uri) -> Result<Self, Fault> {
        let (mut scope, mut other_scopes) = (None, Vec::new());
        let (mut deck, mut min, mut max, mut group) = (None, None, None, None);
        for (name, raw) in params::pairs(uri) {
            match &*name {
                "scope" => {
                    let parsed = ScopeKey::parse(&params::decode(raw, "scope")?, "?scope")?;
                    if scope.is_none() { scope = Some(parsed) } else { other_scopes.push(parsed) }
                }
                // An empty parameter counts as absent.
                _ if raw.is_empty() => {}
                "deck" => params::set_once(&mut deck, usize::from(deck_number(raw)?), "deck")?,
                "group" => {
                    let parsed = GroupKey::parse(&params::decode(raw, "group")?);
                    params::set_once(&mut group, parsed.map_err(|detail| Fault::new("?group", detail))?, "group")?;
                }
                // `version` is the old name: one of them is enough.
                name @ ("content_version_max" | "version") => params::set_once(&mut max, version(raw, name)?, name)?,
                name @ "content_version_min" => params::set_once(&mut min, version(raw, name)?, name)?,
                other if is_known_elsewhere(other) => {}
                other => return Err(Fault::new(format!("?{other}"), "is not known here")),
            }
        }
        if other_scopes.len() >= MAX_SCOPES {
            let times = other_scopes.len() + 1;
            return Err(Fault::new("?scope", format!("is there {times} times; at most {MAX_SCOPES}")));
        }
        let Versions { min: lowest, max: highest } = Versions::ALL;
        let versions = Versions { min: min.unwrap_or(lowest), max: max.unwrap_or(highest) };
        Ok(Self { scope: scope.unwrap_or_default(), other_scopes, deck, versions, group })
    }
}

/// The scopes of a deck.
const SCOPE: Param = Param {
    name: "scope",
    about: "The scope; may be repeated, up to 8 times. Absent: the scope without a name.",
    values: Values::Texts { max_bytes: ScopeKey::MAX_BYTES, max_items: MAX_SCOPES },
    example: "Ash Lake",
};

/// The values of a content version.
const VERSION: Values = Values::Integer { min: 0, max: 2_147_483_647, default: None };

/// The other parameters of a deck.
const OTHERS: [Param; 5] = [
    Param {
        name: "deck",
        about: "The number of the deck, taken modulo the number of decks. Absent: the player's own, if a player's token is sent.",
        values: Values::Integer { min: 0, max: 65_535, default: None },
        example: "2",
    },
    Param {
        name: "content_version_max",
        about: "The highest content version of the game that the reader understands: newer traces are left out.",
        values: VERSION,
        example: "3",
    },
    Param {
        name: "content_version_min",
        about: "The lowest content version of the game that the reader understands: older traces are left out.",
        values: VERSION,
        example: "1",
    },
    Param { name: "version", about: "The old name of `content_version_max`.", values: Values::OldName, example: "3" },
    Param {
        name: "group",
        about: "The name of the group whose traces are asked for.",
        values: Values::Text { max_bytes: GroupKey::MAX_BYTES },
        example: "the lanterns",
    },
];

impl QueryParams for DeckQuery {
    fn read(reader: &mut QueryReader<'_>) -> Option<Self> {
        let [deck, max, min, version, group] = OTHERS;
        reader.together(&[SCOPE, deck, max, min, version, group], Self::parse)
    }
}

/// The parameters of a request that names its scope in the path.
#[derive(Clone, Debug)]
pub struct ScopeDeckQuery(pub DeckQuery);

impl QueryParams for ScopeDeckQuery {
    fn read(reader: &mut QueryReader<'_>) -> Option<Self> {
        reader.together(&OTHERS, DeckQuery::parse).map(Self)
    }
}

/// Whether a parameter is read by somebody else: by the extractor of the reader, or by nobody.
fn is_known_elsewhere(name: &str) -> bool {
    name == "game" || known_params::is_ignored(name)
}

fn deck_number(text: &str) -> Result<u16, Fault> {
    text.parse().map_err(|_| Fault::new("?deck", format!("must be an integer of 0 to {}", u16::MAX)))
}

fn version(text: &str, name: &str) -> Result<i32, Fault> {
    let version = text.parse().ok().filter(|version| *version >= 0);
    version.ok_or_else(|| Fault::new(format!("?{name}"), format!("must be an integer of 0 to {}", i32::MAX)))
}

/// The sets of query parameters here.
pub const URI_READERS: &[UriReader] = &[
    ("DeckQuery", |uri| params::read::<DeckQuery>(uri).is_ok()),
    ("ScopeDeckQuery", |uri| params::read::<ScopeDeckQuery>(uri).is_ok()),
];
