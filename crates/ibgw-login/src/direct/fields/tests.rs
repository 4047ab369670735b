use super::*;
use proptest::prelude::*;

fn xml(text: &str) -> Result<Fields, &'static str> {
    Fields::of_xml(text.as_bytes())
}

fn json(text: &str) -> Result<Fields, &'static str> {
    Fields::of_json(text.as_bytes())
}

#[test]
fn reads_the_same_in_both_dialects() {
    let both = [
        json(
            r#"{"M2": "ab", "reached_max_login": false, "sftypes": ["4", "5.2a"], "error": null,
               "two_factor": {"type": "SWCR", "challenge": "111 222"}}"#,
        ),
        json(
            r#"{"M2": "ab", "reached_max_login": "false", "sftypes": "4,5.2a",
               "two_factor": {"type": "SWCR", "challenge": "111 222"}}"#,
        ),
        xml(
            "<?xml version=\"1.0\"?>\n<ib_auth_res><ini_params><M2>ab</M2></ini_params>\
             <auth_info><reached_max_login>false</reached_max_login></auth_info><sftypes>4,5.2a</sftypes><error/>\
             <two_factor><type>SWCR</type><challenge> 111 222 </challenge></two_factor></ib_auth_res>",
        ),
    ];
    for fields in both {
        let fields = fields.unwrap_or_else(|why| panic!("{why}"));
        assert_eq!(fields.get("M2"), Some("ab"));
        assert_eq!(fields.flag("reached_max_login"), Ok(Some(false)));
        assert_eq!(fields.get("sftypes"), Some("4,5.2a"));
        assert_eq!(fields.get("error"), None);
        assert_eq!(fields.kind(), Some("SWCR"));
        assert_eq!(fields.get("challenge"), Some("111 222"));
    }
}

#[test]
fn refuses_what_is_no_answer_of_the_login() {
    for text in [
        "",
        "<html><body>Sign in</body></html>",
        "<ib_auth_res>",
        "<ib_auth_res></ib_auth_res><ib_auth_res/>",
        "{}",
    ] {
        assert!(xml(text).is_err(), "{text}");
    }
    for text in [
        "",
        "[]",
        "null",
        "<html>",
        r#"{"M2": {"a": 1}}"#,
        r#"{"M2""#,
    ] {
        assert!(json(text).is_err(), "{text}");
    }
}

#[test]
fn expands_no_entity() {
    let bomb = "<!DOCTYPE ib_auth_res [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">\
                <!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\">]><ib_auth_res><error>&c;</error></ib_auth_res>";
    assert!(xml(bomb).is_err());
    let outside = "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><ib_auth_res><error>&x;</error></ib_auth_res>";
    assert!(xml(outside).is_err());
}

#[test]
fn refuses_more_parts_than_an_answer_has_and_any_depth() {
    let many = format!("<ib_auth_res>{}</ib_auth_res>", "<a/>".repeat(200_000));
    assert!(xml(&many).is_err());
    assert!(xml(&"<ib_auth_res>".repeat(70_000)).is_err());
    assert!(json(&"[".repeat(1_000_000)).is_err());
    assert!(json(&format!("{{\"g\": 1{}}}", "0".repeat(10_000))).is_err());
}

proptest! {
    // The same as fuzz/fuzz_targets/login_xml.rs and login_json.rs.
    #[test]
    fn any_bytes_are_an_answer_or_none(body in prop::collection::vec(any::<u8>(), 0..2000)) {
        let _ = Fields::of_xml(&body);
        let _ = Fields::of_json(&body);
    }

    #[test]
    fn anything_that_looks_like_xml_is_an_answer_or_none(
        body in prop::collection::vec(
            prop::sample::select(vec![
                "<ib_auth_res>", "</ib_auth_res>", "<error>", "</error>", "<M2>", "</M2>", "<two_factor>", "<type>",
                "&amp;", "&#x0;", "&a;", "<![CDATA[", "]]>", "<!--", "-->", "<?xml version=\"1.0\"?>", "<!DOCTYPE a [",
                "<!ENTITY a \"b\">", "]>", " ", "x", "\u{0}", "\"", "<a b=\"", "/>",
            ]),
            0..60,
        ),
    ) {
        let _ = Fields::of_xml(body.concat().as_bytes());
    }

    #[test]
    fn a_value_is_the_same_in_both_dialects(value in "[A-Za-z0-9 .,'!?-]{1,60}") {
        let as_xml = xml(&format!("<ib_auth_res><error>{value}</error></ib_auth_res>"));
        let as_json = json(&serde_json::json!({ "error": value }).to_string());
        let as_xml = as_xml.unwrap_or_default();
        let as_json = as_json.unwrap_or_default();
        prop_assert_eq!(as_xml.get("error"), as_json.get("error"));
    }
}
