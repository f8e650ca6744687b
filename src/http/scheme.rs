//! Extractors of the caller: each is a security scheme in the API document.

/// Makes a type the extractor of the security schemes of these names. `describe` registers the schemes; `find` extracts
/// the type from a request; `needed` says whether requests without credentials are refused.
///
/// A macro, since the framework's trait can't be implemented for all types that implement a trait of ours.
macro_rules! scheme_extractor {
    ($extractor:ty, $schemes:expr, needed: $needed:literal, $describe:path, $find:path) => {
        impl<'a> ::poem_openapi::ApiExtractor<'a> for $extractor {
            const TYPES: &'static [::poem_openapi::ApiExtractorType] =
                &[::poem_openapi::ApiExtractorType::SecurityScheme];

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
