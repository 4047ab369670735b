//! Which of a customer's two worlds to log in to.

/// Which mode a caller asks for.
#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum WantedMode {
    /// Live, and nothing else.
    Live,
    /// Paper, and nothing else.
    Paper,
    /// As without it; where that is live and the username is one for paper, paper.
    Auto,
}
