//! Messages on the wire: a length of four bytes, the highest first, and so many bytes.

/// The largest message that is read on: of what a probe is sent, a list of accounts is the longest.
const LIMIT: usize = 1 << 20;

/// A message with its length before it.
pub(crate) fn framed(body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len()).unwrap_or(u32::MAX);
    [&length.to_be_bytes(), body].concat()
}

/// Messages out of bytes that come in pieces of any size; holds no more than one message and one piece.
#[derive(Default)]
pub(crate) struct Frames(Vec<u8>);

impl Frames {
    /// Takes what has arrived.
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    /// The next whole message without its length; `None` when more has to arrive first.
    ///
    /// # Errors
    /// The length that is announced, when no message is so long; there is no going on from there.
    pub(crate) fn next_message(&mut self) -> Result<Option<Vec<u8>>, u32> {
        let Some((length, rest)) = self.0.split_first_chunk() else {
            return Ok(None);
        };
        let announced = u32::from_be_bytes(*length);
        let length = usize::try_from(announced).unwrap_or(usize::MAX);
        if length == 0 || length > LIMIT {
            return Err(announced);
        }
        if rest.len() < length {
            return Ok(None);
        }
        let message = rest[..length].to_vec();
        self.0.drain(..4 + length);
        Ok(Some(message))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// All messages in some bytes, and the length that ended them.
    fn read<'a>(pieces: impl Iterator<Item = &'a [u8]>) -> (Vec<Vec<u8>>, Option<u32>) {
        let (mut frames, mut messages) = (Frames::default(), Vec::new());
        for piece in pieces {
            frames.push(piece);
            loop {
                match frames.next_message() {
                    Ok(Some(message)) => messages.push(message),
                    Ok(None) => break,
                    Err(length) => return (messages, Some(length)),
                }
            }
        }
        (messages, None)
    }

    #[test]
    fn no_message_is_empty_or_longer_than_a_mebibyte() {
        for length in [0, 0x0010_0001, 0x8000_0000, 0xffff_ffff] {
            let bytes = u32::to_be_bytes(length);
            assert_eq!(read([&bytes[..]].into_iter()), (vec![], Some(length)));
        }
        let longest = framed(&vec![7; LIMIT]);
        assert_eq!(read([&longest[..]].into_iter()).0, [vec![7; LIMIT]]);
    }

    proptest! {
        #[test]
        fn messages_come_out_as_they_went_in_however_they_are_cut(
            messages in prop::collection::vec(prop::collection::vec(any::<u8>(), 1..200), 0..8),
            size in 1_usize..300,
        ) {
            let bytes: Vec<u8> = messages.iter().flat_map(|message| framed(message)).collect();
            prop_assert_eq!(read(bytes.chunks(size)), (messages, None));
        }

        #[test]
        fn any_bytes_are_read_the_same_however_they_are_cut(
            bytes in prop::collection::vec(prop_oneof![Just(0), any::<u8>()], 0..400),
            size in 1_usize..50,
        ) {
            prop_assert_eq!(read(bytes.chunks(size)), read([&bytes[..]].into_iter()));
        }
    }
}
