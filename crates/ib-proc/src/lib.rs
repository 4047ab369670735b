//! Processes: groups, signals, deadlines, re-exec, no dumps.
