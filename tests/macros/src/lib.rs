//! `#[cairn_test]` runs one body as a test on each backend. An attribute, so that rustfmt and the IDE see the body.

use proc_macro::TokenStream;
use quote::quote;
use syn::{Error, FnArg, ItemFn, PathSegment, Type, parse_macro_input};

/// Makes the tests `name::embedded` and `name::server` of an `async fn name`.
///
/// The function takes `&Cairn`, a server that runs, or `&Place`, in which it starts its servers itself. Where the
/// servers of a backend are not there, its test says so and passes.
#[proc_macro_attribute]
pub fn cairn_test(_arguments: TokenStream, item: TokenStream) -> TokenStream {
    let function = parse_macro_input!(item as ItemFn);
    expand(&function).unwrap_or_else(|error| error.to_compile_error().into())
}

fn expand(function: &ItemFn) -> Result<TokenStream, Error> {
    let name = &function.sig.ident;
    let takes = argument(function).map(|segment| segment.ident.to_string());
    let run = match takes.as_deref() {
        Some("Cairn") => quote!(run),
        Some("Place") => quote!(run_in),
        _ => return Err(Error::new_spanned(&function.sig, "a cairn_test takes `&Cairn` or `&Place`")),
    };
    Ok(quote! {
        mod #name {
            use super::*;

            #function

            #[tokio::test(flavor = "multi_thread")]
            async fn embedded() {
                crate::support::#run(crate::support::Backend::Embedded, #name).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn server() {
                crate::support::#run(crate::support::Backend::Server, #name).await;
            }
        }
    }
    .into())
}

/// The last segment of the only argument's type, which is a reference.
fn argument(function: &ItemFn) -> Option<&PathSegment> {
    let [FnArg::Typed(argument)] = &*function.sig.inputs.iter().collect::<Vec<_>>() else { return None };
    let Type::Reference(reference) = &*argument.ty else { return None };
    let Type::Path(path) = &*reference.elem else { return None };
    path.path.segments.last()
}
