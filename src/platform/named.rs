//! Closed sets whose members have names on the wire.

/// A member of a closed set.
pub trait Named: Copy + Send + Sync + 'static {
    /// The name of the set in the API document.
    const SET: &'static str;
    /// All members, in the order of the API document.
    const MEMBERS: &'static [Self];

    /// The name on the wire.
    fn public_name(self) -> &'static str;

    /// The member of that name.
    #[must_use]
    fn of_public_name(name: &str) -> Option<Self> {
        Self::MEMBERS.iter().copied().find(|member| member.public_name() == name)
    }

    /// The member of that name.
    ///
    /// # Errors
    /// All names, in words, where none is it.
    fn parse(name: &str) -> Result<Self, String> {
        let names = || Self::MEMBERS.iter().map(|member| member.public_name()).collect::<Vec<_>>().join(", ");
        Self::of_public_name(name).ok_or_else(|| format!("must be one of {}", names()))
    }
}
