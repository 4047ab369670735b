//! Make the session ready, with the cheapest step that works.
