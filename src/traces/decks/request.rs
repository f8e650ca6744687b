//! Reading requests for decks.

use std::str::FromStr;

use poem::http::Uri;

use super::model::MAX_SCOPES;
use crate::{http::params, platform::error::Fault, traces::trace::GroupKey, worlds::ScopeKey};

/// The parameters of a request for decks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeckQuery {
    /// The scope; the first one, if there are several.
    pub scope: ScopeKey,
    /// The other scopes. Together they are at most [`MAX_SCOPES`]. Usually empty, so that the fast path allocates nothing.
    pub other_scopes: Vec<ScopeKey>,
    /// The number of the deck, to be taken modulo the number of decks.
    pub deck: Option<usize>,
    /// The content version that the reader understands.
    pub version: Option<i32>,
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
        let (mut deck, mut version, mut group) = (None, None, None);
        for (name, raw) in params::pairs(uri) {
            match &*name {
                "scope" => {
                    let parsed = ScopeKey::parse(&params::decode(raw, "scope")?, "?scope")?;
                    if scope.is_none() { scope = Some(parsed) } else { other_scopes.push(parsed) }
                }
                // An empty parameter counts as absent.
                _ if raw.is_empty() => {}
                "deck" => params::set_once(&mut deck, number::<u16>(raw, "deck", "65535")?.into(), "deck")?,
                "version" => params::set_once(&mut version, number(raw, "version", "2147483647")?, "version")?,
                "group" => {
                    let parsed = GroupKey::parse(&params::decode(raw, "group")?);
                    params::set_once(&mut group, parsed.map_err(|detail| Fault::new("?group", detail))?, "group")?;
                }
                _ => {}
            }
        }
        if other_scopes.len() >= MAX_SCOPES {
            let times = other_scopes.len() + 1;
            return Err(Fault::new("?scope", format!("is there {times} times; at most {MAX_SCOPES}")));
        }
        Ok(Self { scope: scope.unwrap_or_default(), other_scopes, deck, version, group })
    }

    /// The parameters in the URI of a request that names its scope in the path.
    ///
    /// # Errors
    /// The first fault.
    pub fn parse_with_scope(scope: &str, uri: &Uri) -> Result<Self, Fault> {
        let scope = ScopeKey::parse(scope, "scope")?;
        Ok(Self { scope, other_scopes: Vec::new(), ..Self::parse(uri)? })
    }
}

fn number<T: FromStr>(text: &str, name: &str, max: &str) -> Result<T, Fault> {
    text.parse().map_err(|_| Fault::new(format!("?{name}"), format!("must be an integer of 0 to {max}")))
}
