//! What WebDAV shows.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::{
    http::dav::Resource,
    journal::saves::model::{DAV_SAVES, DavPath, Found},
    platform::blobs::Digest,
};

/// What stands in a path of an address as it is.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The address of a path of the door.
#[must_use]
pub fn href(path: &DavPath, is_folder: bool) -> String {
    let mut href = DAV_SAVES.to_owned();
    for part in path.parts() {
        href.push('/');
        href.extend(utf8_percent_encode(part, PLAIN));
    }
    if is_folder {
        href.push('/');
    }
    href
}

impl From<Found> for Resource {
    fn from(Found { path, content, modified_ms }: Found) -> Self {
        let name = path.parts().last().copied().unwrap_or("saves").to_owned();
        let file = content.map(|content| (content.bytes, tag(&content.digest)));
        Self { href: href(&path, file.is_none()), name, file, modified_ms }
    }
}

/// The `ETag` of a file, the same as that of its download.
#[must_use]
pub fn tag(digest: &Digest) -> String {
    format!("\"{}\"", digest.to_hex().get(..32).unwrap_or_default())
}
