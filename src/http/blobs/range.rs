//! The one range of a file that a request asks for (RFC 9110, 14). Of several it gets the whole.

/// What of a file is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// All of it.
    Whole,
    /// The bytes from the first to the last.
    Part(u64, u64),
    /// A range that lies behind its end.
    Unsatisfiable,
}

/// What the header `Range` asks for of a file of that length.
pub fn extent(range: Option<&str>, length: u64) -> Extent {
    let Some(range) = range.and_then(|range| range.trim().strip_prefix("bytes=")) else { return Extent::Whole };
    let Some((first, last)) = range.split_once('-') else { return Extent::Whole };
    let number = |text: &str| -> Option<u64> {
        let text = text.trim();
        (!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().unwrap_or(u64::MAX))
    };
    match (number(first), number(last)) {
        (Some(first), last) if last.is_some() || range.ends_with('-') => match last {
            Some(last) if last < first => Extent::Whole,
            _ if first >= length => Extent::Unsatisfiable,
            last => Extent::Part(first, last.unwrap_or(u64::MAX).min(length - 1)),
        },
        (None, Some(0)) if first.trim().is_empty() => Extent::Unsatisfiable,
        (None, Some(suffix)) if first.trim().is_empty() && length > 0 => {
            Extent::Part(length.saturating_sub(suffix), length - 1)
        }
        (None, Some(_)) if first.trim().is_empty() => Extent::Unsatisfiable,
        _ => Extent::Whole,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_range_is_cut_to_the_file() {
        for (range, expected) in [
            ("bytes=0-0", Extent::Part(0, 0)),
            ("bytes=2-5", Extent::Part(2, 5)),
            ("bytes=2-", Extent::Part(2, 9)),
            ("bytes=2-99", Extent::Part(2, 9)),
            ("bytes=-3", Extent::Part(7, 9)),
            ("bytes=-99", Extent::Part(0, 9)),
            ("bytes=10-", Extent::Unsatisfiable),
            ("bytes=-0", Extent::Unsatisfiable),
            // What is no range is passed over.
            ("bytes=5-2", Extent::Whole),
            ("bytes=a-2", Extent::Whole),
            ("bytes=-", Extent::Whole),
            ("bytes=0-1,3-4", Extent::Whole),
            ("items=0-1", Extent::Whole),
        ] {
            assert_eq!(extent(Some(range), 10), expected, "{range}");
        }
        assert_eq!(extent(None, 10), Extent::Whole);
        assert_eq!(extent(Some("bytes=-1"), 0), Extent::Unsatisfiable);
    }

    proptest! {
        #[test]
        fn no_range_reaches_beyond_the_file(range in "bytes=[0-9]{0,21}-[0-9]{0,21}", length in 0..1000_u64) {
            if let Extent::Part(first, last) = extent(Some(&range), length) {
                prop_assert!(first <= last && last < length, "{} of {}", range, length);
            }
        }
    }
}
