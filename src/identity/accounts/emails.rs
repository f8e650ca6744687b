//! The texts of the emails to users, in English and Romanian. None tells its reader more than the address's owner may know.
//!
//! An email with a code has a link to the page that takes it too. The code stands in its fragment, which browsers send to no server.

use std::time::Duration;

use super::model::{Code, StorageNotice};
use crate::{
    identity::access::Role,
    platform::{
        mail::{Email, EmailAddress, Language},
        secret::Secret,
    },
};

/// Writes the emails of one server.
#[derive(Clone, Debug)]
pub struct EmailTexts {
    /// The server's public URL, which signs each email.
    pub server: String,
    /// How long codes are valid.
    pub code_lifetime: Duration,
}

/// The same in one language.
#[derive(Clone, Copy, Debug)]
pub struct EmailsIn<'a> {
    texts: &'a EmailTexts,
    language: Language,
}

/// An email with a code.
struct CodeText<'a> {
    subject: &'a str,
    /// What the code is for.
    intro: &'a str,
    /// The page that takes it, and what stands behind the code in its fragment.
    page: (&'a str, &'a str),
    code: &'a Code,
    lifetime: String,
    /// For whoever did not ask for it.
    unasked: &'a str,
}

impl EmailTexts {
    /// An email with that text.
    pub fn email(&self, to: &EmailAddress, subject: &str, text: &str) -> Email {
        let text = format!("{text}\n\n-- \nCairn: {}\n", self.server);
        Email { to: to.clone(), subject: subject.to_owned(), text: Secret::new(text) }
    }

    /// The emails in a language.
    #[must_use]
    pub fn in_language(&self, language: Language) -> EmailsIn<'_> {
        EmailsIn { texts: self, language }
    }
}

impl EmailsIn<'_> {
    /// An email whose subject and text are in both languages.
    fn plain(&self, to: &EmailAddress, [first, second]: [&str; 2], english: &str, romanian: &str) -> Email {
        self.texts.email(to, self.language.pick(first, second), self.language.pick(english, romanian))
    }

    fn page(&self, path: &str) -> String {
        format!("{}{path}", self.texts.server)
    }

    fn with_code(&self, to: &EmailAddress, text: &CodeText<'_>) -> Email {
        let CodeText { subject, intro, page: (page, more), code, lifetime, unasked } = text;
        let (code, page) = (code.secret().expose(), self.page(page));
        let [open, enter] = self.language.pick(["open", "or enter this code:"], ["deschide", "sau introdu acest cod:"]);
        let valid = match self.language {
            Language::English => format!("It works once, within {lifetime}."),
            Language::Romanian => format!("Funcționează o singură dată, timp de {lifetime}."),
        };
        let text = format!("{intro}, {open}\n{page}#code={code}{more}\n{enter}\n\n    {code}\n\n{valid}\n{unasked}");
        self.texts.email(to, subject, &text)
    }

    /// How long codes are valid.
    fn code_mins(&self) -> String {
        let mins = self.texts.code_lifetime.as_secs().div_ceil(60);
        self.language.count(mins, ["minute", "minutes"], ["un minut", "minute"])
    }

    /// Registration, where the address has no account.
    pub fn registration(&self, to: &EmailAddress, code: &Code) -> Email {
        let english = [
            "Your code for a new account",
            "To create an account with this address",
            "If you did not ask for it, ignore this email: no account is created.",
        ];
        let romanian = [
            "Codul tău pentru un cont nou",
            "Ca să creezi un cont cu această adresă",
            "Dacă nu l-ai cerut, ignoră acest e-mail: nu se creează niciun cont.",
        ];
        let [subject, intro, unasked] = self.language.pick(english, romanian);
        let (page, lifetime) = (("/account/confirm", ""), self.code_mins());
        self.with_code(to, &CodeText { subject, intro, page, code, lifetime, unasked })
    }

    /// Registration, where the address has an account already.
    pub fn already_registered(&self, to: &EmailAddress) -> Email {
        let (sign_in, forgotten) = (self.page("/account/sign-in"), self.page("/account/forgotten"));
        let english = format!(
            "Somebody, perhaps you, tried to create an account with this address.\n\
             There is one already, and nothing was changed.\n\nTo sign in:\n{sign_in}\n\nFor a new password:\n{forgotten}"
        );
        let romanian = format!(
            "Cineva, poate tu, a încercat să creeze un cont cu această adresă.\n\
             Există deja unul și nu s-a schimbat nimic.\n\nCa să te autentifici:\n{sign_in}\n\nPentru o parolă nouă:\n{forgotten}"
        );
        self.plain(to, ["You have an account already", "Ai deja un cont"], &english, &romanian)
    }

    /// A password reset, where the address has an account.
    pub fn password_reset(&self, to: &EmailAddress, code: &Code) -> Email {
        let english = [
            "Your code for a new password",
            "To set a new password for your account",
            "If you did not ask for it, ignore this email: your password stays the same.",
        ];
        let romanian = [
            "Codul tău pentru o parolă nouă",
            "Ca să pui o parolă nouă contului tău",
            "Dacă nu l-ai cerut, ignoră acest e-mail: parola rămâne aceeași.",
        ];
        let [subject, intro, unasked] = self.language.pick(english, romanian);
        let (page, lifetime) = (("/account/reset", ""), self.code_mins());
        self.with_code(to, &CodeText { subject, intro, page, code, lifetime, unasked })
    }

    /// A password reset, where the address has no account.
    pub fn no_account(&self, to: &EmailAddress) -> Email {
        let english = "Somebody, perhaps you, asked for a new password for an account with this\n\
                       address. There is no such account: perhaps yours has another address.";
        let romanian = "Cineva, poate tu, a cerut o parolă nouă pentru un cont cu această adresă.\n\
                        Nu există un astfel de cont: poate că al tău are altă adresă.";
        let subjects = ["There is no account with this address", "Nu există un cont cu această adresă"];
        self.plain(to, subjects, english, romanian)
    }

    /// An invitation into a studio, whose code is valid for `lifetime`.
    pub fn invitation(&self, to: &EmailAddress, studio: &str, role: Role, code: &Code, lifetime: Duration) -> Email {
        let hours = lifetime.as_secs().div_ceil(3600);
        let lifetime = self.language.count(hours, ["hour", "hours"], ["o oră", "ore"]);
        let english = format!(
            "You are invited into the studio {studio}, as {}.\nTo join it with the account that has this address, or with a new one",
            role.name()
        );
        let role = match role {
            Role::Owner => "proprietar",
            Role::Developer => "dezvoltator",
            Role::Moderator => "moderator",
            Role::Viewer => "cititor",
        };
        let romanian = format!(
            "Ai o invitație în studioul {studio}, ca {role}.\nCa să intri cu contul care are această adresă, sau cu unul nou"
        );
        let (subject, intro, unasked) = match self.language {
            Language::English => {
                ("You are invited into a studio", english, "If you do not know who invited you, ignore this email.")
            }
            Language::Romanian => {
                ("Ai o invitație într-un studio", romanian, "Dacă nu știi cine te-a invitat, ignoră acest e-mail.")
            }
        };
        let page = ("/account/invitation", "");
        self.with_code(to, &CodeText { subject, intro: &intro, page, code, lifetime, unasked })
    }

    /// A change of address, to the new one.
    pub fn email_change(&self, to: &EmailAddress, code: &Code) -> Email {
        let english = [
            "Your code for a new address",
            "To make this the address of your account, signed in",
            "If you did not ask for it, ignore this email.",
        ];
        let romanian = [
            "Codul tău pentru o adresă nouă",
            "După autentificare, ca să faci din aceasta adresa contului tău",
            "Dacă nu l-ai cerut, ignoră acest e-mail.",
        ];
        let [subject, intro, unasked] = self.language.pick(english, romanian);
        let (page, lifetime) = (("/account/confirm", "&for=email"), self.code_mins());
        self.with_code(to, &CodeText { subject, intro, page, code, lifetime, unasked })
    }

    /// A change of address, to a new one that has an account already.
    pub fn email_taken(&self, to: &EmailAddress) -> Email {
        let english = "Somebody, perhaps you, tried to make this the address of another\n\
                       account. It has an account already, so nothing was changed.";
        let romanian = "Cineva, poate tu, a încercat să facă din aceasta adresa altui cont.\n\
                        Are deja un cont, așa că nu s-a schimbat nimic.";
        let subjects = ["This address has an account already", "Această adresă are deja un cont"];
        self.plain(to, subjects, english, romanian)
    }

    /// The notice to the old address that the account has a new one.
    pub fn email_changed(&self, to: &EmailAddress) -> Email {
        let english = "The address of your account was changed, from this one to another. If\n\
                       you did not do that, contact those who run the server.";
        let romanian = "Adresa contului tău s-a schimbat, de la aceasta la alta. Dacă nu ai\n\
                        făcut-o tu, scrie celor care administrează serverul.";
        let subjects = ["The address of your account was changed", "Adresa contului tău s-a schimbat"];
        self.plain(to, subjects, english, romanian)
    }

    /// The notice that the password was changed.
    pub fn password_changed(&self, to: &EmailAddress) -> Email {
        let page = self.page("/account/forgotten");
        let english = format!(
            "The password of your account was changed, and all sessions were ended.\n\
             If you did not do that, ask for a new password now:\n{page}"
        );
        let romanian = format!(
            "Parola contului tău s-a schimbat, iar toate sesiunile s-au încheiat.\n\
             Dacă nu ai făcut-o tu, cere acum o parolă nouă:\n{page}"
        );
        self.plain(to, ["Your password was changed", "Parola ta s-a schimbat"], &english, &romanian)
    }

    /// The notice that the account has a second factor.
    pub fn second_factor_on(&self, to: &EmailAddress) -> Email {
        let english = "From now on signing in to your account needs a code of your authenticator\n\
                       app too. Keep the recovery codes where you find them without it.";
        let romanian = "De acum, autentificarea în contul tău cere și un cod din aplicația ta de\n\
                        autentificare. Păstrează codurile de recuperare unde le găsești fără ea.";
        let subjects = ["Second factor turned on", "Al doilea factor este activat"];
        self.change_of_access(to, subjects, english, romanian)
    }

    /// The notice that the account has no second factor any more.
    pub fn second_factor_off(&self, to: &EmailAddress) -> Email {
        let english = "Signing in to your account needs no code of an authenticator app any more.";
        let romanian = "Autentificarea în contul tău nu mai cere un cod din aplicația de autentificare.";
        let subjects = ["Second factor turned off", "Al doilea factor este dezactivat"];
        self.change_of_access(to, subjects, english, romanian)
    }

    /// The notice that those who run the server have removed the second factor.
    pub fn second_factor_reset(&self, to: &EmailAddress) -> Email {
        let english = "Those who run the server have removed the second factor of your account:\n\
                       signing in needs the password alone. You can turn it on again.";
        let romanian = "Cei care administrează serverul au eliminat al doilea factor al contului\n\
                        tău: autentificarea cere doar parola. Îl poți activa din nou.";
        let subjects = ["Second factor removed", "Al doilea factor a fost eliminat"];
        self.change_of_access(to, subjects, english, romanian)
    }

    /// The notice that there are new recovery codes.
    pub fn recovery_codes_renewed(&self, to: &EmailAddress) -> Email {
        let english = "Your account has new recovery codes. The earlier ones are void.";
        let romanian = "Contul tău are coduri de recuperare noi. Cele de dinainte nu mai sunt valabile.";
        self.change_of_access(to, ["New recovery codes", "Coduri de recuperare noi"], english, romanian)
    }

    /// The notice that a recovery code was used, and how many are left.
    pub fn recovery_code_used(&self, to: &EmailAddress, left: u64) -> Email {
        let left = self.language.count(left, ["code", "codes"], ["un cod", "coduri"]);
        let english = format!(
            "A recovery code of your account was used in place of a code of your\n\
             authenticator app. Left: {left}. New ones are in the settings of your account."
        );
        let romanian = format!(
            "Un cod de recuperare al contului tău a fost folosit în locul unui cod din\n\
             aplicația de autentificare. Rămase: {left}. Unele noi găsești în setările contului."
        );
        let subjects = ["A recovery code was used", "Un cod de recuperare a fost folosit"];
        self.change_of_access(to, subjects, &english, &romanian)
    }

    /// A notice about how the account is opened, and what to do where that was changed by somebody else.
    fn change_of_access(&self, to: &EmailAddress, subjects: [&str; 2], english: &str, romanian: &str) -> Email {
        let (page, text) = (self.page("/account/forgotten"), self.language.pick(english, romanian));
        let [first, second] = subjects;
        let subject = self.language.pick(first, second);
        let unasked = match self.language {
            Language::English => "If that was not you, somebody else can sign in: set a new password now:",
            Language::Romanian => "Dacă nu ai fost tu, se poate autentifica altcineva: pune acum o parolă nouă:",
        };
        self.texts.email(to, subject, &format!("{text}\n\n{unasked}\n{page}"))
    }

    /// The notice that an account elsewhere opens this one.
    pub fn identity_linked(&self, to: &EmailAddress, provider: &str) -> Email {
        let english = format!("From now on you can sign in to your account by {provider} too.");
        let romanian = format!("De acum te poți autentifica în contul tău și prin {provider}.");
        let subjects = ["A way to sign in was added", "S-a adăugat un mod de autentificare"];
        self.change_of_access(to, subjects, &english, &romanian)
    }

    /// The notice that an account elsewhere opens this one no longer.
    pub fn identity_unlinked(&self, to: &EmailAddress, provider: &str) -> Email {
        let english = format!("Signing in to your account by {provider} is no longer possible.");
        let romanian = format!("Autentificarea în contul tău prin {provider} nu mai este posibilă.");
        let subjects = ["A way to sign in was removed", "S-a eliminat un mod de autentificare"];
        self.change_of_access(to, subjects, &english, &romanian)
    }

    /// The notice to an owner that their studio comes near a bound of what it may store.
    pub fn storage_notice(&self, to: &EmailAddress, notice: &StorageNotice) -> Email {
        let (name, object, detail) = (&notice.world, notice.object(), notice.detail());
        let english = format!(
            "The studio of {name} comes near a bound of what it may store on this\nserver:\n\n    {object}: {detail}\n\n\
             Where the bound is reached, new traces replace old ones or are refused,\nas the settings of the game say. \
             Remove what is no longer needed, or ask\nthose who run the server for more."
        );
        let object = if notice.of_studio { "toate lumile" } else { object };
        let StorageNotice { used, bound, percent, .. } = notice;
        let unit = if notice.unit == "bytes" { "octeți" } else { "locuri" };
        let romanian = format!(
            "Studioul jocului {name} se apropie de limita a ceea ce poate păstra pe\nacest server:\n\n    {object}: {used} din {bound} \
             {unit} ({percent} %)\n\nLa limită, urmele noi le înlocuiesc pe cele vechi sau sunt refuzate, după\nsetările jocului. \
             Șterge ce nu mai e nevoie, sau cere mai mult celor care\nadministrează serverul."
        );
        let subjects =
            ["Your studio comes near a bound of its storage", "Studioul tău se apropie de limita spațiului său"];
        self.plain(to, subjects, &english, &romanian)
    }

    /// The notice that the account was deleted.
    pub fn account_deleted(&self, to: &EmailAddress) -> Email {
        let english = "Your account and its data were deleted, as you asked.";
        let romanian = "Contul tău și datele lui au fost șterse, cum ai cerut.";
        self.plain(to, ["Your account was deleted", "Contul tău a fost șters"], english, romanian)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_email_is_in_both_languages_and_its_links_lead_to_pages_of_the_server() {
        let texts = EmailTexts { server: "https://cairn.example".to_owned(), code_lifetime: Duration::from_hours(1) };
        let (to, code) = (EmailAddress::parse("ann@example.org").unwrap(), Code::new("c0de"));
        let notice = StorageNotice {
            world: "moss/climb".to_owned(),
            of_studio: true,
            unit: "bytes".to_owned(),
            used: 80,
            bound: 100,
            percent: 80,
        };
        let all = |language| {
            let emails = texts.in_language(language);
            [
                (emails.registration(&to, &code), "/account/confirm#code=c0de\n"),
                (emails.already_registered(&to), "/account/sign-in\n"),
                (emails.password_reset(&to, &code), "/account/reset#code=c0de\n"),
                (emails.no_account(&to), ""),
                (
                    emails.invitation(&to, "moss", Role::Owner, &code, Duration::from_hours(168)),
                    "/account/invitation#code=c0de\n",
                ),
                (emails.email_change(&to, &code), "/account/confirm#code=c0de&for=email\n"),
                (emails.email_taken(&to), ""),
                (emails.email_changed(&to), ""),
                (emails.password_changed(&to), "/account/forgotten\n"),
                (emails.second_factor_on(&to), "/account/forgotten\n"),
                (emails.second_factor_off(&to), "/account/forgotten\n"),
                (emails.second_factor_reset(&to), "/account/forgotten\n"),
                (emails.recovery_codes_renewed(&to), "/account/forgotten\n"),
                (emails.recovery_code_used(&to, 9), "/account/forgotten\n"),
                (emails.identity_linked(&to, "google"), "/account/forgotten\n"),
                (emails.identity_unlinked(&to, "google"), "/account/forgotten\n"),
                (emails.storage_notice(&to, &notice), ""),
                (emails.account_deleted(&to), ""),
            ]
        };
        for ((english, link), (romanian, _)) in all(Language::English).into_iter().zip(all(Language::Romanian)) {
            assert_ne!(english.subject, romanian.subject);
            for text in [english.text.expose(), romanian.text.expose()] {
                assert!(
                    text.contains(&format!("{}{link}", if link.is_empty() { "" } else { "https://cairn.example" })),
                    "{text}"
                );
                assert!(text.ends_with("\n-- \nCairn: https://cairn.example\n"), "{text}");
                assert!(!text.contains("code=") || text.contains("\n    c0de\n"), "{text}");
            }
            // Romanian has letters of its own.
            assert!(
                english.text.expose().is_ascii() && !romanian.text.expose().is_ascii(),
                "{}",
                romanian.text.expose()
            );
        }
        let registration = texts.in_language(Language::Romanian).registration(&to, &code);
        assert!(registration.text.expose().contains("timp de 60 de minute."));
    }
}
