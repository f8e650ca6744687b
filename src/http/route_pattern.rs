//! Paths of routes as the API document writes them: `/api/games/{game_id}`.

/// Whether a path is one of a route: what stands in braces there is any one segment.
#[must_use]
pub(super) fn matches(route: &str, path: &str) -> bool {
    if !route.contains('{') {
        return route == path;
    }
    let (mut parts, mut segments) = (route.split('/'), path.split('/'));
    loop {
        match (parts.next(), segments.next()) {
            (None, None) => return true,
            (Some(part), Some(segment)) if part == segment || (part.starts_with('{') && !segment.is_empty()) => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn braces_stand_for_one_segment() {
        assert!(matches("/a/b", "/a/b") && !matches("/a/b", "/a/b/") && !matches("/a/b", "/a/c"));
        assert!(matches("/a/{x}/c", "/a/b/c"));
        for path in ["/a//c", "/a/b", "/a/b/c/d", "/a/b/d", "/b/b/c", "/a/{x}/c/"] {
            assert!(!matches("/a/{x}/c", path), "{path}");
        }
    }
}
