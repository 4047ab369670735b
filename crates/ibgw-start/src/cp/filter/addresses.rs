//! A set of IPv4 addresses that is decided number by number: the addresses that one entry means.

use std::net::Ipv4Addr;

/// The values that one of an address's four numbers may have.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct NumberSet([u64; 4]);

impl NumberSet {
    /// The numbers for which a condition holds.
    pub(crate) fn of(holds: impl Fn(u8) -> bool) -> Self {
        let mut numbers = Self([0; 4]);
        for number in (0..=u8::MAX).filter(|number| holds(*number)) {
            numbers.0[usize::from(number) / 64] |= 1 << (number % 64);
        }
        numbers
    }

    pub(crate) fn all() -> Self {
        Self([u64::MAX; 4])
    }

    fn has(self, number: u8) -> bool {
        self.0[usize::from(number) / 64] & 1 << (number % 64) != 0
    }

    fn count(self) -> u32 {
        self.0.iter().map(|word| word.count_ones()).sum()
    }
}

/// All addresses whose four numbers are in four sets.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct AddressSet(pub(crate) [NumberSet; 4]);

impl AddressSet {
    pub(crate) fn all() -> Self {
        Self([NumberSet::all(); 4])
    }

    /// The addresses of this machine alone.
    pub(crate) fn local() -> Self {
        let all = NumberSet::all();
        Self([NumberSet::of(|number| number == 127), all, all, all])
    }

    pub(crate) fn has(&self, address: Ipv4Addr) -> bool {
        let numbers = address.octets();
        self.0
            .iter()
            .zip(numbers)
            .all(|(set, number)| set.has(number))
    }

    /// The addresses that are in both.
    pub(crate) fn and(&self, other: &Self) -> Self {
        let mut both = *self;
        for (numbers, others) in both.0.iter_mut().zip(&other.0) {
            for (word, other) in numbers.0.iter_mut().zip(&others.0) {
                *word &= other;
            }
        }
        both
    }

    /// How many addresses they are.
    pub(crate) fn count(&self) -> u64 {
        self.0.iter().map(|set| u64::from(set.count())).product()
    }

    /// Whether each of the addresses is in one of these sets.
    pub(crate) fn are_within(&self, others: &[Self]) -> bool {
        let others: Vec<&Self> = others.iter().collect();
        self.count() == 0 || within(&self.0, &others)
    }
}

/// The same for the numbers from one place on. The length says which place.
fn within(numbers: &[NumberSet], others: &[&AddressSet]) -> bool {
    let Some((first, rest)) = numbers.split_first() else {
        return !others.is_empty();
    };
    let place = 3 - rest.len();
    // Numbers that are in the same sets need one look.
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
            let left: Vec<&AddressSet> = with.iter().map(|index| others[*index]).collect();
            seen.push(with);
            within(rest, &left)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(text: &str) -> AddressSet {
        let numbers: Vec<NumberSet> = text
            .split('.')
            .map(|part| match part.split_once('-') {
                Some((from, to)) => {
                    let (from, to): (u8, u8) = (from.parse().unwrap(), to.parse().unwrap());
                    NumberSet::of(|number| (from..=to).contains(&number))
                }
                None if part == "*" => NumberSet::all(),
                None => NumberSet::of(|number| number.to_string() == part),
            })
            .collect();
        AddressSet(numbers.try_into().ok().unwrap())
    }

    #[test]
    fn knows_when_some_sets_leave_nothing_of_another() {
        let leaves_nothing = |one: &str, others: &[&str]| {
            let others: Vec<AddressSet> = others.iter().map(|other| set(other)).collect();
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
