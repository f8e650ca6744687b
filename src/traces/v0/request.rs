//! The request body of `POST /add-object`, as the API describes it. [`super::body`] reads it.

use std::borrow::Cow;

use poem::http::Uri;
use poem_openapi::{
    Object,
    registry::{MetaSchema, MetaSchemaRef, Registry},
    types::{Example, ParseError, ParseFromJSON, ParseResult, ToJSON, Type},
};
use serde_json::Value;

use crate::{
    http::{
        declaration::{Param, Values},
        params::{self, QueryParams, QueryReader, UriReader},
    },
    platform::error::Fault,
    worlds::ScopeKey,
};

/// The scope of a request for the newest traces.
#[derive(Clone, Debug)]
pub struct V0Scope(pub ScopeKey);

/// The parameter of the scope.
const SCOPE: Param = Param {
    name: "scope",
    about: "The scope, as the game names it: at most 64 bytes, no control characters. Absent: the scope without a name.",
    values: Values::Text { max_bytes: ScopeKey::MAX_BYTES },
    example: "Ash Lake",
};

impl V0Scope {
    /// The scope in a URI.
    ///
    /// # Errors
    /// It is invalid.
    pub fn parse(uri: &Uri) -> Result<Self, Fault> {
        ScopeKey::parse(&params::query(uri, SCOPE.name)?, "?scope").map(Self)
    }
}

impl QueryParams for V0Scope {
    fn read(reader: &mut QueryReader<'_>) -> Option<Self> {
        reader.together(&[SCOPE], Self::parse)
    }
}

/// The traces to leave: an object, a message or both, and always a phantom.
#[derive(Debug, Object)]
#[oai(example)]
pub struct AddObjectRequest {
    /// The object. `obj` or `message` is required.
    #[oai(rename = "obj")]
    pub object: Option<V0Object>,
    /// The message.
    pub message: Option<V0Message>,
    /// The recorded run.
    pub phantom: V0Phantom,
    /// The scope, as the game names it. The default is the empty scope.
    #[oai(validator(max_length = 64))]
    pub scope: Option<String>,
}

/// A thing placed in the world.
#[derive(Debug, Object)]
pub struct V0Object {
    /// The player id: 1 to 64 bytes.
    #[oai(validator(min_length = 1, max_length = 64))]
    pub u_uuid: String,
    /// The game's number for the type of object.
    pub o_type: i64,
    /// Position as `x,y,z`: at most 256 bytes, returned as sent.
    #[oai(validator(max_length = 256))]
    pub o_pos: String,
    /// Rotation as `x,y,z`: at most 256 bytes, returned as sent.
    #[oai(validator(max_length = 256))]
    pub o_rot: String,
}

/// A message: three parts.
// The parts have no description of their own, which would keep them from being plain references.
#[derive(Debug, Object)]
#[expect(missing_docs, reason = "the schema of the parts describes them")]
pub struct V0Message {
    /// The player id: 1 to 64 bytes.
    #[oai(validator(min_length = 1, max_length = 64))]
    pub u_uuid: String,
    pub part1: TextOrInteger,
    pub part2: TextOrInteger,
    pub part3: TextOrInteger,
    /// Position as `x,y,z`: at most 256 bytes, returned as sent.
    #[oai(validator(max_length = 256))]
    pub m_pos: Option<String>,
}

/// A text, or the game's number for a text.
#[derive(Debug)]
pub enum TextOrInteger {
    /// A text.
    Text(String),
    /// The game's number for a text.
    Integer(i64),
}

impl Type for TextOrInteger {
    const IS_REQUIRED: bool = true;

    type RawValueType = Self;
    type RawElementValueType = Self;

    fn name() -> Cow<'static, str> {
        "TextOrInteger".into()
    }

    fn schema_ref() -> MetaSchemaRef {
        MetaSchemaRef::Reference(Self::name().into_owned())
    }

    fn register(registry: &mut Registry) {
        // Without a `type` of its own: a generator that finds one makes an object of it.
        registry.create_schema::<Self, _>(Self::name().into_owned(), |_| MetaSchema {
            description: Some("A text of at most 1,024 bytes, or the game's number for a text; returned as sent."),
            one_of: vec![String::schema_ref(), i64::schema_ref()],
            ..MetaSchema::ANY
        });
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }

    fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
        Box::new(self.as_raw_value().into_iter())
    }
}

impl ToJSON for TextOrInteger {
    fn to_json(&self) -> Option<Value> {
        Some(match self {
            Self::Text(text) => text.as_str().into(),
            Self::Integer(integer) => (*integer).into(),
        })
    }
}

impl ParseFromJSON for TextOrInteger {
    fn parse_from_json(value: Option<Value>) -> ParseResult<Self> {
        match value.unwrap_or_default() {
            Value::String(text) => Ok(Self::Text(text)),
            other => other.as_i64().map(Self::Integer).ok_or_else(|| ParseError::expected_type(other)),
        }
    }
}

/// A recorded run.
#[derive(Debug, Object)]
pub struct V0Phantom {
    /// The player id: 1 to 64 bytes.
    #[oai(validator(min_length = 1, max_length = 64))]
    pub u_uuid: String,
    /// The frames, each an array of texts, for example `["x,y,z","x,y,z,w"]`: at most 12,000 frames of at most 8 texts of at most
    /// 256 bytes, and at most 256 KiB when packed. Returned as sent.
    #[oai(validator(max_items = 12000))]
    pub data: Vec<Vec<String>>,
}

impl Example for AddObjectRequest {
    fn example() -> Self {
        let u_uuid = "3f0c1a52-7d0e-4c86-9d1c-0a7c9c1f1f11".to_owned();
        let texts = |texts: [&str; 2]| texts.map(str::to_owned).to_vec();
        Self {
            object: Some(V0Object {
                u_uuid: u_uuid.clone(),
                o_type: 1,
                o_pos: "10.5,20.0,30.2".to_owned(),
                o_rot: "0.0,90.0,0.0".to_owned(),
            }),
            message: Some(V0Message {
                u_uuid: u_uuid.clone(),
                part1: TextOrInteger::Text("Try".to_owned()),
                part2: TextOrInteger::Text("rolling,".to_owned()),
                part3: TextOrInteger::Text("but hole".to_owned()),
                m_pos: Some("10.5,20.0,30.2".to_owned()),
            }),
            phantom: V0Phantom {
                u_uuid,
                data: vec![texts(["10.5,20.0,30.2", "0.0,0.0,0.0,1.0"]), texts(["10.6,20.0,30.1", "0.0,0.0,0.0,1.0"])],
            },
            scope: None,
        }
    }
}

/// The sets of query parameters here.
pub const URI_READERS: &[UriReader] = &[("V0Scope", |uri| params::read::<V0Scope>(uri).is_ok())];
