// 16-bit floats as 32-bit ones: IEEE 754 binary16 (a sign bit, 5 of exponent, 10 of fraction), and the upper half of a 32-bit
// float.

let table: Float32Array | undefined;

/** What each of the 65,536 patterns of a binary16 means. */
export function halfValues(): Float32Array {
  table ??= Float32Array.from({ length: 1 << 16 }, (_, bits) => {
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >> 10) & 31;
    const fraction = bits & 1023;
    if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
    return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
  });
  return table;
}

/** binary16 */
export function fromHalves(halves: Uint16Array): Float32Array {
  const values = halfValues();
  const floats = new Float32Array(halves.length);
  for (let i = 0; i < floats.length; i++) floats[i] = values[halves[i]];
  return floats;
}

/** bfloat16 */
export function fromBrainFloats(halves: Uint16Array): Float32Array {
  const bits = new Uint32Array(halves.length);
  for (let i = 0; i < bits.length; i++) bits[i] = halves[i] << 16;
  return new Float32Array(bits.buffer);
}
