//! A picture of the window, for whoever wants to know why it does not go on.

use anyhow::{Context, Result, bail};
use std::fs::{self, OpenOptions};
use std::io::BufWriter;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// The numbers of an xwd header that are needed, by place: XWDFile.h of the X Window System.
const HEADER_SIZE: usize = 0;
const WIDTH: usize = 4;
const HEIGHT: usize = 5;
const BYTE_ORDER: usize = 7;
const BITS_PER_PIXEL: usize = 11;
const BYTES_PER_LINE: usize = 12;
const COLORS: usize = 19;

/// How long an entry of its colour map is.
const COLOR: usize = 12;

/// Xvfb's own number for a machine that begins with the lowest byte.
const LOWEST_FIRST: u32 = 0;

/// Writes what was on the screen, as Xvfb keeps it in xwd's form, as a PNG for its owner alone.
///
/// # Errors
/// When it is not what Xvfb writes for a screen of 24 bits, or the picture cannot be written.
pub fn write(bytes: &[u8], picture: &Path) -> Result<()> {
    let number = |place: usize| -> Result<u32> {
        let bytes = bytes.get(place * 4..place * 4 + 4).context("no header")?;
        Ok(u32::from_be_bytes(bytes.try_into()?))
    };
    let size = |place: usize| -> Result<usize> { Ok(usize::try_from(number(place)?)?) };
    if number(BITS_PER_PIXEL)? != 32 || number(BYTE_ORDER)? != LOWEST_FIRST {
        bail!("the screen is not one of 24 bits");
    }
    let (width, height, line) = (size(WIDTH)?, size(HEIGHT)?, size(BYTES_PER_LINE)?);
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
