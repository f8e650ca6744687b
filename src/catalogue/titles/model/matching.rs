//! Whether a record of somebody else is a title that is here: by folded name, year and platform.

use super::{Platform, TitleId};

/// What is known of a game whose title is sought by its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameQuery {
    /// The folded name.
    pub name_key: String,
    /// The year of its first release.
    pub year: Option<i32>,
    /// A platform that it is on.
    pub platform: Option<Platform>,
}

/// A title that has the name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Namesake {
    /// The title.
    pub id: TitleId,
    /// Its year.
    pub year: Option<i32>,
    /// Its platforms.
    pub platforms: Vec<Platform>,
    /// Whether the source of the record knows this title by another id: then it is another one.
    pub is_other: bool,
}

/// The titles that somebody who names one may mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NameMatch {
    /// No title has the name.
    None,
    /// One alone fits.
    One(TitleId),
    /// More than one fits: a person must choose.
    Several(Vec<TitleId>),
}

/// What becomes of a record that is to be taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It is this title.
    Same(TitleId),
    /// It is none that is here.
    New,
    /// It may be one of these, or none: an administrator must decide.
    Unclear(Vec<TitleId>),
}

/// How well what is known of two games of one name fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// The years are more than one apart: remakes have the names of what they remake.
    Other,
    /// Something is not known, or differs a little.
    Perhaps,
    /// The year is the same, and a platform.
    Same,
}

fn fit(year: Option<i32>, platforms: &[Platform], of: &Namesake) -> Fit {
    if of.is_other {
        return Fit::Other;
    }
    match year.zip(of.year) {
        Some((one, other)) if one.abs_diff(other) > 1 => Fit::Other,
        Some((one, other)) if one == other && platforms.iter().any(|platform| of.platforms.contains(platform)) => {
            Fit::Same
        }
        _ => Fit::Perhaps,
    }
}

/// Decides about a record. Those that have its name are `namesakes`.
#[must_use]
pub fn decide(year: Option<i32>, platforms: &[Platform], namesakes: &[Namesake]) -> Decision {
    let of = |wanted: Fit| -> Vec<TitleId> {
        namesakes.iter().filter(|one| fit(year, platforms, one) == wanted).map(|one| one.id).collect()
    };
    match &*of(Fit::Same) {
        [same] => return Decision::Same(*same),
        [] => {}
        several => return Decision::Unclear(several.to_vec()),
    }
    let perhaps = of(Fit::Perhaps);
    if perhaps.is_empty() { Decision::New } else { Decision::Unclear(perhaps) }
}

/// The title that somebody means who says a name, and perhaps a year and a platform. Unlike [`decide`] this takes the only title
/// of a name for the one that is meant, where nothing contradicts: nothing is made one by it.
#[must_use]
pub fn choose(query: &NameQuery, namesakes: &[Namesake]) -> NameMatch {
    let platforms: Vec<Platform> = query.platform.iter().cloned().collect();
    let has_year = |one: &Namesake| query.year.is_some() && one.year == query.year;
    let has_platform = |one: &Namesake| platforms.iter().any(|platform| one.platforms.contains(platform));
    let merit = |one: &Namesake| match fit(query.year, &platforms, one) {
        Fit::Other => 0,
        Fit::Same => 4,
        Fit::Perhaps if has_year(one) => 3,
        Fit::Perhaps if has_platform(one) => 2,
        Fit::Perhaps => 1,
    };
    let most = namesakes.iter().map(merit).max().unwrap_or_default();
    let best: Vec<TitleId> = namesakes.iter().filter(|one| most > 0 && merit(one) == most).map(|one| one.id).collect();
    match &*best {
        [] => NameMatch::None,
        [only] => NameMatch::One(*only),
        _ => NameMatch::Several(best),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn namesake(id: i64, year: Option<i32>, platforms: &[&str]) -> Namesake {
        let platforms = platforms.iter().map(|word| Platform::parse(word).unwrap()).collect();
        Namesake { id: TitleId(id), year, platforms, is_other: false }
    }

    fn decided(year: Option<i32>, platforms: &[&str], namesakes: &[Namesake]) -> Decision {
        let platforms: Vec<Platform> = platforms.iter().map(|word| Platform::parse(word).unwrap()).collect();
        decide(year, &platforms, namesakes)
    }

    #[test]
    fn name_year_and_platform_together_make_one_title() {
        let known = [namesake(1, Some(1993), &["pc", "snes"]), namesake(2, Some(2016), &["pc"])];
        assert_eq!(decided(Some(1993), &["snes"], &known), Decision::Same(TitleId(1)));
        assert_eq!(decided(Some(2016), &["pc", "ps4"], &known), Decision::Same(TitleId(2)));
    }

    #[test]
    fn another_year_is_another_title() {
        let known = [namesake(1, Some(1993), &["pc"])];
        assert_eq!(decided(Some(2016), &["pc"], &known), Decision::New);
        assert_eq!(decided(Some(2016), &["pc"], &[]), Decision::New);
    }

    #[test]
    fn what_is_not_known_is_not_decided() {
        let known = [namesake(1, Some(1993), &["pc"])];
        for (year, platforms) in
            [(None, &["pc"][..]), (Some(1993), &[]), (Some(1993), &["snes"]), (Some(1994), &["pc"]), (None, &[])]
        {
            assert_eq!(decided(year, platforms, &known), Decision::Unclear(vec![TitleId(1)]), "{year:?} {platforms:?}");
        }
        let vague = [namesake(1, None, &["pc"])];
        assert_eq!(decided(Some(1993), &["pc"], &vague), Decision::Unclear(vec![TitleId(1)]));
    }

    #[test]
    fn two_that_fit_alike_are_not_told_apart() {
        let known = [namesake(1, Some(1993), &["pc"]), namesake(2, Some(1993), &["pc"])];
        assert_eq!(decided(Some(1993), &["pc"], &known), Decision::Unclear(vec![TitleId(1), TitleId(2)]));
    }

    #[test]
    fn a_source_does_not_list_a_title_twice() {
        let known = [Namesake { is_other: true, ..namesake(1, Some(1993), &["pc"]) }];
        assert_eq!(decided(Some(1993), &["pc"], &known), Decision::New);
    }

    #[test]
    fn somebody_who_names_a_game_means_the_only_one_that_fits() {
        let known = [namesake(1, Some(1993), &["pc"]), namesake(2, Some(2016), &["pc", "ps4"])];
        let ask = |year, platform: Option<&str>, known: &[Namesake]| {
            let platform = platform.map(|word| Platform::parse(word).unwrap());
            choose(&NameQuery { name_key: "doom".to_owned(), year, platform }, known)
        };
        assert_eq!(ask(Some(2016), None, &known), NameMatch::One(TitleId(2)));
        assert_eq!(ask(None, Some("ps4"), &known), NameMatch::One(TitleId(2)));
        assert_eq!(ask(None, None, &known), NameMatch::Several(vec![TitleId(1), TitleId(2)]));
        assert_eq!(ask(None, Some("pc"), &known), NameMatch::Several(vec![TitleId(1), TitleId(2)]));
        assert_eq!(ask(None, None, &known[..1]), NameMatch::One(TitleId(1)));
        assert_eq!(ask(Some(2016), Some("pc"), &known[..1]), NameMatch::None);
        assert_eq!(ask(None, None, &[]), NameMatch::None);
    }

    proptest! {
        #[test]
        fn a_record_is_never_one_of_two_that_fit_alike(
            years in proptest::collection::vec(proptest::option::of(1990..1994), 1..4),
            year in proptest::option::of(1990..1994),
        ) {
            let known: Vec<Namesake> =
                years.iter().zip(1..).map(|(year, id)| namesake(id, *year, &["pc"])).collect();
            let alike = known.iter().filter(|one| year.is_some() && one.year == year).count();
            let decision = decided(year, &["pc"], &known);
            prop_assert_eq!(matches!(decision, Decision::Same(_)), alike == 1);
        }
    }
}
