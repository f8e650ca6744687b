//! Reading requests for decks.

use std::str::FromStr;

use poem::http::Uri;

use super::model::MAX_SCOPES;
use crate::{http::params, platform::error::Fault, traces::trace::GroupKey, worlds::ScopeKey};

/// The parameters of a request for decks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeckQuery {
    /// The scopes: at least one, at most [`MAX_SCOPES`].
    pub scopes: Vec<ScopeKey>,
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
        let (mut scopes, mut deck, mut version, mut group) = (Vec::new(), None, None, None);
        for (name, raw) in params::pairs(uri) {
            match &*name {
                "scope" => scopes.push(ScopeKey::parse(&params::decode(raw, "scope")?, "?scope")?),
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
        if scopes.len() > MAX_SCOPES {
            return Err(Fault::new("?scope", format!("is there {} times; at most {MAX_SCOPES}", scopes.len())));
        }
        if scopes.is_empty() {
            scopes.push(ScopeKey::default());
        }
        Ok(Self { scopes, deck, version, group })
    }

    /// The parameters in the URI of a request that names its scope in the path.
    ///
    /// # Errors
    /// The first fault.
    pub fn parse_with_scope(scope: &str, uri: &Uri) -> Result<Self, Fault> {
        let scopes = vec![ScopeKey::parse(scope, "scope")?];
        Ok(Self { scopes, ..Self::parse(uri)? })
    }
}

fn number<T: FromStr>(text: &str, name: &str, max: &str) -> Result<T, Fault> {
    text.parse().map_err(|_| Fault::new(format!("?{name}"), format!("must be an integer of 0 to {max}")))
}
