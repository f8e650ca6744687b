//! Proofs of work: challenges that are signed, and their answers.

use std::{net::IpAddr, time::Duration};

use super::model::{Purpose, Task};
use crate::platform::{
    clock,
    codec::hex,
    network::Network,
    signer::{SIGNATURE_BYTES, Signer},
    token::{self, NoRandomness},
};

/// How long a challenge can be answered.
pub const LIFETIME: Duration = Duration::from_mins(5);

/// Random bytes of a challenge.
const NONCE_BYTES: usize = 12;

/// Digits of the number that is looked for, at most.
const MAX_DIGITS: usize = 20;

/// A right answer: the digest of its challenge, which is good for one use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answered(pub [u8; 32]);

fn signed_text(fields: &str, purpose: Purpose, from: IpAddr) -> String {
    format!("{fields} {} {}", purpose.name(), Network::site(from))
}

/// Zero bits that a digest begins with.
fn leading_zeros(digest: &[u8; 32]) -> u32 {
    let mut zeros = 0;
    for byte in digest {
        zeros += byte.leading_zeros();
        if *byte != 0 {
            break;
        }
    }
    zeros
}

/// A challenge for a purpose and a network.
///
/// # Errors
/// The system gives no random bytes.
pub fn challenge(signer: &Signer, bits: u32, purpose: Purpose, from: IpAddr) -> Result<Task, NoRandomness> {
    let expires_at_ms = clock::ms_from_now(LIFETIME);
    let nonce = token::draw::<NONCE_BYTES>()?;
    let fields = format!("{bits}.{expires_at_ms}.{}", nonce.expose());
    let signature = hex::of_bytes(&signer.sign(signed_text(&fields, purpose, from).as_bytes()));
    Ok(Task::Work { challenge: format!("{fields}.{signature}"), bits, expires_at_ms })
}

/// Checks an answer: a challenge and a number with a colon between. `None` where it is not right.
#[must_use]
pub fn check(signer: &Signer, answer: &str, purpose: Purpose, from: IpAddr) -> Option<Answered> {
    let (challenge, number) = answer.rsplit_once(':')?;
    let (fields, signature) = challenge.rsplit_once('.')?;
    let mut parts = fields.split('.');
    let (bits, expires_at_ms) = (parts.next()?.parse::<u32>().ok()?, parts.next()?.parse::<i64>().ok()?);
    if expires_at_ms <= clock::now_ms() || number.len() > MAX_DIGITS || !number.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let signature: [u8; SIGNATURE_BYTES] = hex::to_bytes(signature)?.try_into().ok()?;
    let is_ours = signer.verify(signed_text(fields, purpose, from).as_bytes(), &signature);
    let is_solved = is_ours && leading_zeros(&token::digest(answer)) >= bits;
    is_solved.then(|| Answered(token::digest(challenge)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FROM: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(203, 0, 113, 9));

    fn solve(challenge: &str, bits: u32) -> String {
        let answers = (0_u64..).map(|number| format!("{challenge}:{number}"));
        answers.into_iter().find(|answer| leading_zeros(&token::digest(answer)) >= bits).unwrap()
    }

    #[test]
    fn an_answer_holds_for_its_purpose_and_network_alone() {
        let signer = Signer::new(&[7; 32]);
        let Ok(Task::Work { challenge, bits, .. }) = challenge(&signer, 8, Purpose::Email, FROM) else { panic!() };
        let answer = solve(&challenge, bits);
        let right = check(&signer, &answer, Purpose::Email, FROM);
        assert_eq!(right, Some(Answered(token::digest(&challenge))));
        assert_eq!(check(&signer, &answer, Purpose::SignIn, FROM), None);
        assert_eq!(check(&signer, &answer, Purpose::Email, [203, 0, 113, 10].into()), None);
        assert_eq!(check(&Signer::new(&[8; 32]), &answer, Purpose::Email, FROM), None);
        let easier = solve(&challenge.replacen("8.", "1.", 1), 1);
        let late = format!("8.{}.00.{}:0", clock::now_ms() - 1, "0".repeat(32));
        for wrong in [&challenge, &easier, &late, &format!("{answer}x"), &answer.replace(':', ":0x"), ":", ".:1", ""] {
            assert_eq!(check(&signer, wrong, Purpose::Email, FROM), None, "{wrong}");
        }
    }

    #[test]
    fn zeros_are_counted_from_the_first_bit() {
        let mut digest = [0; 32];
        assert_eq!(leading_zeros(&digest), 256);
        digest[2] = 0b0001_0000;
        assert_eq!(leading_zeros(&digest), 19);
        digest[0] = 0x80;
        assert_eq!(leading_zeros(&digest), 0);
    }
}
