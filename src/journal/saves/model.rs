//! Slots, versions and their files, and their bounds.

mod error;
mod merging;
mod path;

use crate::{
    catalogue::titles::{TitleCard, TitleId},
    identity::{access::UserId, notices::NoticeKind},
    platform::{
        blobs::{BlobKey, Digest, SignedRequest},
        named::Named,
    },
};

pub use self::{
    error::{DoorRefusal, SaveError},
    merging::{Merged, overlay, shrinks},
    path::{DavPath, Part, SavePath},
};

/// Where the door of WebDAV is.
pub const DAV_SAVES: &str = "/dav/saves";

/// Slots of one user at most.
pub const MAX_SLOTS: u64 = 1_000;

/// Files and folders of a version at most.
pub const MAX_FILES: usize = 2_000;

/// Different files of one user at most.
pub const MAX_CONTENTS: i64 = 20_000;

/// Versions of a slot that wait for uploads, at most.
pub const MAX_WAITING: usize = 5;

/// Uploads of one user that are expected at the same time, at most: the others get their addresses when these have come.
pub const MAX_EXPECTED: usize = 100;

/// Characters of what a device is called, at most.
pub const MAX_DEVICE: usize = 64;

/// A version by WebDAV does not count, because it is much smaller than the last, or a version could not follow the one that it was
/// made from.
pub const SAVE_HELD: NoticeKind = NoticeKind {
    name: "save_held",
    about: "A version of a save is kept beside the others without counting: it is much smaller than the last, or another device was \
            faster. Decide which one counts.",
    romanian: "O versiune a unei salvări este păstrată alături de celelalte fără a fi cea folosită: este mult mai mică decât ultima sau alt \
               dispozitiv a fost mai rapid. Alege care dintre ele se folosește.",
};

/// The id of a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SlotId(pub i64);

/// The row of a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct VersionId(pub i64);

/// A slot of a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Its id.
    pub id: SlotId,
    /// Whose it is.
    pub user: UserId,
    /// The folder that it is in.
    pub folder: String,
    /// Its name there.
    pub name: String,
    /// The title, where the folder is one.
    pub title: Option<TitleId>,
    /// The number of the version that counts.
    pub current: Option<i64>,
    /// When it was made.
    pub created_at_ms: i64,
    /// When its current version last became another.
    pub changed_at_ms: i64,
}

impl Slot {
    /// What an `If-Match` is compared with: the number of the version that counts, 0 before the first.
    #[must_use]
    pub fn revision(&self) -> i64 {
        self.current.unwrap_or_default()
    }
}

/// A slot with what is shown of it.
#[derive(Clone, Debug)]
pub struct ListedSlot {
    /// The slot.
    pub slot: Slot,
    /// Its title.
    pub title: Option<TitleCard>,
    /// The version that counts.
    pub current: Option<Version>,
}

macro_rules! stored_set {
    ($(#[$about:meta])* $set:ident as $name:literal { $($(#[$member_about:meta])* $member:ident = $number:literal $public:literal,)* } else $other:ident) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $set {
            $($(#[$member_about])* $member,)*
        }

        impl $set {
            /// As it is stored.
            #[must_use]
            pub fn number(self) -> i16 {
                match self { $(Self::$member => $number,)* }
            }

            pub(super) fn stored(number: i16) -> Self {
                Self::MEMBERS.iter().copied().find(|member| member.number() == number).unwrap_or(Self::$other)
            }
        }

        impl Named for $set {
            const SET: &'static str = $name;
            const MEMBERS: &'static [Self] = &[$(Self::$member,)*];

            fn public_name(self) -> &'static str {
                match self { $(Self::$member => $public,)* }
            }
        }
    };
}

stored_set! {
    /// What has become of a version.
    VersionState as "SaveState" {
        /// Some of its files are expected.
        Uploading = 0 "uploading",
        /// It counts, or has counted.
        Kept = 1 "kept",
        /// It is kept beside the others, and does not count.
        Held = 2 "held",
    } else Held
}

stored_set! {
    /// Why a version is held.
    HeldFor as "SaveHeldFor" {
        /// It is empty, or much smaller than the one that counted.
        Shrunk = 0 "shrunk",
        /// Another version came to count while its files were on their way.
        Conflict = 1 "conflict",
    } else Conflict
}

stored_set! {
    /// How a version came.
    Origin as "SaveOrigin" {
        /// A program asked for it.
        Api = 0 "api",
        /// By WebDAV.
        Webdav = 1 "webdav",
        /// An earlier one was restored.
        Restored = 2 "restored",
    } else Api
}

/// A version of a slot, without its files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Its row.
    pub id: VersionId,
    /// The slot.
    pub slot: SlotId,
    /// Its number.
    pub number: i64,
    /// What has become of it.
    pub state: VersionState,
    /// Why it is held.
    pub held_for: Option<HeldFor>,
    /// How it came.
    pub origin: Origin,
    /// The device, as its user calls it.
    pub device: String,
    /// The number of the version that it follows.
    pub base: Option<i64>,
    /// The number of the version that it restores.
    pub restored: Option<i64>,
    /// Its files.
    pub files: u64,
    /// Bytes of these.
    pub bytes: u64,
    /// When it was begun.
    pub created_at_ms: i64,
    /// When all of its files were there.
    pub finished_at_ms: Option<i64>,
}

/// A version that is to be stored.
#[derive(Clone, Debug)]
pub struct NewVersion {
    /// What has become of it.
    pub state: VersionState,
    /// Why it is held.
    pub held_for: Option<HeldFor>,
    /// How it came.
    pub origin: Origin,
    /// The device.
    pub device: String,
    /// The number of the version that it follows.
    pub base: Option<i64>,
    /// The number of the version that it restores.
    pub restored: Option<i64>,
    /// What is in it, with what it has removed.
    pub entries: Vec<Entry>,
}

impl NewVersion {
    /// How many files it has, and their bytes.
    #[must_use]
    pub fn size(&self) -> (u64, u64) {
        size(&self.entries)
    }
}

/// How many files there are among these, and their bytes.
#[must_use]
pub fn size<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> (u64, u64) {
    entries.into_iter().fold((0, 0), |(files, bytes), entry| match &entry.what {
        What::File(content) => (files + 1, bytes + content.bytes),
        _ => (files, bytes),
    })
}

/// A file of a user, whatever it is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// Its row.
    pub id: i64,
    /// Its digest.
    pub digest: Digest,
    /// Its length.
    pub bytes: u64,
    /// Its blob, once an upload was asked for.
    pub blob: Option<BlobKey>,
    /// Whether it has not arrived.
    pub awaited: bool,
}

/// What is at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A file.
    File(Content),
    /// A folder.
    Folder,
    /// A file or a folder that was removed.
    Removed,
}

impl What {
    /// As it is stored.
    #[must_use]
    pub fn number(&self) -> i16 {
        match self {
            Self::File(_) => 0,
            Self::Folder => 1,
            Self::Removed => 2,
        }
    }
}

/// Something at a path of a slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The path.
    pub path: SavePath,
    /// What is there.
    pub what: What,
    /// When the file was last changed, as its device says; or when it came.
    pub modified_ms: Option<i64>,
}

/// What has become of a path by WebDAV, and is in no version yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The path, and what is there.
    pub entry: Entry,
    /// When.
    pub at_ms: i64,
}

/// The changes of one app password that will be one version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// Its row.
    pub id: i64,
    /// The slot.
    pub slot: SlotId,
    /// What the app password was called.
    pub device: String,
    /// When the first change came.
    pub opened_at_ms: i64,
    /// When the last one came.
    pub changed_at_ms: i64,
}

/// A file as a device announces it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnnouncedFile {
    /// Its path.
    pub path: SavePath,
    /// Its length.
    pub bytes: u64,
    /// Its digest.
    pub digest: Digest,
    /// When it was last changed.
    pub modified_ms: Option<i64>,
}

/// A set of files as a device announces it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announced {
    /// What the device is called; perhaps empty.
    pub device: String,
    /// The files, in the order of their paths.
    pub files: Vec<AnnouncedFile>,
}

/// Where a slot is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Folder {
    /// Among those of a title.
    Title(TitleId),
    /// In a folder of that name.
    Named(Part),
}

/// A version with its files.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// The version.
    pub version: Version,
    /// What is in it, with what it has removed.
    pub entries: Vec<Entry>,
}

/// A version with its files, and an address for each that has arrived.
#[derive(Clone, Debug)]
pub struct LinkedManifest {
    /// The version with its files.
    pub manifest: Manifest,
    /// Whether it counts.
    pub is_current: bool,
    /// The addresses of its entries, in the same order.
    pub links: Vec<Option<String>>,
    /// Until when these work, in milliseconds since the Unix epoch.
    pub links_expire_ms: Option<i64>,
}

/// Two sets of files of which neither follows the other.
#[derive(Clone, Debug)]
pub struct Conflict {
    /// That which counts; none before the first.
    pub kept: Option<Manifest>,
    /// The number of the version that counts, 0 before the first.
    pub revision: i64,
    /// That which was sent.
    pub sent: Option<Announced>,
}

/// A version that was asked for, and the uploads that it waits for.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The version.
    pub version: Version,
    /// Uploads that can be made now.
    pub uploads: Vec<(Digest, SignedRequest)>,
    /// Different files that have not arrived, those of these uploads included.
    pub missing: usize,
}

/// A page of a list, the newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListRequest {
    /// The last id or number of the page before.
    pub after: Option<i64>,
    /// Things at most.
    pub limit: usize,
}

/// Something that is shown by WebDAV.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Where it is.
    pub path: DavPath,
    /// Its content, where it is a file.
    pub content: Option<Content>,
    /// When it was last changed.
    pub modified_ms: Option<i64>,
}
