//! The request body of `POST /add-object`, as the API describes it. [`super::body`] reads it.

use poem::http::Uri;
use poem_openapi::{Object, Union, types::Example};

use crate::{
    http::{
        declaration::{Param, Values},
        params::{self, QueryParams, QueryReader},
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

/// A message.
#[derive(Debug, Object)]
pub struct V0Message {
    /// The player id: 1 to 64 bytes.
    #[oai(validator(min_length = 1, max_length = 64))]
    pub u_uuid: String,
    /// First part: a text of at most 1,024 bytes, or an integer.
    pub part1: TextOrInteger,
    /// Second part.
    pub part2: TextOrInteger,
    /// Third part.
    pub part3: TextOrInteger,
    /// Position as `x,y,z`: at most 256 bytes, returned as sent.
    #[oai(validator(max_length = 256))]
    pub m_pos: Option<String>,
}

/// A text, or the game's number for a text.
#[derive(Debug, Union)]
pub enum TextOrInteger {
    /// A text.
    Text(String),
    /// The game's number for a text.
    Integer(i64),
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
