//! Tests of the rules of prices.

use proptest::prelude::*;

use super::*;

fn rate(billionths: i64) -> Rate {
    Rate::new(Currency::Eur, billionths, "2025-01-10").unwrap()
}

#[test]
fn prices_are_read_exactly_or_not_at_all() {
    for (text, cents) in [("3.99", 399), ("0.00", 0), ("12", 1200), ("7.5", 750), ("100000.00", 10_000_000)] {
        assert_eq!(parse_price(text), Some(cents), "{text}");
    }
    for text in
        ["", ".", ".99", "3.", "-1.00", "+1.00", "3.999", "1e3", "NaN", "3,99", " 3.99", "100000.01", "0x1", "N/A"]
    {
        assert_eq!(parse_price(text), None, "{text}");
    }
    assert_eq!(parse_rate("99999999999999999999"), None);
}

#[test]
fn a_rate_is_of_a_day_that_has_come_and_within_bounds() {
    for (billionths, date) in [
        (0, "2025-01-10"),
        (-970_000_000, "2025-01-10"),
        (BILLION * 10_000 + 1, "2025-01-10"),
        (970_000_000, "2025-02-30"),
        (970_000_000, "2025-1-1"),
        (970_000_000, "9999-01-01"),
        (970_000_000, ""),
    ] {
        assert_eq!(Rate::new(Currency::Eur, billionths, date), None, "{billionths} {date}");
    }
    assert_eq!(rate(970_870_000).decimal(), "0.97087");
    assert_eq!(rate(5_000_000_000).decimal(), "5");
}

#[test]
fn halves_go_to_the_even_neighbour() {
    for (cents, expected) in [(1, 0), (3, 2), (5, 2), (7, 4)] {
        assert_eq!(rate(BILLION / 2).convert(cents), Some(expected), "{cents}");
    }
    assert_eq!(rate(970_870_000).convert(1999), Some(1941), "19.40769");
}

#[test]
fn what_is_given_away_is_no_low() {
    let low = |cents, at_ms| Some(Low { cents, at_ms });
    assert_eq!(Low::lower(low(0, 1), None), None);
    assert_eq!(Low::lower(low(0, 1), low(5, 2)), low(5, 2));
    assert_eq!(Low::lower(low(5, 2), low(5, 1)), low(5, 1));
    let offer = |cents, name: &str| Offer {
        store: 1,
        store_name: name.to_owned(),
        deal: "d".to_owned(),
        cents,
        regular_cents: None,
    };
    let known = Known::default().checked(None, vec![offer(700, "b"), offer(0, "c"), offer(700, "a")], None, 9);
    assert_eq!(known.offers.iter().map(|offer| &*offer.store_name).collect::<Vec<_>>(), ["c", "a", "b"]);
    assert_eq!(known.low, low(700, 9));
    assert_eq!(known.checked(None, vec![], None, 10).low, low(700, 9), "it stays known");
}

proptest! {
    #[test]
    fn no_converted_amount_is_more_than_half_a_unit_off(cents in 0..=MAX_MINOR, billionths in 100_000..=10_000_000_000_000_i64) {
        let exact = i128::from(cents) * i128::from(billionths);
        let converted = i128::from(rate(billionths).convert(cents).unwrap()) * i128::from(BILLION);
        prop_assert!((exact - converted).abs() * 2 <= i128::from(BILLION));
    }

    #[test]
    fn a_decimal_is_the_number_that_was_written(whole in 0..1_000_000_i64, part in 0..1_000_000_000_i64) {
        prop_assert_eq!(parse_rate(&format!("{whole}.{part:09}")), Some(whole * BILLION + part));
    }
}
