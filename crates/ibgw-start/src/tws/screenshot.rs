//! A picture of the window, which shows why IB Gateway makes no progress.

use anyhow::{Context, Result, bail};
use std::fs::{self, OpenOptions};
use std::io::BufWriter;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// The numbers of an xwd header that are used here, by position: XWDFile.h of the X Window System.
const HEADER_SIZE: usize = 0;
const WIDTH: usize = 4;
const HEIGHT: usize = 5;
const BYTE_ORDER: usize = 7;
const BITS_PER_PIXEL: usize = 11;
const BYTES_PER_LINE: usize = 12;
const COLORS: usize = 19;

/// The length of an entry in the colour map.
const COLOR: usize = 12;

/// Xvfb's number for the byte order that begins with the lowest byte.
const LOWEST_FIRST: u32 = 0;

/// Writes the screen, which Xvfb keeps in the format of xwd, as a PNG that only its owner can read.
///
/// # Errors
/// When it is not a screen of 24 bits, or the picture cannot be written.
pub(crate) fn write(bytes: &[u8], picture: &Path) -> Result<()> {
    let number = |place: usize| -> Result<u32> {
        let bytes = bytes.get(place * 4..place * 4 + 4).context("no header")?;
        Ok(u32::from_be_bytes(bytes.try_into()?))
    };
    let size = |place: usize| -> Result<usize> { Ok(usize::try_from(number(place)?)?) };
    if number(BITS_PER_PIXEL)? != 32 || number(BYTE_ORDER)? != LOWEST_FIRST {
        bail!("the screen is not one of 24 bits");
    }
    let width = size(WIDTH)?;
    let height = size(HEIGHT)?;
    let line = size(BYTES_PER_LINE)?;
    let from = size(HEADER_SIZE)? + size(COLORS)? * COLOR;
    let pixels = bytes
        .get(from..)
        .filter(|pixels| width > 0 && line >= width * 4 && pixels.len() >= line * height)
        .context("the screen is cut short")?;
    let rows = pixels.chunks(line).take(height);
    // Blue, green, red, nothing.
    let colours: Vec<u8> = rows
        .flat_map(|row| {
            row[..width * 4]
                .chunks(4)
                .flat_map(|pixel| [pixel[2], pixel[1], pixel[0]])
        })
        .collect();
    let _ = fs::remove_file(picture);
    let file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(picture)?;
    let mut encoder = png::Encoder::new(BufWriter::new(file), number(WIDTH)?, number(HEIGHT)?);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.write_header()?.write_image_data(&colours)?;
    Ok(())
}
