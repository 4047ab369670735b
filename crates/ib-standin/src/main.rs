//! Plays Interactive Brokers and its Gateway for tests; all of it is in the library.
fn main() -> std::process::ExitCode {
    ib_standin::run()
}
