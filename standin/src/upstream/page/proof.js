// The client's half of the exchange: SRP-6 with protocol "6" and SHA-1, and the sealed key.
class Proof {
  constructor() {
    this.modulus = BigInt("0xd4c7f8a2b32c11b8fba9581ec4ba4f1b04215642ef7355e37c0fc0443ef756ea2c6b8eeb755a1c723027663caa265ef785b8ff6a9b35227a52d86633dbdfca43");
    this.generator = 2n;
    this.secret = Bytes.number(crypto.getRandomValues(new Uint8Array(32)));
    this.client = power(this.generator, this.secret, this.modulus);
  }

  get A() {
    return this.client.toString(16).padStart(128, "0");
  }

  answer(user, password, ini) {
    const { modulus: N, generator: g, client: A } = this;
    const typed = ini.lp === false ? password.slice(0, 8) : password;
    const [salt, B] = [Bytes.ofHex(ini.s), BigInt("0x" + ini.B)];
    const x = Bytes.number(sha1(Bytes.joined(salt, sha1(Bytes.ofText(user + ":" + typed)))));
    const u = Bytes.number(sha1(Bytes.joined(Bytes.ofNumber(A), Bytes.ofNumber(B))));
    const base = ((B - 3n * power(g, x, N)) % N + N) % N;
    const S = power(base, this.secret + u * x, N);
    const K = Bytes.number(sha1(Bytes.ofNumber(S)));
    const [hashN, hashG] = [sha1(Bytes.ofNumber(N)), sha1(Bytes.ofNumber(g))];
    const name = Bytes.ofNumber(Bytes.number(sha1(Bytes.ofText(user))));
    const m1 = Bytes.number(sha1(Bytes.joined(
      hashN.map((byte, i) => byte ^ hashG[i]), name, salt,
      Bytes.ofNumber(A), Bytes.ofNumber(B), Bytes.ofNumber(K))));
    const m2 = Bytes.number(sha1(Bytes.joined(Bytes.ofNumber(A), Bytes.ofNumber(m1), Bytes.ofNumber(K))));
    const sk = sha1(Bytes.joined(Bytes.ofNumber(B), Bytes.ofNumber(K)));
    return { M1: Bytes.padded(m1), M2: m2, sk: Bytes.hex(sk), EKX: Proof.seal(K.toString(16), ini.rsapub) };
  }

  // PKCS#1 v1.5, type 2, exponent 3, over the characters of the key's hexadecimal form.
  static seal(text, rsapub) {
    const size = rsapub.length / 2;
    const filling = crypto.getRandomValues(new Uint8Array(size - text.length - 3)).map((byte) => byte || 1);
    const padded = Bytes.joined([0, 2], filling, [0], Bytes.ofText(text));
    return power(Bytes.number(padded), 3n, BigInt("0x" + rsapub)).toString(16).padStart(size * 2, "0");
  }
}
