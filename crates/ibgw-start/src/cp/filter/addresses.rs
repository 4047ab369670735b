//! A set of IPv4 addresses that is decided number by number: what one entry of the filter's lists means.

use std::net::Ipv4Addr;

/// The values that one of an address's four numbers may have.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Numbers([u64; 4]);

impl Numbers {
    /// Those that a condition holds for.
    pub fn of(holds: impl Fn(u8) -> bool) -> Self {
        let mut numbers = Self([0; 4]);
        for number in (0..=u8::MAX).filter(|number| holds(*number)) {
            numbers.0[usize::from(number) / 64] |= 1 << (number % 64);
        }
        numbers
    }

    pub fn all() -> Self {
        Self([u64::MAX; 4])
    }

    fn has(self, number: u8) -> bool {
        self.0[usize::from(number) / 64] & 1 << (number % 64) != 0
    }

    fn count(self) -> u32 {
        self.0.iter().map(|word| word.count_ones()).sum()
    }
}

/// All addresses with each number out of its set.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Addresses(pub [Numbers; 4]);

impl Addresses {
    pub fn all() -> Self {
        Self([Numbers::all(); 4])
    }

    /// Those of this machine alone.
    pub fn local() -> Self {
        let all = Numbers::all();
        Self([Numbers::of(|number| number == 127), all, all, all])
    }

    pub fn has(&self, address: Ipv4Addr) -> bool {
        let numbers = address.octets();
        self.0
            .iter()
            .zip(numbers)
            .all(|(set, number)| set.has(number))
    }

    /// Those that are in both.
    pub fn and(&self, other: &Self) -> Self {
        let mut both = *self;
        for (numbers, others) in both.0.iter_mut().zip(&other.0) {
            for (word, other) in numbers.0.iter_mut().zip(&others.0) {
                *word &= other;
            }
        }
        both
    }

    /// How many they are.
    pub fn count(&self) -> u64 {
        self.0.iter().map(|set| u64::from(set.count())).product()
    }

    /// Whether these leave none of them over.
    pub fn are_within(&self, others: &[Self]) -> bool {
        let others: Vec<&Self> = others.iter().collect();
        self.count() == 0 || within(&self.0, &others)
    }
}

/// The same for the numbers from one place on; which place, the length says.
fn within(numbers: &[Numbers], others: &[&Addresses]) -> bool {
    let Some((first, rest)) = numbers.split_first() else {
        return !others.is_empty();
    };
    let place = 3 - rest.len();
    // Numbers that the same sets have need one look.
    let mut seen: Vec<Vec<usize>> = Vec::new();
    (0..=u8::MAX)
        .filter(|number| first.has(*number))
        .all(|number| {
            let with: Vec<usize> = (0..others.len())
                .filter(|index| others[*index].0[place].has(number))
                .collect();
            if seen.contains(&with) {
                return true;
            }
            let left: Vec<&Addresses> = with.iter().map(|index| others[*index]).collect();
            seen.push(with);
            within(rest, &left)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(text: &str) -> Addresses {
        let numbers: Vec<Numbers> = text
            .split('.')
            .map(|part| match part.split_once('-') {
                Some((from, to)) => {
                    let (from, to): (u8, u8) = (from.parse().unwrap(), to.parse().unwrap());
                    Numbers::of(|number| (from..=to).contains(&number))
                }
                None if part == "*" => Numbers::all(),
                None => Numbers::of(|number| number.to_string() == part),
            })
            .collect();
        Addresses(numbers.try_into().ok().unwrap())
    }

    #[test]
    fn knows_when_some_sets_leave_nothing_of_another() {
        let leaves_nothing = |one: &str, others: &[&str]| {
            let others: Vec<Addresses> = others.iter().map(|other| set(other)).collect();
            set(one).are_within(&others)
        };
        assert!(leaves_nothing("10.*.*.*", &["*.*.*.*"]));
        assert!(leaves_nothing("10.1.1.1", &["9.*.*.*", "10.1.*.*"]));
        assert!(leaves_nothing("*.*.*.*", &["0-99.*.*.*", "100-255.*.*.*"]));
        assert!(leaves_nothing("1.*.3.*", &["1.*.3.0-127", "1.*.3.128-255"]));
        assert!(!leaves_nothing("10.*.*.*", &["10.0-254.*.*"]));
        assert!(!leaves_nothing("10.*.*.*", &[]));
        assert!(!leaves_nothing(
            "*.*.*.*",
            &["0-254.*.*.*", "255.*.*.0-254"]
        ));
    }
}
