//! The operations of an API with what their extractors declare: parameters, and the statuses with which they refuse requests.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use poem::{
    endpoint::{BoxEndpoint, EndpointExt},
    http::Method,
};
use poem_openapi::{
    OpenApi,
    registry::{MetaApi, MetaOperation, MetaOperationParam, MetaParamIn, MetaSchema, MetaSchemaRef, Registry},
};

use crate::http::{
    declaration::declared,
    docs, failure,
    idempotency::{Policy, RepeatedPosts},
    idempotency_key,
    known_params::{self, KnownParams},
    rate_limit::{self, Counting},
    scheme,
};

/// The statuses with which any request is refused before its route is asked: see `http::refusal`.
const REFUSALS: [u16; 5] = [400, 414, 431, 501, 503];

/// That of a GET with `If-Match`.
const PRECONDITION_FAILED: u16 = 412;

/// The statuses with which a body is refused.
const BODY_REFUSALS: [u16; 6] = [400, 408, 413, 415, 422, 503];

/// The operations that the document describes: all but deprecated ones, which answer at the paths of earlier releases, and
/// without deprecated parameters.
pub(super) fn described(apis: Vec<MetaApi>) -> MetaApi {
    let mut described = composed(apis);
    for path in &mut described.paths {
        path.operations.retain(|operation| !operation.deprecated);
        for operation in &mut path.operations {
            operation.params.retain(|param| !param.deprecated);
        }
    }
    described.paths.retain(|path| !path.operations.is_empty());
    described
}

/// All operations as one API; those on the same path are merged, since a path may occur only once in the document.
fn composed(apis: Vec<MetaApi>) -> MetaApi {
    let mut merged = MetaApi { paths: Vec::new() };
    for mut path in apis.into_iter().flat_map(|api| api.paths) {
        for operation in &mut path.operations {
            compose(&path.path, operation);
        }
        match merged.paths.iter_mut().find(|known| known.path == path.path) {
            Some(known) => known.operations.extend(path.operations),
            None => merged.paths.push(path),
        }
    }
    merged
}

/// Adds to an operation what its extractors declare.
fn compose(path: &str, operation: &mut MetaOperation) {
    let mut statuses = BTreeSet::from(REFUSALS);
    if operation.method == Method::GET {
        statuses.insert(PRECONDITION_FAILED);
    }
    for param in std::mem::take(&mut operation.params) {
        let Some((properties, refusals)) = declared(&param.schema) else {
            operation.params.push(param);
            continue;
        };
        statuses.extend(refusals);
        let plain = properties.iter().map(|(name, schema)| plain(name, schema, param.in_type));
        // What the path names needs no parameter in the query: one that is there too is taken, and does nothing.
        let in_path = |name: &str| path.contains(&format!("{{{name}}}"));
        let plain =
            plain.map(|param| MetaOperationParam { deprecated: param.deprecated || in_path(&param.name), ..param });
        operation.params.extend(plain);
    }
    if operation.method == Method::POST && operation.params.iter().all(|param| param.name != idempotency_key::NAME) {
        let param = idempotency_key::PARAM;
        let schema = MetaSchemaRef::Inline(Box::new(param.schema()));
        operation.params.push(plain(param.name, &schema, MetaParamIn::Header));
        statuses.insert(422);
    }
    if operation.request.is_some() {
        statuses.extend(BODY_REFUSALS);
    }
    if known_params::is_checked(path) {
        statuses.insert(known_params::REFUSAL);
    }
    if rate_limit::counting(path) != Counting::Nobody {
        statuses.insert(429);
    }
    let responses = &mut operation.responses.responses;
    statuses.retain(|status| !responses.iter().any(|response| response.status == Some(*status)));
    responses.extend(statuses.into_iter().map(failure::response));
    responses.sort_by_key(|response| response.status);
    operation.security = alternatives(&operation.security);
}

/// Schemes that are sent together.
type Schemes = HashMap<&'static str, Vec<&'static str>>;

/// The alternatives of an operation, of what its extractors declare: each one's own schemes, the same with the optional ones
/// beside them, and nothing at all where it is open.
fn alternatives(declared: &[Schemes]) -> Vec<Schemes> {
    let is_open = declared.iter().any(HashMap::is_empty);
    let is_beside = |schemes: &&Schemes| schemes.keys().any(|name| name.starts_with(scheme::BESIDE));
    let (beside, own): (Vec<&Schemes>, Vec<&Schemes>) =
        declared.iter().filter(|schemes| !schemes.is_empty()).partition(is_beside);
    let beside = beside.into_iter().flatten();
    let beside: Schemes = beside.map(|(name, of)| (name.trim_start_matches(scheme::BESIDE), of.clone())).collect();
    let mut all: Vec<Schemes> = own.iter().map(|schemes| (*schemes).clone()).collect();
    if !beside.is_empty() {
        let both = |own: &Schemes| own.iter().chain(&beside).map(|(name, of)| (*name, of.clone())).collect();
        all.extend(own.into_iter().map(both));
        if all.is_empty() {
            all.push(beside);
        }
    }
    if is_open && !all.is_empty() {
        all.push(Schemes::new());
    }
    all
}

/// A declared parameter as the document has it.
fn plain(name: &str, schema: &MetaSchemaRef, in_type: MetaParamIn) -> MetaOperationParam {
    let schema = match schema {
        MetaSchemaRef::Inline(schema) => (**schema).clone(),
        MetaSchemaRef::Reference(_) => MetaSchema::ANY,
    };
    let deprecated = schema.deprecated;
    MetaOperationParam {
        name: name.to_owned(),
        description: schema.description.map(str::to_owned),
        schema: MetaSchemaRef::Inline(Box::new(MetaSchema { description: None, ..schema })),
        in_type,
        required: false,
        deprecated,
        explode: true,
        style: None,
    }
}

/// The methods of each path of an API and of its documentation.
#[must_use]
pub fn methods<A: OpenApi>() -> BTreeMap<String, Vec<Method>> {
    let pages = docs::PATHS.map(|path| (path.to_owned(), vec![Method::GET]));
    let mut methods = BTreeMap::<String, Vec<Method>>::from(pages);
    for path in A::meta().into_iter().flat_map(|api| api.paths) {
        let known = methods.entry(routed(&path.path)).or_default();
        known.extend(path.operations.into_iter().map(|operation| operation.method));
    }
    for known in methods.values_mut().filter(|known| known.contains(&Method::GET)) {
        known.push(Method::HEAD);
    }
    methods
}

/// The router's form of a path of the document: parameters are numbered.
fn routed(path: &str) -> String {
    let mut parameters = 0;
    let segment = |segment: &str| {
        if !segment.starts_with('{') {
            return segment.to_owned();
        }
        parameters += 1;
        format!(":param{}", parameters - 1)
    };
    path.split('/').map(segment).collect::<Vec<_>>().join("/")
}

/// An API whose routes refuse query parameters that they do not know, and answer repeated requests.
struct WithKnownParams<A>(A);

/// An API whose routes refuse query parameters that they do not know, and answer repeated POSTs as the first.
pub fn with_known_params<A: OpenApi>(api: A) -> impl OpenApi {
    WithKnownParams(api)
}

impl<A: OpenApi> OpenApi for WithKnownParams<A> {
    fn meta() -> Vec<MetaApi> {
        A::meta()
    }

    fn register(registry: &mut Registry) {
        A::register(registry);
    }

    fn add_routes(self, routes: &mut HashMap<String, HashMap<Method, BoxEndpoint<'static>>>) {
        let known: HashMap<(String, Method), Arc<BTreeSet<String>>> = query_params::<A>();
        let with_body = posts_with_body::<A>();
        let mut own = HashMap::new();
        self.0.add_routes(&mut own);
        for (path, methods) in own {
            let checked = known_params::is_checked(&path);
            let wrap = |(method, mut route): (Method, BoxEndpoint<'static>)| {
                if method == Method::POST {
                    let has_body = with_body.contains(&path);
                    route = RepeatedPosts { route, policy: Policy::of(&path), has_body }.boxed();
                }
                let names = known.get(&(path.clone(), method.clone())).cloned();
                match names.filter(|_| checked) {
                    Some(names) => (method, KnownParams { route, names }.boxed()),
                    None => (method, route),
                }
            };
            routes.entry(path.clone()).or_default().extend(methods.into_iter().map(wrap));
        }
    }
}

/// The paths of the router of POST operations that receive a body.
fn posts_with_body<A: OpenApi>() -> BTreeSet<String> {
    let paths = A::meta().into_iter().flat_map(|api| api.paths);
    let receives = |operation: &MetaOperation| operation.method == Method::POST && operation.request.is_some();
    paths.filter(|path| path.operations.iter().any(receives)).map(|path| routed(&path.path)).collect()
}

/// The names of the query parameters of each operation, by the router's path and the method.
fn query_params<A: OpenApi>() -> HashMap<(String, Method), Arc<BTreeSet<String>>> {
    let mut known = HashMap::new();
    for path in composed(A::meta()).paths {
        for operation in path.operations {
            let names = operation.params.into_iter().filter(|param| matches!(param.in_type, MetaParamIn::Query));
            let names = Arc::new(names.map(|param| param.name).collect());
            known.insert((routed(&path.path), operation.method), names);
        }
    }
    known
}
