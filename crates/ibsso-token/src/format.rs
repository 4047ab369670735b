//! What comes of an answer: a report, or the token in the form that was asked for.

use crate::args::Format;
use crate::client::TokenClient;
use crate::report::{TokenOutput, TokenReport};
use crate::token_file::TokenFile;
use ib_cli::{Answer, Report, Result, Secret};
use ib_webapi::{Token, TokenAnswer};

/// The report, or the bare form; with a file, either of them goes there, and stdout has the report without the token.
///
/// # Errors
/// The answer's own for a form that is no report, since whatever is printed would be taken for a token; `Config` for
/// the file.
pub(crate) fn answer(
    format: Format,
    client: &TokenClient,
    answer: TokenAnswer,
    out: Option<TokenFile>,
) -> Result<Answer<TokenOutput>> {
    let error = answer.error();
    let form = answer.token.as_ref().and_then(|token| form(format, token));
    let is_issued = answer.token.is_some();
    let report = TokenReport::new(client, answer);
    if !is_issued {
        return match (format, &out) {
            (Format::Json, _) | (_, Some(_)) => {
                Ok(Answer::failed(TokenOutput::Token(report), error))
            }
            _ => Err(error),
        };
    }
    let Some(file) = out else {
        return Ok(match form {
            Some(form) => Answer::raw(form),
            None => Answer::done(TokenOutput::Token(report)),
        });
    };
    let whole = TokenOutput::Token(report);
    let line = match form {
        Some(form) => form.with_newline(),
        None => whole.line()?,
    };
    file.write(line.expose())?;
    Ok(Answer::done(whole.without_token()))
}

/// The token in a form that is no report; `None` for the report.
fn form(format: Format, token: &Token) -> Option<Secret> {
    let with =
        |before: &str| Secret::new([before.as_bytes(), token.access_token.expose()].concat());
    match format {
        Format::Json => None,
        Format::Bare => Some(with("")),
        Format::Header => Some(with("Authorization: Bearer ")),
        Format::Upstream => Some(token.upstream.clone()),
    }
}
