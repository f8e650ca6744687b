//! The header with a proof.

use poem::{Request, RequestBody, Result};
use poem_openapi::{
    ApiExtractor, ApiExtractorType, ExtractParamOptions,
    registry::{MetaParamIn, MetaSchemaRef},
};

use super::model::{MAX_PROOF, Proof};
use crate::{
    http::{
        declaration::{Declaration, Param, Values},
        params,
        problem::Problem,
    },
    platform::{error::Fault, secret::Secret},
};

/// The header.
const NAME: &str = "Cairn-Proof";

const PARAM: Param = Param {
    name: NAME,
    about: "What a problem `proof_needed` has asked for: of work, its `challenge`, a colon and a decimal number, of which SHA-256 begins \
            with `bits` zero bits; else the token of the widget. Not needed before it is asked for.",
    values: Values::Text { max_bytes: MAX_PROOF },
    example: "14.1796031600000.6f1d0c7be2a94d5f8b3a7c60.6f1d0c7be2a94d5f8b3a7c60e1f2d4a9:20441",
};

/// The proof that comes with a request, if there is one.
#[derive(Clone, Debug)]
pub struct ProofHeader(pub Option<Proof>);

impl<'a> ApiExtractor<'a> for ProofHeader {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::Parameter];

    type ParamType = ();
    type ParamRawType = ();

    fn param_in() -> Option<MetaParamIn> {
        Some(MetaParamIn::Header)
    }

    fn param_schema_ref() -> Option<MetaSchemaRef> {
        Some(Declaration { params: vec![PARAM], refusals: &[403, 422] }.into_schema())
    }

    async fn from_request(request: &'a Request, _: &mut RequestBody, _: ExtractParamOptions<()>) -> Result<Self> {
        let sent = params::header(request, NAME).map_err(|fault| Problem::invalid(vec![fault]))?;
        if sent.is_some_and(|sent| sent.len() > MAX_PROOF) {
            let fault = Fault::new(NAME, format!("is longer than {MAX_PROOF} bytes"));
            return Err(Problem::invalid(vec![fault]).into());
        }
        Ok(Self(sent.filter(|sent| !sent.is_empty()).map(Secret::new)))
    }
}
