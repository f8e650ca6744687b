//! What proofs are of, what they are for, and that one is needed.

use crate::platform::{named::Named, secret::Secret};

/// Zero bits of work, at most: a million hashes.
pub const MAX_BITS: u32 = 20;

/// Bytes of a proof, at most.
pub const MAX_PROOF: usize = 4096;

/// What a proof is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Of work.
    Work,
    /// Of Google's service.
    Recaptcha,
    /// Of hCaptcha's.
    Hcaptcha,
    /// Of Cloudflare's.
    Turnstile,
}

impl Named for Kind {
    const SET: &'static str = "ProofKind";
    const MEMBERS: &'static [Self] = &[Self::Work, Self::Recaptcha, Self::Hcaptcha, Self::Turnstile];

    fn public_name(self) -> &'static str {
        match self {
            Self::Work => "work",
            Self::Recaptcha => "recaptcha",
            Self::Hcaptcha => "hcaptcha",
            Self::Turnstile => "turnstile",
        }
    }
}

impl Kind {
    /// Where its tokens are verified; nothing for work.
    #[must_use]
    pub fn url(self) -> &'static str {
        match self {
            Self::Work => "",
            Self::Recaptcha => "https://www.google.com/recaptcha/api/siteverify",
            Self::Hcaptcha => "https://api.hcaptcha.com/siteverify",
            Self::Turnstile => "https://challenges.cloudflare.com/turnstile/v0/siteverify",
        }
    }
}

/// What a proof is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// An email that somebody asks for: each one counts.
    Email,
    /// Signing in: wrong passwords count.
    SignIn,
}

impl Purpose {
    /// Its name in challenges and in the cache.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::SignIn => "sign-in",
        }
    }
}

/// What somebody who is asked has to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Task {
    /// Work.
    Work {
        /// What is hashed, before the number.
        challenge: String,
        /// How many zero bits the hash begins with.
        bits: u32,
        /// Until when, in ms since the Unix epoch.
        expires_at_ms: i64,
    },
    /// Show a widget, and send the token that it gives.
    Widget {
        /// Whose.
        kind: Kind,
        /// The name of this server there.
        site_key: String,
    },
}

/// Why a request does not go on.
#[derive(Clone, Debug, thiserror::Error)]
pub enum BotCheckError {
    /// A proof is needed, and there was none, or a wrong one.
    #[error("Much has been asked for from this network. Repeat the request with a proof in the header Cairn-Proof.")]
    ProofNeeded(Task),
}

/// A proof, as it was sent.
pub type Proof = Secret;
