/** The work that a suspicious network is asked for: a number whose SHA-256, with the challenge, begins with so many zero bits. */

const INITIAL = [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19] as const;

/** The fractions of the cube roots of the first 64 primes (FIPS 180-4, 4.2.2). */
const ROUNDS: readonly number[] = (() => {
  const primes: number[] = [];
  for (let n = 2; primes.length < 64; n++) if (primes.every((prime) => n % prime !== 0)) primes.push(n);
  return primes.map((prime) => (Math.cbrt(prime) % 1) * 2 ** 32 | 0);
})();

const turn = (x: number, by: number) => (x >>> by) | (x << (32 - by));

/** SHA-256 of bytes, as eight words. (Browsers have their own only at secure addresses, and it answers one at a time.) */
export function sha256(bytes: Uint8Array): Uint32Array {
  const padded = new Uint8Array((((bytes.length + 8) >> 6) + 1) << 6);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 4, bytes.length * 8);
  const state = Uint32Array.from(INITIAL);
  const w = new Uint32Array(64);
  const at = (array: ArrayLike<number>, i: number) => array[i] ?? 0;
  for (let block = 0; block < padded.length; block += 64) {
    for (let i = 0; i < 16; i++) w[i] = view.getUint32(block + i * 4);
    for (let i = 16; i < 64; i++) {
      const [x, y] = [at(w, i - 15), at(w, i - 2)];
      const small = turn(x, 7) ^ turn(x, 18) ^ (x >>> 3);
      w[i] = at(w, i - 16) + small + at(w, i - 7) + (turn(y, 17) ^ turn(y, 19) ^ (y >>> 10));
    }
    let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
    for (let i = 0; i < 64; i++) {
      const first = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + at(ROUNDS, i) + at(w, i)) | 0;
      const second = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
    }
    [a, b, c, d, e, f, g, h].forEach((word, i) => (state[i] = at(state, i) + word));
  }
  return state;
}

const SLICE_MS = 12;

/** Finds the number, in slices that leave the page alive: `CHALLENGE:COUNTER`. */
export async function work(challenge: string, bits: number): Promise<string> {
  const text = new TextEncoder();
  let counter = 0;
  for (;;) {
    const end = performance.now() + SLICE_MS;
    while (performance.now() < end) {
      const proof = `${challenge}:${counter++}`;
      if (Math.clz32(sha256(text.encode(proof))[0] ?? 0) >= bits) return proof;
    }
    await new Promise((done) => setTimeout(done));
  }
}
