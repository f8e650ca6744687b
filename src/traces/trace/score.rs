//! The score of a trace by its votes.
//!
//! The lower end of Wilson's score interval for the share of good votes (E. B. Wilson, "Probable inference, the law of
//! succession, and statistical inference", Journal of the American Statistical Association 22, 1927): few votes say little,
//! so that a trace with one good vote of one is below a trace with nine of ten.

/// 1.96 standard deviations: 95 % of the interval, squared.
const Z_SQUARED: f64 = 3.8416;

/// The score, 0 to 1, of so many votes for a trace and against it. The numbers may be fractions.
#[must_use]
pub fn score(good: f64, poor: f64) -> f64 {
    let votes = good + poor;
    if votes <= 0.0 {
        return 0.0;
    }
    let share = good / votes;
    let middle = share + Z_SQUARED / (2.0 * votes);
    let width = (Z_SQUARED * (share * (1.0 - share) + Z_SQUARED / (4.0 * votes)) / votes).sqrt();
    ((middle - width) / (1.0 + Z_SQUARED / votes)).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The interval's ends solve (p - share)² = z² p (1 - p) / n.
    #[test]
    fn it_solves_the_equation_of_the_interval() {
        for (good, poor) in [(1.0, 0.0), (1.0, 1.0), (9.0, 1.0), (0.25, 3.0), (400.0, 23.0)] {
            let (votes, p): (f64, f64) = (good + poor, score(good, poor));
            let share = good / votes;
            assert!(p <= share, "{good} {poor}");
            let difference = (p - share).powi(2) - Z_SQUARED * p * (1.0 - p) / votes;
            assert!(difference.abs() < 1e-12, "{good} {poor}: {difference}");
        }
    }

    #[test]
    fn few_votes_say_little() {
        assert!(score(0.0, 0.0) == 0.0 && score(0.0, 5.0) == 0.0);
        assert!(score(1.0, 0.0) < score(9.0, 1.0) && score(9.0, 1.0) < score(90.0, 10.0));
    }
}
