/**
 * IPv4 that is not the public internet: IANA's special-purpose registry, multicast, reserved, and the
 * one public address that is a cloud's metadata service (Azure).
 */
const REFUSED_V4: [base: string, bits: number][] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["168.63.129.16", 32],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
];

/** IPv6 is public in 2000::/3 alone, and there not where another address is inside of it. */
const PUBLIC_V6: [first: number, bits: number] = [0x2000, 3];
const REFUSED_V6: [base: number[], bits: number][] = [
  // Teredo, benchmarking, ORCHID and the rest of the protocol assignments.
  [[0x2001, 0x0000], 23],
  [[0x2001, 0x0db8], 32],
  // 6to4 carries an IPv4 address.
  [[0x2002], 16],
  [[0x3fff, 0x0000], 20],
];

/**
 * Whether a host at this address is one that anybody on the internet can reach. Everything that
 * can't be read as an address is not; neither is IPv4 in IPv6's clothes (mapped, NAT64).
 */
export function isPublicAddress(address: string): boolean {
  const v4 = parseV4(address);
  if (v4 !== null) {
    return !REFUSED_V4.some(([base, bits]) =>
      v4 >>> (32 - bits) === parseV4(base)! >>> (32 - bits)
    );
  }
  const v6 = parseV6(address);
  if (v6 === null || v6[0]! >>> (16 - PUBLIC_V6[1]) !== PUBLIC_V6[0] >>> (16 - PUBLIC_V6[1])) {
    return false;
  }
  return !REFUSED_V6.some(([base, bits]) => startsWith(v6, base, bits));
}

/** Four decimal numbers without leading zeros, as `URL` and resolvers write it. */
function parseV4(address: string): number | null {
  const parts = address.split(".");
  if (parts.length !== 4) return null;
  let value = 0;
  for (const part of parts) {
    if (!/^(?:0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return null;
    value = value * 256 + Number(part);
  }
  return value >>> 0;
}

/** Eight groups (RFC 4291 section 2.2); an address with a zone is none that a host on the internet has. */
function parseV6(address: string): number[] | null {
  const [head = "", tail, ...more] = address.toLowerCase().split("::");
  if (more.length > 0) return null;
  const first = parseGroups(head);
  const last = tail === undefined ? [] : parseGroups(tail);
  if (first === null || last === null) return null;
  const missing = 8 - first.length - last.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return null;
  return [...first, ...new Array<number>(missing).fill(0), ...last];
}

function parseGroups(text: string): number[] | null {
  if (text === "") return [];
  const groups: number[] = [];
  const parts = text.split(":");
  for (const [index, part] of parts.entries()) {
    const v4 = index === parts.length - 1 ? parseV4(part) : null;
    if (v4 !== null) groups.push(v4 >>> 16, v4 & 0xffff);
    else if (/^[0-9a-f]{1,4}$/.test(part)) groups.push(parseInt(part, 16));
    else return null;
  }
  return groups;
}

function startsWith(groups: number[], base: number[], bits: number): boolean {
  for (let at = 0; at * 16 < bits; at++) {
    const shift = Math.max(0, 16 - (bits - at * 16));
    if (groups[at]! >>> shift !== base[at]! >>> shift) return false;
  }
  return true;
}
