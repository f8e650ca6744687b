//! Request parameters of the inbox.

use poem::Request;

use super::model::InboxError;
use crate::http::page::PageRequest;

/// Default and largest page.
const PAGE: [usize; 2] = [100, 500];

/// The page that a request asks for; its cursor is the id of an item.
///
/// # Errors
/// [`InboxError::Invalid`].
pub fn page(request: &Request) -> Result<PageRequest<i64>, InboxError> {
    let cursor = |text: &str| {
        let id = text.parse::<u64>().ok().and_then(|id| i64::try_from(id).ok());
        id.ok_or_else(|| "must be what `next` was".to_owned())
    };
    PageRequest::read(request.uri(), PAGE, cursor).map_err(InboxError::Invalid)
}
