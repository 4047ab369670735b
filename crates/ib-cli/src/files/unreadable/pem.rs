//! What is wrong with the form of a PEM text (RFC 7468), or of an OpenPGP one in armor (RFC 9580, 6).
//!
//! It is asked only when a library refuses the text: the library's message would show a line of it.

use super::{Defect, Unreadable, encoding_problem};

const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";
const HYPHENS: &str = "-----";

/// The first fault; `None` when every section is whole.
pub(super) fn fault(text: &[u8]) -> Option<Unreadable> {
    if is_der(text) {
        return Some(Unreadable::new(Defect::Der));
    }
    if let Some(why) = encoding_problem(text) {
        return Some(Unreadable::new(why));
    }
    if let Some(lost) = lost_line_ends(text) {
        return Some(lost);
    }
    let mut begun: Option<Section> = None;
    let mut has_any = false;
    for (number, line) in lines(text) {
        let in_line = |why, line| Some(Unreadable::new(why).in_line(line));
        if line.starts_with(BEGIN) {
            has_any = true;
            begun = Some(Section::begin(number, &line));
        } else if line.contains(BEGIN) {
            return in_line(Defect::PemIndented, number);
        } else if let Some(section) = &mut begun {
            let is_end = line.starts_with(&section.end);
            if is_end && !section.is_whole() {
                return in_line(Defect::PemNotBase64, section.line);
            }
            if !is_end && !section.take(&line) {
                return in_line(Defect::PemNotBase64, number);
            }
            if is_end {
                begun = None;
            }
        }
    }
    match begun {
        Some(section) => Some(Unreadable::new(Defect::PemUnended).in_line(section.line)),
        None if !has_any => Some(Unreadable::new(Defect::NoPem)),
        None => None,
    }
}

/// A line that has more in it than its BEGIN or END.
pub(super) fn lost_line_ends(text: &[u8]) -> Option<Unreadable> {
    let (number, line) = lines(text).find(|(_, line)| is_joined(line))?;
    let why = if line.contains("\\n") {
        Defect::PemEscapedLineEnds
    } else {
        Defect::PemLineEnds {
            characters: line.chars().count(),
        }
    };
    Some(Unreadable::new(why).in_line(number))
}

fn is_joined(line: &str) -> bool {
    let has_more = |text: &str| !text.trim().is_empty();
    let has_more_behind = |label: &str| {
        let rest = label.split_once(HYPHENS);
        rest.is_some_and(|(_, rest)| has_more(rest))
    };
    let begins = line.split_once(BEGIN);
    let ends = line.split_once(END);
    begins.is_some_and(|(_, label)| has_more_behind(label))
        || ends.is_some_and(|(before, label)| has_more(before) || has_more_behind(label))
}

/// A section that has begun.
struct Section {
    line: usize,
    /// How its last line begins.
    end: String,
    /// How many characters of base64 it has, padding included.
    characters: usize,
}

impl Section {
    fn begin(line: usize, text: &str) -> Self {
        let label = text.trim_start_matches(BEGIN);
        let label = label.split_once(HYPHENS).map_or(label, |(label, _)| label);
        Self {
            line,
            end: format!("{END}{label}{HYPHENS}"),
            characters: 0,
        }
    }

    /// Whether a line may be one of its body: base64, or a header such as `Proc-Type: 4,ENCRYPTED`.
    fn take(&mut self, line: &str) -> bool {
        if line.contains(": ") {
            return true;
        }
        let is_base64 = |letter: char| letter.is_ascii_alphanumeric() || "+/=".contains(letter);
        let bare = line.trim();
        self.characters += bare.len();
        bare.chars().all(is_base64)
    }

    fn is_whole(&self) -> bool {
        self.characters > 0 && self.characters.is_multiple_of(4)
    }
}

/// The lines with their numbers. Bytes that are not UTF-8 become letters that PEM does not have.
fn lines(text: &[u8]) -> impl Iterator<Item = (usize, std::borrow::Cow<'_, str>)> {
    let lines = text.split(|byte| *byte == b'\n');
    let numbered = lines.enumerate();
    numbered.map(|(index, line)| {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        (index + 1, String::from_utf8_lossy(line))
    })
}

/// A SEQUENCE whose length takes further bytes, as that of every certificate and key does.
fn is_der(text: &[u8]) -> bool {
    matches!(text, [0x30, 0x81..=0x84, ..])
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &str = "TWFya2VyLTc3YWEtb2YtYS1rZXk=";

    fn words(text: &str) -> String {
        fault(text.as_bytes()).map_or_else(String::new, |fault| fault.to_string())
    }

    #[test]
    fn finds_what_is_wrong_and_shows_none_of_it() {
        let key = format!("-----BEGIN PRIVATE KEY-----\n{BODY}\n-----END PRIVATE KEY-----\n");
        assert_eq!(words(&key), "");
        let blanks = key.replace('\n', " ");
        let escaped = key.replace('\n', "\\n");
        let joined = key.replacen("-----\n", "-----", 1);
        for (text, expected) in [
            (
                blanks.as_str(),
                "line ends are missing: one PEM line is 83 characters long (line 1",
            ),
            (&escaped, "has \\n where PEM has line ends (line 1"),
            (
                &joined,
                "line ends are missing: one PEM line is 55 characters long (line 1",
            ),
            (&key.replace("=\n", "="), "line ends are missing"),
            (&format!("  {key}"), "before the hyphens of BEGIN (line 1"),
            (&key.replace("Fya", "F;a"), "not base64 (line 2"),
            (&key.replace("Fya", "Fy"), "not base64 (line 1"),
            (&key[..50], "does not end (line 1"),
            (&format!("\u{feff}{key}"), "byte order mark"),
            (BODY, "no BEGIN line"),
            ("", "no BEGIN line"),
        ] {
            let found = words(text);
            assert!(found.contains(expected), "{text}: {found}");
            assert!(!found.contains(&BODY[..6]), "{found}");
        }
        let der = fault(b"\x30\x82\x01\x00\x02").map(|fault| fault.to_string());
        assert!(der.unwrap_or_default().starts_with("it is DER, not PEM"));
    }
}
