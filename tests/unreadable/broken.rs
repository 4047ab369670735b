//! Files as editors, shells, variables and disks break them, each from a seed.

use fastrand::Rng;

type Breaking = fn(&[u8]) -> Vec<u8>;

/// How a file is broken as a whole.
const WHOLE: [Breaking; 9] = [
    |file| file.to_vec(),
    |file| with_line_ends(file, b""),
    |file| with_line_ends(file, b" "),
    |file| with_line_ends(file, b"\\n"),
    |file| with_line_ends(file, b"\r\n"),
    |file| with_line_ends(file, b"\r"),
    |file| [b"\xef\xbb\xbf", file].concat(),
    |file| file.iter().flat_map(|byte| [*byte, 0]).collect(),
    |file| [b"\"", file, b"\""].concat(),
];

/// This number of the cases are files that are broken as a whole and not otherwise.
pub(crate) const CLASSICS: u64 = WHOLE.len() as u64;

/// The file of a case: the first ones are the classics, all others have one to four changes on top.
pub(crate) fn broken(file: &[u8], case: u64) -> Vec<u8> {
    let mut random = Rng::with_seed(case);
    let whole = |index: usize| WHOLE[index](file);
    if case < CLASSICS {
        return whole(usize::try_from(case).expect("there are few"));
    }
    // Mostly as it is, or most cases would be alike.
    let mut file = match random.u8(0..4) {
        0 => whole(random.usize(0..WHOLE.len())),
        _ => file.to_vec(),
    };
    for _ in 0..random.u8(1..=4) {
        change(&mut file, &mut random);
    }
    file
}

fn with_line_ends(file: &[u8], end: &[u8]) -> Vec<u8> {
    let lines: Vec<&[u8]> = file.split(|byte| *byte == b'\n').collect();
    lines.join(end)
}

fn change(file: &mut Vec<u8>, random: &mut Rng) {
    if file.is_empty() {
        return;
    }
    let at = random.usize(0..file.len());
    let to = (at + random.usize(1..=40)).min(file.len());
    let signs = b"\"'{}[]:,=-#&*!|>%@\\ \t\r\n\0\xff(";
    match random.u8(0..9) {
        0 => {
            file.remove(at);
        }
        1 => file.insert(at, signs[random.usize(0..signs.len())]),
        2 => file[at] = signs[random.usize(0..signs.len())],
        3 => file[at] = random.u8(..),
        4 => drop(file.drain(at..to)),
        5 => {
            let part = file[at..to].to_vec();
            file.splice(at..at, part);
        }
        6 => file.truncate(at),
        // The next line end goes, as when two lines are joined.
        _ => {
            if let Some(end) = file[at..].iter().position(|byte| *byte == b'\n') {
                file.remove(at + end);
            }
        }
    }
}

#[test]
fn a_case_is_the_same_each_time_and_another_than_the_next() {
    let file = b"one: \"two\"\nthree: four\n".repeat(4);
    for case in 0..100 {
        assert_eq!(broken(&file, case), broken(&file, case));
    }
    let all: std::collections::HashSet<_> = (0..1000).map(|case| broken(&file, case)).collect();
    assert!(all.len() > 900, "{}", all.len());
}
