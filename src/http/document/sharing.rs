//! What operations have in common, written once: parameters, headers and problems that occur more than once become components.
//! And what the framework can't express: operations that are open to everybody, and fields that may be `null` in a request.

use std::collections::{BTreeMap, BTreeSet};

use openapiv3::{
    Components, OpenAPI, Operation, ReferenceOr, Response, Responses, Schema, SchemaData, SchemaKind, StatusCode, Type,
};
use serde::Serialize;
use serde_json::{
    Value,
    ser::{PrettyFormatter, Serializer},
};

/// A document as the framework writes it, with what is shared taken out, indented.
pub(super) fn shared(spec: &str) -> String {
    let spec = &with_plain_names(spec);
    let mut document: OpenAPI = match serde_json::from_str(spec) {
        Ok(document) => document,
        Err(error) => {
            // A test reads the document, so this can't be committed.
            tracing::error!(%error, "the OpenAPI document can't be read");
            return spec.to_owned();
        }
    };
    let mut components = document.components.take().unwrap_or_default();
    for schema in components.schemas.values_mut().filter_map(as_item_mut) {
        describe_references(schema);
        schema.schema_data.example.as_mut().into_iter().for_each(drop_nulls);
    }
    for operation in operations(&mut document) {
        for (_, response) in responses(operation) {
            if let Some(response) = as_item_mut(response) {
                tidy(response, &components);
            }
        }
    }
    allow_nulls(&document, &mut components);
    share_headers(&mut document, &mut components);
    share_responses(&mut document, &mut components);
    share_parameters(&mut document, &mut components);
    for operation in operations(&mut document) {
        // The framework keeps the schemes of an alternative in no order.
        for schemes in operation.security.get_or_insert_default() {
            schemes.sort_keys();
        }
    }
    document.components = Some(components);
    indented(&document).unwrap_or_else(|_| spec.to_owned())
}

/// With `StaleThought` for a type with a parameter, which the framework calls `Stale_Thought`: not all generators of clients make
/// the same name of that.
fn with_plain_names(spec: &str) -> String {
    let document: Value = serde_json::from_str(spec).unwrap_or_default();
    let schemas = document.pointer("/components/schemas").and_then(Value::as_object);
    let names = schemas.into_iter().flat_map(|schemas| schemas.keys()).filter(|name| name.contains('_'));
    names.fold(spec.to_owned(), |spec, name| spec.replace(name.as_str(), &name.replace('_', "")))
}

/// As JSON with a line for each member, indented by one space: two would add a fifth to its size.
fn indented(document: &OpenAPI) -> serde_json::Result<String> {
    let mut text = Vec::new();
    let formatter = PrettyFormatter::with_indent(b" ");
    document.serialize(&mut Serializer::with_formatter(&mut text, formatter))?;
    String::from_utf8(text).map_err(serde::ser::Error::custom)
}

fn as_item_mut<T>(one: &mut ReferenceOr<T>) -> Option<&mut T> {
    match one {
        ReferenceOr::Item(item) => Some(item),
        ReferenceOr::Reference { .. } => None,
    }
}

fn operations(document: &mut OpenAPI) -> impl Iterator<Item = &mut Operation> {
    let items = document.paths.paths.values_mut().filter_map(as_item_mut);
    items.flat_map(|item| {
        [&mut item.get, &mut item.put, &mut item.post, &mut item.delete, &mut item.patch].into_iter().flatten()
    })
}

fn id_of(operation: &Operation) -> &str {
    operation.operation_id.as_deref().unwrap_or_default()
}

/// The components of one sort, by what they are.
struct Shared {
    /// How often each occurs in the document.
    uses: BTreeMap<String, usize>,
    /// The names that were given.
    names: BTreeMap<String, String>,
}

impl Shared {
    /// Counts the uses of each.
    fn count<'a, T: Serialize + 'a>(all: impl Iterator<Item = &'a T>) -> Self {
        let mut uses = BTreeMap::new();
        for one in all {
            *uses.entry(key(one)).or_default() += 1;
        }
        Self { uses, names: BTreeMap::new() }
    }

    /// The name of a component, and whether it is new; nothing where there is only one use.
    fn name<T: Serialize>(&mut self, one: &T, name: &str, operation: &str) -> Option<(String, bool)> {
        let key = key(one);
        if self.uses.get(&key).is_none_or(|uses| *uses < 2) {
            return None;
        }
        if let Some(name) = self.names.get(&key) {
            return Some((name.clone(), false));
        }
        let is_taken = self.names.values().any(|taken| taken == name);
        let name = if is_taken { format!("{name}-{operation}") } else { name.to_owned() };
        self.names.insert(key, name.clone());
        Some((name, true))
    }
}

fn key<T: Serialize>(one: &T) -> String {
    serde_json::to_string(one).unwrap_or_default()
}

fn responses(operation: &mut Operation) -> impl Iterator<Item = (u16, &mut ReferenceOr<Response>)> {
    let Responses { responses, .. } = &mut operation.responses;
    responses.iter_mut().filter_map(|(status, response)| match status {
        StatusCode::Code(status) => Some((*status, response)),
        StatusCode::Range(_) => None,
    })
}

/// The framework writes names of headers in capitals, media types with their parameters, and where it has no description none.
fn tidy(response: &mut Response, components: &Components) {
    response.headers =
        std::mem::take(&mut response.headers).into_iter().map(|(name, header)| (titled(&name), header)).collect();
    let content = std::mem::take(&mut response.content).into_iter();
    response.content =
        content.map(|(name, media)| (name.split(';').next().unwrap_or(&name).to_owned(), media)).collect();
    let Some(media) = response.content.values().next().filter(|_| response.description.is_empty()) else { return };
    let Some(ReferenceOr::Reference { reference }) = &media.schema else { return };
    let schema = components.schemas.get(reference.rsplit('/').next().unwrap_or_default());
    let description = schema.and_then(|schema| schema.as_item()?.schema_data.description.clone());
    response.description = description.unwrap_or_default();
}

/// Where a property is a described reference, the framework writes `allOf` of the reference and of a schema that is nothing but
/// the description, which generators of clients take for a second type. The description goes beside `allOf` instead.
fn describe_references(schema: &mut Schema) {
    let SchemaKind::Type(Type::Object(object)) = &mut schema.schema_kind else { return };
    for property in object.properties.values_mut().filter_map(as_item_mut) {
        let SchemaKind::AllOf { all_of } = &mut property.schema_kind else { continue };
        if let [ReferenceOr::Reference { .. }, ReferenceOr::Item(described)] = all_of.as_mut_slice() {
            let data = std::mem::take(&mut described.schema_data);
            property.schema_data.description = property.schema_data.description.take().or(data.description);
            all_of.truncate(1);
        }
    }
}

/// Leaves absent members out of an example.
fn drop_nulls(example: &mut Value) {
    if let Some(members) = example.as_object_mut() {
        members.retain(|_, member| !member.is_null());
        members.values_mut().for_each(drop_nulls);
    } else if let Some(items) = example.as_array_mut() {
        items.iter_mut().for_each(drop_nulls);
    }
}

/// The name of a header as its specification writes it.
fn titled(name: &str) -> String {
    let word = |word: &str| match word.split_at_checked(1) {
        Some((first, rest)) => first.to_ascii_uppercase() + &rest.to_ascii_lowercase(),
        None => word.to_owned(),
    };
    let words: Vec<String> = name.split('-').map(word).collect();
    words.join("-").replace("Ratelimit", "RateLimit").replace("Www-", "WWW-").replace("Etag", "ETag")
}

fn share_headers(document: &mut OpenAPI, components: &mut Components) {
    let mut all = Vec::new();
    for operation in operations(document) {
        for (_, response) in responses(operation) {
            all.extend(as_item_mut(response).into_iter().flat_map(|response| response.headers.values().cloned()));
        }
    }
    let mut shared = Shared::count(all.iter());
    for operation in operations(document) {
        let id = id_of(operation).to_owned();
        for (_, response) in responses(operation) {
            for (name, header) in as_item_mut(response).into_iter().flat_map(|response| &mut response.headers) {
                let Some((component, is_new)) = shared.name(header, name, &id) else { continue };
                let reference = ReferenceOr::ref_(&format!("#/components/headers/{component}"));
                let inline = std::mem::replace(header, reference);
                if is_new {
                    components.headers.insert(component, inline);
                }
            }
        }
    }
}

fn share_responses(document: &mut OpenAPI, components: &mut Components) {
    let mut all = Vec::new();
    for operation in operations(document) {
        all.extend(responses(operation).map(|(_, response)| response.clone()));
    }
    let mut shared = Shared::count(all.iter());
    for operation in operations(document) {
        let id = id_of(operation).to_owned();
        for (status, response) in responses(operation) {
            let reason = poem::http::StatusCode::from_u16(status).ok();
            let reason = reason.and_then(|status| status.canonical_reason()).unwrap_or("Response");
            let name: String = reason.split_whitespace().collect();
            // Answers that carry something have a name of their own: their schema's.
            if status < 300 && status != 204 {
                continue;
            }
            let Some((component, is_new)) = shared.name(response, &name, &id) else { continue };
            let reference = ReferenceOr::ref_(&format!("#/components/responses/{component}"));
            let inline = std::mem::replace(response, reference);
            if is_new {
                components.responses.insert(component, inline);
            }
        }
    }
}

fn share_parameters(document: &mut OpenAPI, components: &mut Components) {
    let all: Vec<_> = operations(document).flat_map(|operation| operation.parameters.clone()).collect();
    let mut shared = Shared::count(all.iter());
    for operation in operations(document) {
        let id = id_of(operation).to_owned();
        for parameter in &mut operation.parameters {
            let Some(name) = parameter.as_item().map(|item| item.parameter_data_ref().name.clone()) else { continue };
            let Some((component, is_new)) = shared.name(parameter, &name, &id) else { continue };
            let reference = ReferenceOr::ref_(&format!("#/components/parameters/{component}"));
            let inline = std::mem::replace(parameter, reference);
            if is_new {
                components.parameters.insert(component, inline);
            }
        }
    }
}

/// Lets the optional fields of requests be `null`: it counts as absent. Not those of schemas that answers have too, which leave
/// such a field out.
fn allow_nulls(document: &OpenAPI, components: &mut Components) {
    let (mut sent, mut received) = (BTreeSet::new(), BTreeSet::new());
    for item in document.paths.paths.values().filter_map(ReferenceOr::as_item) {
        for (_, operation) in item.iter() {
            let bodies = operation.request_body.iter().filter_map(ReferenceOr::as_item);
            for schema in bodies.flat_map(|body| body.content.values()).filter_map(|media| media.schema.as_ref()) {
                reach(schema, components, &mut sent);
            }
            let answers = operation.responses.responses.values().filter_map(ReferenceOr::as_item);
            for schema in answers.flat_map(|answer| answer.content.values()).filter_map(|media| media.schema.as_ref()) {
                reach(schema, components, &mut received);
            }
        }
    }
    for name in sent.difference(&received) {
        let Some(ReferenceOr::Item(schema)) = components.schemas.get_mut(name) else { continue };
        let SchemaKind::Type(Type::Object(object)) = &mut schema.schema_kind else { continue };
        for (name, property) in &mut object.properties {
            if object.required.contains(name) {
                continue;
            }
            match property {
                ReferenceOr::Item(schema) => schema.schema_data.nullable = true,
                ReferenceOr::Reference { reference } => {
                    let schema_data = SchemaData { nullable: true, ..SchemaData::default() };
                    let all_of = vec![ReferenceOr::Reference { reference: std::mem::take(reference) }];
                    let schema = Schema { schema_data, schema_kind: SchemaKind::AllOf { all_of } };
                    *property = ReferenceOr::boxed_item(schema);
                }
            }
        }
    }
}

/// Adds the names of the schemas that a schema is made of.
fn reach(schema: &ReferenceOr<Schema>, components: &Components, reached: &mut BTreeSet<String>) {
    let schema = match schema {
        ReferenceOr::Item(schema) => schema,
        ReferenceOr::Reference { reference } => {
            let name = reference.rsplit('/').next().unwrap_or_default();
            if !reached.insert(name.to_owned()) {
                return;
            }
            match components.schemas.get(name) {
                Some(ReferenceOr::Item(schema)) => schema,
                _ => return,
            }
        }
    };
    let unboxed = |schema: &ReferenceOr<Box<Schema>>| schema.clone().unbox();
    match &schema.schema_kind {
        SchemaKind::Type(Type::Object(object)) => {
            for property in object.properties.values() {
                reach(&unboxed(property), components, reached);
            }
        }
        SchemaKind::Type(Type::Array(array)) => {
            if let Some(items) = &array.items {
                reach(&unboxed(items), components, reached);
            }
        }
        SchemaKind::OneOf { one_of: all } | SchemaKind::AllOf { all_of: all } | SchemaKind::AnyOf { any_of: all } => {
            for one in all {
                reach(one, components, reached);
            }
        }
        _ => {}
    }
}
