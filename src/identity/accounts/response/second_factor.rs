//! The responses about second factors.

use poem_openapi::{ApiResponse, Object, types::Example};

use crate::{
    http::{no_store::NoStore, schema::Timestamp},
    identity::{
        accounts::model::{Enrolment, SecondFactor},
        examples::TIME_MS,
    },
    platform::secret::Secret,
};

const SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

#[derive(ApiResponse)]
pub enum SecondFactorShown {
    /// The second factor.
    #[oai(status = 200)]
    SecondFactor(NoStore<SecondFactorResponse>),
}

#[derive(ApiResponse)]
pub enum SecondFactorBegun {
    /// The factor is to be confirmed with a code.
    #[oai(status = 201)]
    Enrolment(NoStore<EnrolmentResponse>),
}

#[derive(ApiResponse)]
pub enum RecoveryCodesShown {
    /// The codes, which are shown only this once.
    #[oai(status = 200)]
    Codes(NoStore<RecoveryCodesResponse>),
}

/// The second factor of an account.
#[derive(Debug, Object)]
#[oai(example, rename = "SecondFactor")]
pub struct SecondFactorResponse {
    /// Whether signing in asks for it.
    enabled: bool,
    /// Since when; absent where it does not.
    #[oai(skip_serializing_if_is_none)]
    since: Option<Timestamp>,
    /// How many recovery codes were not used, of ten; absent where signing in does not ask for it.
    #[oai(skip_serializing_if_is_none)]
    recovery_codes_left: Option<u64>,
}

impl Example for SecondFactorResponse {
    fn example() -> Self {
        Self { enabled: true, since: Some(Timestamp(TIME_MS)), recovery_codes_left: Some(10) }
    }
}

impl From<SecondFactor> for SecondFactorResponse {
    fn from(factor: SecondFactor) -> Self {
        let since = factor.since_ms.map(Timestamp);
        let recovery_codes_left = since.is_some().then_some(factor.recovery_codes_left);
        Self { enabled: since.is_some(), since, recovery_codes_left }
    }
}

/// What an authenticator app is to be given.
#[derive(Debug, Object)]
#[oai(example, rename = "SecondFactorEnrolment")]
pub struct EnrolmentResponse {
    /// The shared secret in base 32, to be typed. It is shown only this once.
    secret: String,
    /// The same as an `otpauth:` URL (HMAC-SHA-1, six digits, 30 seconds), to be shown as a QR code.
    otpauth_url: String,
    /// Until when it can be confirmed.
    expires_at: Timestamp,
}

impl Example for EnrolmentResponse {
    fn example() -> Self {
        let otpauth_url = format!(
            "otpauth://totp/cairn%2Eexample:ann%40example%2Eorg?secret={SECRET}&issuer=cairn%2Eexample&algorithm=SHA1&digits=6&period=30"
        );
        Self { secret: SECRET.to_owned(), otpauth_url, expires_at: Timestamp(TIME_MS) }
    }
}

impl From<&Enrolment> for EnrolmentResponse {
    fn from(enrolment: &Enrolment) -> Self {
        Self {
            secret: enrolment.secret.expose().to_owned(),
            otpauth_url: enrolment.url.expose().to_owned(),
            expires_at: Timestamp(enrolment.expires_at_ms),
        }
    }
}

/// Codes that stand in for the authenticator app, once each.
#[derive(Debug, Object)]
#[oai(example, rename = "RecoveryCodes")]
pub struct RecoveryCodesResponse {
    /// Ten codes of sixteen symbols, in groups of four. They are shown only this once; the earlier ones are void.
    recovery_codes: Vec<String>,
}

impl Example for RecoveryCodesResponse {
    fn example() -> Self {
        Self { recovery_codes: vec!["4k7p-m2xq-9c3t-w8zd".to_owned()] }
    }
}

impl From<Vec<Secret>> for RecoveryCodesResponse {
    fn from(codes: Vec<Secret>) -> Self {
        Self { recovery_codes: codes.iter().map(|code| code.expose().to_owned()).collect() }
    }
}
