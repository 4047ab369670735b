//! The pictures of the README: small, in both themes, and with nothing of the machine that drew them.

use crate::support::{entries, read, repository};

#[test]
fn every_picture_is_small_and_has_its_twin() {
    let folder = repository().join("docs/pictures");
    let pictures = entries(&folder);
    assert!(pictures.len() >= 4, "{pictures:?}");
    for path in pictures {
        let picture = read(&path);
        assert!(picture.len() < 200_000, "{path:?} has {}", picture.len());
        for part in ["<svg ", "<title>", "<desc>", "viewBox"] {
            assert!(picture.contains(part), "{path:?} has no {part}");
        }
        for place in ["/tmp", "/home", "/root", "/work", "/var/"] {
            assert!(!picture.contains(place), "{path:?} names {place}");
        }
        let name = path.file_name().and_then(|name| name.to_str());
        let name = name.expect("a name");
        let (here, there) = match name.contains("-light.") {
            true => ("-light.", "-dark."),
            false => ("-dark.", "-light."),
        };
        let twin = folder.join(name.replace(here, there));
        assert!(twin.exists(), "{name} has no {there}");
        let readme = read("README.md");
        assert!(readme.contains(name), "README.md does not show {name}");
    }
}

/// The words of both themes are the same: they are drawn from one recording, or by one hand.
#[test]
fn both_themes_say_the_same() {
    let words = |path: &str| -> Vec<String> {
        let picture = read(path);
        let texts = picture.split("<text").skip(1);
        let texts = texts.filter_map(|rest| rest.split("</text>").next());
        texts
            .filter_map(|rest| rest.split_once('>').map(|(_, text)| text.to_owned()))
            .collect()
    };
    for name in ["supervise", "steps"] {
        let [light, dark] =
            ["light", "dark"].map(|theme| words(&format!("docs/pictures/{name}-{theme}.svg")));
        assert!(light.len() > 5, "{name}: {light:?}");
        assert_eq!(light, dark, "{name}");
    }
}
