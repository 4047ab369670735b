//! What the tool prints of an answer: the report, or the token in the form that `--format` names.

use crate::args::TokenFormat;
use crate::client::TokenClient;
use crate::report::TokenReport;
use crate::token_file::TokenFile;
use ib_cli::{Answer, Report, Result, Secret};
use ib_webapi::{Token, TokenAnswer};

/// The report, or the token in another form. With `--out` the file gets it, and stdout the report without the token.
///
/// # Errors
/// The answer's own error when `--format` names another form than the report: a caller would take what is printed for a
/// token. `Config` when the file cannot be written.
pub(crate) fn answer(
    format: TokenFormat,
    client: &TokenClient,
    answer: TokenAnswer,
    out: Option<TokenFile>,
) -> Result<Answer<TokenReport>> {
    if let Some(error) = answer.error() {
        let is_report_printed = format == TokenFormat::Json || out.is_some();
        return if is_report_printed {
            Ok(Answer::failed(TokenReport::new(client, answer), error))
        } else {
            Err(error)
        };
    }
    let token = answer.token.as_ref();
    let other_form = token.and_then(|token| other_form(format, token));
    let report = TokenReport::new(client, answer);
    let Some(file) = out else {
        return Ok(match other_form {
            Some(value) => Answer::raw(value),
            None => Answer::done(report),
        });
    };
    let line = match other_form {
        Some(value) => value.with_newline(),
        None => report.line()?,
    };
    file.write(line.expose())?;
    Ok(Answer::done(report.without_token()))
}

/// The token in a form that is no report; `None` for the report.
fn other_form(format: TokenFormat, token: &Token) -> Option<Secret> {
    let with =
        |before: &str| Secret::new([before.as_bytes(), token.access_token.expose()].concat());
    match format {
        TokenFormat::Json => None,
        TokenFormat::Bare => Some(with("")),
        TokenFormat::Header => Some(with("Authorization: Bearer ")),
        TokenFormat::Upstream => Some(token.upstream.clone()),
    }
}
