//! The beginning of what a server says, fit for the sentence of an error.

/// The most that is shown of a body.
const SHOWN: usize = 200;

/// Words of this length and more are keys, tokens and payloads, not words.
const TOO_LONG: usize = 24;

/// The beginning of a body on one line: of HTML the title alone, of anything else what is neither one of `secrets` nor
/// could be one; `None` when nothing is left.
pub(crate) fn excerpt(body: &[u8], secrets: &[&str]) -> Option<String> {
    // Far more than is shown, and far less than a mebibyte to look through.
    let text = String::from_utf8_lossy(&body[..body.len().min(64 * 1024)]);
    let text = before_token(title(&text).unwrap_or(&text));
    let mut text = text.to_owned();
    for secret in secrets.iter().filter(|secret| !secret.is_empty()) {
        text = text.replace(secret, "…");
    }
    let words = text.split(|letter: char| letter.is_whitespace() || letter.is_control());
    let words: Vec<String> = words
        .filter(|word| !word.is_empty())
        .map(without_long_runs)
        .collect();
    let line: String = words.join(" ").chars().take(SHOWN).collect();
    Some(line).filter(|line| !line.is_empty())
}

/// The title, if it is HTML.
fn title(text: &str) -> Option<&str> {
    let lower = text.to_ascii_lowercase();
    if !lower.contains("<html") && !lower.contains("<!doctype html") {
        return None;
    }
    let begin = lower.find("<title>").map(|place| place + "<title>".len());
    let Some(begin) = begin else {
        return Some("HTML without a title");
    };
    let end = lower[begin..].find('<').unwrap_or(lower.len() - begin);
    Some(&text[begin..begin + end])
}

/// What stands before a key of a token, of which a broken answer may hold any part: `"ACCESS_TOKEN":`, `token=`.
fn before_token(text: &str) -> &str {
    let lower = text.to_ascii_lowercase();
    let is_of_a_name = |letter: char| letter.is_ascii_alphanumeric() || "_-".contains(letter);
    let is_key = |name: &str| {
        let after = name.trim_start_matches(is_of_a_name);
        let after = after.trim_start_matches(['"', '\'', '\\']).trim_start();
        after.starts_with([':', '=']) || after.starts_with("&quot;")
    };
    let mut places = lower.match_indices("token").map(|(place, _)| place);
    match places.find(|place| is_key(&lower[*place..])) {
        Some(place) => text[..place].trim_end_matches(is_of_a_name),
        None => text,
    }
}

fn without_long_runs(word: &str) -> String {
    let is_of_a_run =
        |letter: char| letter.is_ascii_alphanumeric() || "+/=_-.\\%~:&#;".contains(letter);
    let mut shown = String::new();
    let mut rest = word;
    while !rest.is_empty() {
        let end = rest.find(|letter| !is_of_a_run(letter));
        let (run, after) = rest.split_at(end.unwrap_or(rest.len()));
        shown.push_str(if run.len() < TOO_LONG { run } else { "…" });
        let begin = after.find(is_of_a_run).unwrap_or(after.len());
        let (between, next) = after.split_at(begin);
        shown.push_str(between);
        rest = next;
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_words_and_no_secrets() {
        let long = "a".repeat(5000);
        let page = |title: &str| {
            format!("<!DOCTYPE html><HTML><head><TITLE>{title}</TITLE></head><body>{long}</body>")
        };
        for (body, shown) in [
            (String::new(), None),
            ("\n \t".to_owned(), None),
            (
                "Error While\r\nProcessing".to_owned(),
                Some("Error While Processing"),
            ),
            (page("401 Denied"), Some("401 Denied")),
            ("<html><body>x".to_owned(), Some("HTML without a title")),
            (
                "your CSID=Short1 is wrong".to_owned(),
                Some("your CSID=… is wrong"),
            ),
            (format!("payload:{long}, sorry"), Some("…, sorry")),
            (
                r#"{"RESULT":false,"ACCESS_TOKEN":"eyJ0"#.to_owned(),
                Some(r#"{"RESULT":false,""#),
            ),
            (
                r#"{"error":"no", "id_token" : "eyJ0"#.to_owned(),
                Some(r#"{"error":"no", ""#),
            ),
            (page("Sorry token=abc"), Some("Sorry")),
            ("a token is a word".to_owned(), Some("a token is a word")),
            ("eyJ0eXAi%2BJKV1Q~LCJhb:GciOi&#43;JI5".to_owned(), Some("…")),
            ("\u{1b}[31mred".to_owned(), Some("[31mred")),
        ] {
            assert_eq!(
                excerpt(body.as_bytes(), &["Short1"]).as_deref(),
                shown,
                "{body:.80}"
            );
        }
    }

    #[test]
    fn shows_200_characters_at_most() {
        let body = "wörd ".repeat(1000);
        let shown = excerpt(body.as_bytes(), &[]).expect("there is something");
        assert_eq!(shown.chars().count(), SHOWN);
        let garbage: Vec<u8> = (0..=255).cycle().take(1 << 20).collect();
        let shown = excerpt(&garbage, &[]).expect("there is something");
        assert!(
            shown.chars().count() <= SHOWN && !shown.contains(char::is_control),
            "{shown:?}"
        );
    }
}
