//! What a `User-Agent` says in one or two words, so that a user recognises their sessions. It is a claim.

/// What stands in the agents of browsers, the most particular first: most of them name others too.
const BROWSERS: [(&str, &str); 9] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
];

/// The same of systems.
const SYSTEMS: [(&str, &str); 7] = [
    ("Android", "Android"),
    ("iPhone", "iOS"),
    ("iPad", "iPadOS"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
];

fn named(agent: &str, names: &[(&str, &'static str)]) -> Option<&'static str> {
    names.iter().find(|(part, _)| agent.contains(part)).map(|(_, name)| *name)
}

/// The browser of an agent, or the program.
#[must_use]
pub fn browser(agent: &str) -> Option<&'static str> {
    named(agent, &BROWSERS)
}

/// The system of an agent.
#[must_use]
pub fn system(agent: &str) -> Option<&'static str> {
    named(agent, &SYSTEMS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_and_systems_are_recognised() {
        for (agent, of_browser, of_system) in [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox", "Linux"),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0",
                "Edge",
                "Windows",
            ),
            (
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36",
                "Chrome",
                "Android",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
                "Safari",
                "iOS",
            ),
        ] {
            assert_eq!((browser(agent), system(agent)), (Some(of_browser), Some(of_system)), "{agent}");
        }
        assert_eq!((browser("curl/7.88"), system("curl/7.88")), (Some("curl"), None));
        assert_eq!((browser(""), system("a game")), (None, None));
    }
}
