/**
 * Bytes written as text (ISO 32000-1, 7.4.2 and 7.4.3), from `from` to the mark of their end, as
 * forgiving as the reader is.
 */
export function unpackAscii(
  bytes: Uint8Array,
  from: number,
  kind: "ascii85" | "hex",
): { unpacked: Uint8Array; read: number } {
  const [size, base, mark] = kind === "hex" ? [2, 16, 62] as const : [5, 85, 126] as const;
  const last = bytes.indexOf(mark, from);
  const end = last < 0 ? bytes.byteLength : last;
  // A "z" stands for four zeros.
  const out = new Uint8Array(4 * (end - from) + 4);
  let length = 0;
  let value = 0;
  let digits = 0;
  const flush = () => {
    const width = kind === "hex" ? 1 : 4;
    const whole = digits === size ? width : kind === "hex" ? 1 : digits - 1;
    for (; digits < size; digits++) value = value * base + (kind === "hex" ? 0 : 84);
    for (let place = 0; place < whole; place++) {
      out[length++] = Math.floor(value / 256 ** (width - 1 - place)) % 256;
    }
    value = 0;
    digits = 0;
  };
  for (let at = from; at < end; at++) {
    const unit = bytes[at]!;
    if (unit <= 32) continue;
    if (kind === "ascii85" && unit === 122) {
      length += 4;
      continue;
    }
    const digit = kind === "ascii85" ? unit - 33 : parseInt(String.fromCharCode(unit), 16);
    if (Number.isNaN(digit)) continue;
    value = value * base + digit;
    if (++digits === size) flush();
  }
  if (digits > 0) flush();
  return { unpacked: out.subarray(0, length), read: end - from };
}
