//! The header `Idempotency-Key`: a name for a request, under which its effects happen once.

use poem::{Request, RequestBody, Result};
use poem_openapi::{
    ApiExtractor, ApiExtractorType, ExtractParamOptions,
    registry::{MetaParamIn, MetaSchemaRef},
};

use super::{
    declaration::{Declaration, Param, Values},
    params,
    problem::Problem,
};
use crate::platform::error::Fault;

/// The header.
pub(super) const NAME: &str = "Idempotency-Key";

/// The most bytes of a key.
const MAX_BYTES: usize = 255;

/// The header, as the API document describes it: every POST takes it.
pub(super) const PARAM: Param = Param {
    name: NAME,
    about: "A name for this request, unique for the caller: 1 to 255 printable ASCII characters. Sent again, the request stores \
            nothing twice, and is answered as the first time.",
    values: Values::Text { max_bytes: MAX_BYTES },
    example: "5f0c7f4e-6f0e-4f7a-9d62-3f1f3a0c8a11",
};

/// The `Idempotency-Key` of a request, if there is one. The framework would ignore a value that is not ASCII, and the request
/// would then be stored twice; here it is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdempotencyKey<'a>(pub Option<&'a str>);

impl<'a> IdempotencyKey<'a> {
    /// The key; an empty one counts as absent, since some generated clients can't leave a header out. v0 refuses it.
    #[must_use]
    pub fn unless_empty(self) -> Option<&'a str> {
        self.0.filter(|key| !key.is_empty())
    }

    /// The key of a request.
    ///
    /// # Errors
    /// It is invalid.
    pub(super) fn read(request: &'a Request) -> Result<Self, Fault> {
        let key = params::header(request, NAME)?;
        let is_valid = |key: &str| key.len() <= MAX_BYTES && key.bytes().all(|byte| matches!(byte, b' '..=b'~'));
        if key.is_some_and(|key| !is_valid(key)) {
            return Err(Fault::new(NAME, format!("must be 1 to {MAX_BYTES} printable ASCII characters")));
        }
        Ok(Self(key))
    }
}

impl<'a> ApiExtractor<'a> for IdempotencyKey<'a> {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::Parameter];

    type ParamType = ();
    type ParamRawType = ();

    fn param_in() -> Option<MetaParamIn> {
        Some(MetaParamIn::Header)
    }

    fn param_schema_ref() -> Option<MetaSchemaRef> {
        Some(Declaration { params: vec![PARAM], refusals: &[422] }.into_schema())
    }

    async fn from_request(request: &'a Request, _: &mut RequestBody, _: ExtractParamOptions<()>) -> Result<Self> {
        Ok(Self::read(request).map_err(|fault| Problem::invalid(vec![fault]))?)
    }
}
