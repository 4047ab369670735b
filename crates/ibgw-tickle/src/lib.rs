//! One keep-alive call; report the session's true state.
