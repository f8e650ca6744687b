//! Paths in slots, and of slots.
//!
//! They are stored as they are sent: nothing is normalised, so a file comes back under the name that it had. What no file system could take,
//! or what would lead elsewhere on one, is refused.

/// Bytes of a part at most, as file systems have it.
const MAX_PART: usize = 255;

/// Bytes of a path in a slot at most.
const MAX_PATH: usize = 1024;

/// A part of a path: what stands between two slashes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Part(String);

impl Part {
    /// The part of that text.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = match text {
            "" => "is empty",
            "." | ".." => "must not be . or ..",
            _ if text.len() > MAX_PART => "is longer than 255 bytes",
            _ if text.contains(['/', '\\']) => "must not have slashes or backslashes",
            _ if text.chars().any(char::is_control) => "must not have control characters",
            _ => return Ok(Self(text.to_owned())),
        };
        Err(wrong.to_owned())
    }

    /// Its text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The path of a file in a slot: parts with slashes between them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SavePath(String);

impl SavePath {
    /// The path of that text.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.len() > MAX_PATH {
            return Err(format!("has {} bytes; at most {MAX_PATH}", text.len()));
        }
        for part in text.split('/') {
            Part::parse(part).map_err(|wrong| format!("has a part that {wrong}"))?;
        }
        Ok(Self(text.to_owned()))
    }

    /// One that is stored.
    pub(in crate::journal::saves) fn stored(text: String) -> Self {
        Self(text)
    }

    /// Its text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last part.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or(&self.0)
    }

    /// The folders that it is in, from the outermost.
    pub fn parents(&self) -> impl Iterator<Item = Self> {
        self.0.match_indices('/').filter_map(|(at, _)| self.0.get(..at)).map(|parent| Self(parent.to_owned()))
    }

    /// What stands before all paths below it.
    #[must_use]
    pub fn below(&self) -> String {
        format!("{}/", self.0)
    }

    /// Where something below `from` comes to lie below `to`.
    ///
    /// # Errors
    /// It would be too long.
    pub fn moved(&self, from: &Self, to: &Self) -> Result<Self, String> {
        let rest = self.0.strip_prefix(&from.0).unwrap_or_default();
        Self::parse(&format!("{}{rest}", to.0))
    }
}

/// A path of the WebDAV door.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DavPath {
    /// Where the folders are.
    Root,
    /// A folder of slots.
    Folder(Part),
    /// A slot.
    Slot(Part, Part),
    /// Something in a slot.
    Inside(Part, Part, SavePath),
}

impl DavPath {
    /// The path of these parts.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn of_parts(parts: &[&str]) -> Result<Self, String> {
        Ok(match parts {
            [] => Self::Root,
            [folder] => Self::Folder(Part::parse(folder)?),
            [folder, slot] => Self::Slot(Part::parse(folder)?, Part::parse(slot)?),
            [folder, slot, inside @ ..] => {
                Self::Inside(Part::parse(folder)?, Part::parse(slot)?, SavePath::parse(&inside.join("/"))?)
            }
        })
    }

    /// Its parts.
    #[must_use]
    pub fn parts(&self) -> Vec<&str> {
        match self {
            Self::Root => Vec::new(),
            Self::Folder(folder) => vec![folder.as_str()],
            Self::Slot(folder, slot) => vec![folder.as_str(), slot.as_str()],
            Self::Inside(folder, slot, path) => {
                [folder.as_str(), slot.as_str()].into_iter().chain(path.as_str().split('/')).collect()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_leads_elsewhere_is_no_path() {
        for path in ["a", "a/b.srm", "Save 1/Ünï/x", "...", "a/.hidden", " "] {
            assert_eq!(SavePath::parse(path).map(|path| path.0), Ok(path.to_owned()));
        }
        let (long, longer) = ("x".repeat(256), format!("{}y", "x/".repeat(512)));
        for path in ["", "/a", "a/", "a//b", "..", "a/../b", ".", "a\\b", "a\0b", "a\nb", "\u{7f}", &long, &longer] {
            assert!(SavePath::parse(path).is_err(), "{path:?}");
        }
    }

    #[test]
    fn a_path_of_the_door_has_a_folder_a_slot_and_a_rest() {
        let path = DavPath::of_parts(&["7301", "main", "a", "b"]).unwrap();
        assert!(matches!(&path, DavPath::Inside(_, _, inside) if inside.as_str() == "a/b"));
        assert_eq!(path.parts(), ["7301", "main", "a", "b"]);
        assert_eq!(DavPath::of_parts(&[]), Ok(DavPath::Root));
        for parts in [&[".."][..], &["a", ""], &["a", "b", ".."], &["a", "b", "c", ""]] {
            assert!(DavPath::of_parts(parts).is_err(), "{parts:?}");
        }
    }

    #[test]
    fn what_is_moved_keeps_its_place_below() {
        let [from, to, file] = ["a/b", "c", "a/b/d/e"].map(|path| SavePath::parse(path).unwrap());
        assert_eq!(file.moved(&from, &to).unwrap().as_str(), "c/d/e");
        assert_eq!(from.moved(&from, &to).unwrap().as_str(), "c");
        assert_eq!(file.parents().map(|path| path.0).collect::<Vec<_>>(), ["a", "a/b", "a/b/d"]);
        assert_eq!(file.name(), "e");
    }

    proptest! {
        #[test]
        fn a_path_that_is_taken_stays_in_its_slot(text in ".{0,40}") {
            if let Ok(path) = SavePath::parse(&text) {
                let root = std::path::Path::new("/slot");
                let file = root.join(path.as_str());
                prop_assert!(file.components().count() > 2 && file.starts_with(root));
                prop_assert!(file.components().all(|part| part != std::path::Component::ParentDir));
            }
        }
    }
}
