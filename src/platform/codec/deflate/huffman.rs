//! Huffman codes as deflate writes them (RFC 1951, 3.2.2): canonical, of limited length.

/// A symbol's code: its bits, the first to be written lowest, and how many there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Code {
    /// The bits.
    pub bits: u16,
    /// The number of bits.
    pub length: u8,
}

/// The code lengths of symbols with these counts, none longer than `limit`. Symbols that do not occur get length 0, but
/// at least two symbols get a code, since some decoders require that.
pub fn lengths<const N: usize>(counts: &[u32; N], limit: u8) -> [u8; N] {
    let mut leaves: Vec<(u32, usize)> =
        counts.iter().enumerate().filter(|(_, count)| **count > 0).map(|(symbol, count)| (*count, symbol)).collect();
    for symbol in 0..N {
        if leaves.len() >= 2 {
            break;
        }
        if leaves.iter().all(|(_, known)| *known != symbol) {
            leaves.push((1, symbol));
        }
    }
    leaves.sort_unstable();
    let mut of_length = depths(&leaves);
    limit_lengths(&mut of_length, usize::from(limit));
    // The rarest symbols, which come first, get the longest codes.
    let longest_first =
        of_length.iter().enumerate().rev().flat_map(|(length, count)| std::iter::repeat_n(length, *count));
    let mut lengths = [0; N];
    for ((_, symbol), length) in leaves.iter().zip(longest_first) {
        if let Some(place) = lengths.get_mut(*symbol) {
            *place = u8::try_from(length).unwrap_or(limit);
        }
    }
    lengths
}

/// The number of leaves of the Huffman tree at each depth.
fn depths(leaves: &[(u32, usize)]) -> Vec<usize> {
    // Repeatedly joins the two lightest nodes without a parent. Joined nodes are made in order of weight, so two queues
    // suffice: leaves, and joined nodes.
    let mut weights: Vec<u64> = leaves.iter().map(|(count, _)| u64::from(*count)).collect();
    let mut parents = vec![0; leaves.len()];
    let (mut leaf, mut joined) = (0, leaves.len());
    let total = leaves.len() * 2 - 1;
    for node in leaves.len()..total {
        let mut lightest = || {
            let of_leaf = (leaf < leaves.len()).then(|| weights.get(leaf)).flatten();
            let of_joined = (joined < node).then(|| weights.get(joined)).flatten();
            let taken = match (of_leaf, of_joined) {
                (Some(one), Some(other)) if one > other => &mut joined,
                (None, _) => &mut joined,
                _ => &mut leaf,
            };
            let at = *taken;
            *taken += 1;
            if let Some(parent) = parents.get_mut(at) {
                *parent = node;
            }
            weights.get(at).copied().unwrap_or_default()
        };
        let weight = lightest() + lightest();
        weights.push(weight);
        parents.push(0);
    }
    let mut depth_of = vec![0_usize; total];
    let mut counts = vec![0; leaves.len() + 1];
    for node in (0..total.saturating_sub(1)).rev() {
        let above = parents.get(node).and_then(|parent| depth_of.get(*parent)).copied().unwrap_or_default();
        if let Some(depth) = depth_of.get_mut(node) {
            *depth = above + 1;
        }
        if node < leaves.len()
            && let Some(count) = counts.get_mut(above + 1)
        {
            *count += 1;
        }
    }
    counts
}

/// Shortens codes to the limit, and lengthens as many others as that requires (Kraft's sum must stay 1).
fn limit_lengths(of_length: &mut Vec<usize>, limit: usize) {
    let too_long: usize = of_length.iter().skip(limit + 1).sum();
    of_length.resize(limit + 1, 0);
    if let Some(last) = of_length.last_mut() {
        *last += too_long;
    }
    // In units of the longest code's share.
    let share = |length: usize| 1_usize << (limit - length);
    let mut sum: usize = of_length.iter().enumerate().skip(1).map(|(length, count)| count * share(length)).sum();
    while sum > share(0) {
        // A code of the limit's length is removed and becomes the sibling of one that is lengthened by one bit.
        let shorter = (1..limit).rev().find(|length| of_length.get(*length).is_some_and(|count| *count > 0));
        let Some(shorter) = shorter else { return };
        for (length, change) in [(limit, -1_isize), (shorter, -1), (shorter + 1, 2)] {
            if let Some(count) = of_length.get_mut(length) {
                *count = count.saturating_add_signed(change);
            }
        }
        sum -= 1;
    }
}

/// The codes of these lengths.
pub fn codes<const N: usize>(lengths: &[u8; N]) -> [Code; N] {
    let mut next = [0_u16; 16];
    let mut code = 0;
    for length in 1..16 {
        let shorter = lengths.iter().filter(|known| **known != 0 && usize::from(**known) == length - 1).count();
        code = (code + u16::try_from(shorter).unwrap_or_default()) << 1;
        if let Some(first) = next.get_mut(length) {
            *first = code;
        }
    }
    let mut codes = [Code::default(); N];
    for (code, &length) in codes.iter_mut().zip(lengths) {
        if let Some(next) = next.get_mut(usize::from(length)).filter(|_| length > 0) {
            *code = Code { bits: next.reverse_bits() >> (16 - length), length };
            *next += 1;
        }
    }
    codes
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Kraft's sum, in shares of the longest length.
    fn shares<const N: usize>(lengths: &[u8; N]) -> u64 {
        lengths.iter().filter(|length| **length > 0).map(|length| 1 << (15 - length)).sum()
    }

    fn complete<const N: usize>(counts: &[u32; N], limit: u8) -> [u8; N] {
        let lengths = lengths(counts, limit);
        assert_eq!(shares(&lengths), 1 << 15, "{counts:?}: {lengths:?}");
        assert!(lengths.iter().all(|length| *length <= limit));
        assert!(counts.iter().zip(lengths).all(|(count, length)| *count == 0 || length > 0));
        lengths
    }

    #[test]
    fn frequent_symbols_have_short_codes() {
        assert_eq!(complete(&[8, 4, 2, 1, 1], 15), [1, 2, 3, 4, 4]);
        assert_eq!(complete(&[1, 1, 1, 1], 15), [2; 4]);
        assert_eq!(complete(&[0, 0, 9, 0], 15), [1, 0, 1, 0]);
        assert_eq!(complete(&[0; 3], 15), [1, 1, 0]);
    }

    #[test]
    fn no_code_is_longer_than_the_limit() {
        // Fibonacci's numbers make the deepest tree.
        let mut counts = [1_u32; 30];
        for at in 2..30 {
            counts[at] = counts[at - 1] + counts[at - 2];
        }
        complete(&counts, 15);
        let mut few = [0; 19];
        few.copy_from_slice(&counts[..19]);
        complete(&few, 7);
    }

    #[test]
    fn codes_are_those_of_the_standard() {
        // The example of RFC 1951, 3.2.2.
        let codes = codes(&[3, 3, 3, 3, 3, 2, 4, 4]);
        let written: Vec<String> = codes
            .iter()
            .map(|code| (0..code.length).map(|at| char::from(b'0' + u8::from(code.bits >> at & 1 == 1))).collect())
            .collect();
        assert_eq!(written, ["010", "011", "100", "101", "110", "00", "1110", "1111"]);
    }

    proptest! {
        #[test]
        fn any_counts_make_a_complete_code(counts in prop::array::uniform32(prop_oneof![Just(0_u32), 1_u32..5, any::<u32>()])) {
            complete(&counts, 15);
            complete(&counts, 7);
        }
    }
}
