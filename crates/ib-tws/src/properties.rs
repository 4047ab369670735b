//! The form in which `java.util.Properties` reads a value.

use std::fmt::Write;

/// Appends a value so that `Properties.load` gives it back: ISO-8859-1, backslashes doubled, the rest as UTF-16 units.
///
/// Written here, since java-properties 2.0.0 writes `\ue9` where Java wants four digits.
/// Blanks at the beginning are skipped by Java whatever is done: the caller refuses them.
pub(crate) fn push_escaped(to: &mut String, value: &str) {
    for character in value.chars() {
        match character {
            '\\' => to.push_str("\\\\"),
            ' '..='~' => to.push(character),
            _ => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    // Writing to a string cannot fail.
                    let _ = write!(to, "\\u{unit:04x}");
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::push_escaped;

    #[test]
    fn escapes_what_java_would_read_otherwise_and_nothing_else() {
        let cases = [
            (r"a\tb", r"a\\tb"),
            (r"ends in \", r"ends in \\"),
            ("#!=: stay", "#!=: stay"),
            ("é", r"\u00e9"),
            ("😀", r"\ud83d\ude00"),
            ("\t", r"\u0009"),
            ("\u{7f}", r"\u007f"),
        ];
        for (value, expected) in cases {
            let mut escaped = String::new();
            push_escaped(&mut escaped, value);
            assert_eq!(escaped, expected, "of {value:?}");
        }
    }
}
