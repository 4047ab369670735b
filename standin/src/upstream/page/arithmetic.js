// Bytes, SHA-1 and powers: what the proof is made of.
"use strict";
const Bytes = {
  ofHex(text) {
    const even = text.length % 2 ? "0" + text : text;
    return Uint8Array.from(even.match(/../g) || [], (pair) => parseInt(pair, 16));
  },
  hex(bytes) {
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  },
  ofText(text) {
    return new TextEncoder().encode(text);
  },
  // The shortest big-endian form: leading zeros are dropped everywhere in this protocol.
  ofNumber(number) {
    return number === 0n ? new Uint8Array() : Bytes.ofHex(number.toString(16));
  },
  // As the page writes its proof: in a multiple of 8 digits (marchenko1985/clientportal).
  padded(number) {
    const digits = number.toString(16);
    return digits.padStart(Math.ceil(digits.length / 8) * 8, "0");
  },
  number(bytes) {
    return bytes.length ? BigInt("0x" + Bytes.hex(bytes)) : 0n;
  },
  joined(...parts) {
    return Uint8Array.from(parts.flatMap((part) => Array.from(part)));
  },
};

function sha1(message) {
  const length = message.length;
  const words = new Uint8Array(((length + 8 >> 6) + 1) * 64);
  words.set(message);
  words[length] = 0x80;
  new DataView(words.buffer).setUint32(words.length - 4, length * 8);
  const turn = (value, by) => value << by | value >>> 32 - by;
  let state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
  for (let at = 0; at < words.length; at += 64) {
    const view = new DataView(words.buffer, at, 64);
    const w = Array.from({ length: 16 }, (_, i) => view.getInt32(i * 4));
    for (let i = 16; i < 80; i++) w[i] = turn(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
    let [a, b, c, d, e] = state;
    for (let i = 0; i < 80; i++) {
      const [mix, constant] = i < 20 ? [b & c | ~b & d, 0x5a827999]
        : i < 40 ? [b ^ c ^ d, 0x6ed9eba1]
        : i < 60 ? [b & c | b & d | c & d, 0x8f1bbcdc]
        : [b ^ c ^ d, 0xca62c1d6];
      [a, b, c, d, e] = [turn(a, 5) + mix + e + constant + w[i] | 0, a, turn(b, 30), c, d];
    }
    state = [a, b, c, d, e].map((value, i) => value + state[i] | 0);
  }
  return Bytes.ofHex(state.map((value) => (value >>> 0).toString(16).padStart(8, "0")).join(""));
}

function power(base, exponent, modulus) {
  let result = 1n;
  for (base %= modulus; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = result * base % modulus;
    base = base * base % modulus;
  }
  return result;
}
