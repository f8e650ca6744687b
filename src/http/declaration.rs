//! What an extractor declares about the requests that it reads: its parameters, and the statuses with which it refuses a
//! request. The description of the API and the refusal of unknown parameters follow from it.
//!
//! The framework has room for one parameter per extractor, so a declaration travels as the schema of a parameter, and
//! [`document`](super::document) takes it out again.

use poem_openapi::registry::{MetaSchema, MetaSchemaRef};

/// A query parameter or a header, as the API document describes it.
#[derive(Clone, Copy, Debug)]
pub struct Param {
    /// Its name.
    pub name: &'static str,
    /// What it means, and what its absence means.
    pub about: &'static str,
    /// The values that it takes.
    pub values: Values,
    /// A value, as it is sent.
    pub example: &'static str,
}

/// The values of a parameter.
#[derive(Clone, Copy, Debug)]
pub enum Values {
    /// A text of at most so many bytes.
    Text {
        /// The most bytes.
        max_bytes: usize,
    },
    /// A text of at most so many bytes; the parameter may be repeated.
    Texts {
        /// The most bytes of each.
        max_bytes: usize,
        /// The most repetitions.
        max_items: usize,
    },
    /// An integer.
    Integer {
        /// The least.
        min: i64,
        /// The greatest.
        max: i64,
        /// The value that an absent parameter stands for, if there is one.
        default: Option<i64>,
    },
    /// One of these texts; an absent parameter stands for the first.
    OneOf(&'static [&'static str]),
    /// Those of another parameter, of which this is the old name: it is taken, and not in the document.
    OldName,
}

impl Param {
    /// Its schema; the description and the example are those of the parameter.
    pub(super) fn schema(&self) -> MetaSchema {
        let length = |bytes| MetaSchema { max_length: Some(bytes), ..MetaSchema::new("string") };
        let schema = match self.values {
            Values::Text { max_bytes } => length(max_bytes),
            Values::Texts { max_bytes, max_items } => MetaSchema {
                items: Some(Box::new(MetaSchemaRef::Inline(Box::new(length(max_bytes))))),
                max_items: Some(max_items),
                ..MetaSchema::new("array")
            },
            Values::Integer { min, max, default } => {
                let bound = |bound: i64| bound.to_string().parse().ok();
                let format = if i32::try_from(max).is_ok() { "int32" } else { "int64" };
                MetaSchema {
                    minimum: bound(min),
                    maximum: bound(max),
                    default: default.map(Into::into),
                    ..MetaSchema::new_with_format("integer", format)
                }
            }
            Values::OneOf(names) => MetaSchema {
                enum_items: names.iter().map(|name| (*name).into()).collect(),
                default: names.first().map(|name| (*name).into()),
                ..MetaSchema::new("string")
            },
            Values::OldName => MetaSchema { deprecated: true, ..MetaSchema::ANY },
        };
        let example = match self.values {
            Values::Texts { .. } => vec![self.example].into(),
            Values::Integer { .. } => self.example.parse::<i64>().unwrap_or_default().into(),
            Values::Text { .. } | Values::OneOf(_) | Values::OldName => self.example.into(),
        };
        MetaSchema { description: Some(self.about), example: Some(example), ..schema }
    }
}

/// What an extractor declares.
#[derive(Clone, Debug, Default)]
pub struct Declaration {
    /// Its parameters.
    pub params: Vec<Param>,
    /// The statuses with which it refuses a request.
    pub refusals: &'static [u16],
}

/// The `type` of a schema that is a declaration.
const MARK: &str = "declaration";

impl Declaration {
    /// As the schema of a parameter.
    #[must_use]
    pub fn into_schema(self) -> MetaSchemaRef {
        let property = |param: &Param| (param.name, MetaSchemaRef::Inline(Box::new(param.schema())));
        MetaSchemaRef::Inline(Box::new(MetaSchema {
            properties: self.params.iter().map(property).collect(),
            enum_items: self.refusals.iter().map(|status| (*status).into()).collect(),
            ..MetaSchema::new(MARK)
        }))
    }
}

/// The parameters of a declaration, with their schemas.
type Properties = [(&'static str, MetaSchemaRef)];

/// The parameters and the refusals in the schema of a parameter, if it is a declaration.
pub(super) fn declared(schema: &MetaSchemaRef) -> Option<(&Properties, Vec<u16>)> {
    let MetaSchemaRef::Inline(schema) = schema else { return None };
    let refusals = schema.enum_items.iter().filter_map(|status| u16::try_from(status.as_u64()?).ok()).collect();
    (schema.ty == MARK).then_some((schema.properties.as_slice(), refusals))
}
