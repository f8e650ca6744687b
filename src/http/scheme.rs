//! Extractors of the caller: each is a security scheme in the API document.

/// Begins the name of a scheme that is optional beside those of other extractors of the same operation.
pub const BESIDE: char = '+';

/// Makes a type the extractor of the security schemes of these names. `describe` registers the schemes; `find` extracts
/// the type from a request; `needed` says whether requests without credentials are refused, `refusals` with which statuses
/// requests are refused, and `params` which parameters it reads.
///
/// A macro, since the framework's trait can't be implemented for all types that implement a trait of ours.
macro_rules! scheme_extractor {
    ($extractor:ty, $schemes:expr, needed: $needed:literal, refusals: $refusals:expr, params: $params:expr, $describe:path, $find:path) => {
        impl<'a> ::poem_openapi::ApiExtractor<'a> for $extractor {
            const TYPES: &'static [::poem_openapi::ApiExtractorType] =
                &[::poem_openapi::ApiExtractorType::SecurityScheme, ::poem_openapi::ApiExtractorType::Parameter];

            type ParamType = ();
            type ParamRawType = ();

            fn register(registry: &mut ::poem_openapi::registry::Registry) {
                $describe(registry);
            }

            fn security_schemes() -> Vec<&'static str> {
                $schemes.to_vec()
            }

            fn has_security_fallback() -> bool {
                !$needed
            }

            fn param_in() -> Option<::poem_openapi::registry::MetaParamIn> {
                Some(::poem_openapi::registry::MetaParamIn::Query)
            }

            fn param_schema_ref() -> Option<::poem_openapi::registry::MetaSchemaRef> {
                let declaration = $crate::http::declaration::Declaration { params: $params, refusals: &$refusals };
                Some(declaration.into_schema())
            }

            async fn from_request(
                request: &'a ::poem::Request,
                _: &mut ::poem::RequestBody,
                _: ::poem_openapi::ExtractParamOptions<()>,
            ) -> ::poem::Result<Self> {
                Ok($find(request).await?)
            }
        }
    };
}

pub(crate) use scheme_extractor;
