//! Refuses query parameters that a route does not know, with the nearest name: a misspelt one must not be ignored.
//!
//! The v0 routes and the pages are left alone, and so are `utm_*`, which others append to links.

use std::{collections::BTreeSet, sync::Arc};

use poem::{Endpoint, Request, Response, Result, endpoint::BoxEndpoint, http::Uri};

use super::{params, problem::Problem};
use crate::platform::{error::Fault, nearest::nearest};

/// The prefixes of the paths whose parameters are checked.
const PREFIXES: [&str; 2] = ["/v1/", "/api/"];

/// The routes to which others send browsers with parameters of their own, by the paths of the router and of the document.
const OTHERS: [&str; 2] = ["/v1/account/oidc/:param0/callback", "/v1/account/oidc/{provider}/callback"];

/// The status with which unknown parameters are refused.
pub const REFUSAL: u16 = 422;

/// Whether unknown parameters of that path are refused.
#[must_use]
pub fn is_checked(path: &str) -> bool {
    PREFIXES.iter().any(|prefix| path.starts_with(prefix)) && !OTHERS.contains(&path)
}

/// Whether a parameter is left alone on every route.
#[must_use]
pub fn is_ignored(name: &str) -> bool {
    name.starts_with("utm_")
}

/// A route that refuses the parameters that it does not know.
pub struct KnownParams {
    /// The route.
    pub route: BoxEndpoint<'static>,
    /// The names of its parameters.
    pub names: Arc<BTreeSet<String>>,
}

impl Endpoint for KnownParams {
    type Output = Response;

    async fn call(&self, request: Request) -> Result<Response> {
        if request.uri().query().is_some() {
            check(request.uri(), &self.names).map_err(Problem::invalid)?;
        }
        self.route.call(request).await
    }
}

fn check(uri: &Uri, names: &BTreeSet<String>) -> Result<(), Vec<Fault>> {
    let unknown = params::pairs(uri).filter(|(name, _)| !names.contains(&**name) && !is_ignored(name));
    let faults: Vec<Fault> = unknown.map(|(name, _)| Fault::new(format!("?{name}"), detail(&name, names))).collect();
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

fn detail(name: &str, names: &BTreeSet<String>) -> String {
    if names.is_empty() {
        return "is not known here; this route takes no parameters".to_owned();
    }
    if let Some(nearest) = nearest(name, names.iter().map(String::as_str)) {
        return format!("is not known here; did you mean {nearest}?");
    }
    let all: Vec<&str> = names.iter().map(String::as_str).collect();
    format!("is not known here; this route takes {}", all.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(query: &str, known: &[&str]) -> Vec<String> {
        let uri: Uri = format!("/v1/deck{query}").parse().unwrap();
        let names = known.iter().map(|name| (*name).to_owned()).collect();
        let faults = check(&uri, &names).err().unwrap_or_default();
        faults.into_iter().map(|fault| format!("{} {}", fault.pointer, fault.detail)).collect()
    }

    #[test]
    fn an_unknown_parameter_is_refused_with_the_nearest_name() {
        let known = ["scope", "deck", "limit"];
        assert_eq!(refusal("?scope=a&deck=1&utm_source=x", &known), Vec::<String>::new());
        assert_eq!(refusal("?scpoe=a", &known), ["?scpoe is not known here; did you mean scope?"]);
        assert_eq!(refusal("?limi%74s=1", &known), ["?limits is not known here; did you mean limit?"]);
        assert_eq!(refusal("?wait=a", &known), ["?wait is not known here; this route takes deck, limit, scope"]);
        assert_eq!(refusal("?a=1&b=2", &[]).len(), 2);
        assert_eq!(refusal("?a", &[]), ["?a is not known here; this route takes no parameters"]);
    }
}
