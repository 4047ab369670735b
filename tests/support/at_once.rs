//! Cases of one test that run at the same time.

use std::sync::Mutex;
use std::thread;

/// Runs each case, `most` of them at a time: they mostly wait. The results, in the order of the cases.
pub(crate) fn at_once<T: Send, R: Send>(
    most: usize,
    cases: impl IntoIterator<Item = T>,
    run: impl Fn(T) -> R + Sync,
) -> Vec<R> {
    let cases = Mutex::new(
        cases
            .into_iter()
            .enumerate()
            .collect::<Vec<_>>()
            .into_iter(),
    );
    let results = Mutex::new(Vec::new());
    let next = || cases.lock().expect("no panic").next();
    thread::scope(|scope| {
        for _ in 0..most {
            scope.spawn(|| {
                while let Some((place, case)) = next() {
                    let result = run(case);
                    results.lock().expect("no panic").push((place, result));
                }
            });
        }
    });
    let mut results = results.into_inner().expect("no panic");
    results.sort_unstable_by_key(|(place, _)| *place);
    results.into_iter().map(|(_, result)| result).collect()
}
