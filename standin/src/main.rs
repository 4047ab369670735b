//! Plays Interactive Brokers, its Gateway and its DAM SSO hosts for tests; all of it is in the library.
fn main() -> std::process::ExitCode {
    ib_standin::run()
}
