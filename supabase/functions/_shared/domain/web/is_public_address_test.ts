import assert from "node:assert/strict";
import * as fc from "fast-check";
import { isPublicAddress } from "./is_public_address.ts";

const REFUSED: [kind: string, ...addresses: string[]][] = [
  ["this network", "0.0.0.0", "0.1.2.3"],
  ["private", "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.1.1"],
  ["carrier-grade NAT", "100.64.0.1", "100.127.255.255", "100.100.100.200"],
  ["loopback", "127.0.0.1", "127.255.255.254", "::1"],
  ["link-local and metadata", "169.254.169.254", "169.254.0.1", "fe80::1", "168.63.129.16"],
  ["protocol assignments", "192.0.0.192", "2001::1", "2001:2::1", "2001:10::1", "2001:1ff::1"],
  ["documentation", "192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1", "3fff::1"],
  ["benchmarking", "198.18.0.1", "198.19.255.255"],
  ["relays", "192.88.99.1", "2002:7f00:1::", "2002:808:808::1"],
  ["multicast, reserved, broadcast", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255"],
  ["IPv6 multicast, local, unspecified", "ff02::1", "fc00::1", "fd00:ec2::254", "fec0::1", "::"],
  ["IPv4 inside IPv6", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::ffff:7f00:1", "::8.8.8.8"],
  ["NAT64", "64:ff9b::7f00:1", "64:ff9b::8.8.8.8", "64:ff9b:1::1"],
  ["discard only, segment routing", "100::1", "5f00::1"],
  ["other spellings of IPv4", "127.1", "0177.0.0.1", "2130706433", "0x7f.0.0.1", "8.8.8.08"],
  [
    "no address",
    "",
    "example.org",
    "1.2.3",
    "1.2.3.4.5",
    "1.2.3.256",
    "2001:4860",
    ":::",
    "1::2::3",
  ],
  ["with a zone or brackets", "fe80::1%eth0", "2606:4700::1%1", "[2606:4700::1]", " 8.8.8.8"],
  ["too many groups", "2606:4700:0:0:0:0:0:0:1", "2606::0:0:0:0:0:0:0:1", "2606:4700:12345::1"],
];
for (const [kind, ...addresses] of REFUSED) {
  for (const address of addresses) {
    Deno.test(`${kind}: "${address}" is not public`, () => {
      assert.equal(isPublicAddress(address), false);
    });
  }
}

const PUBLIC = [
  ["8.8.8.8", "1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0"],
  ["126.255.255.255", "128.0.0.1", "169.253.255.255", "169.255.0.0", "172.15.255.255"],
  ["172.32.0.0", "192.0.1.0", "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0"],
  ["223.255.255.255", "168.63.129.17", "2606:4700:4700::1111", "2001:4860:4860::8888"],
  ["2A00:1450:4001:81b::200e", "2001:200::1", "2003::1", "2400:cb00::8.8.8.8"],
].flat();
for (const address of PUBLIC) {
  Deno.test(`"${address}" is public`, () => assert.equal(isPublicAddress(address), true));
}

const octet = fc.integer({ min: 0, max: 255 });
const group = fc.integer({ min: 0, max: 0xffff });

Deno.test("no address of a private network is public, however IPv6 writes it", () => {
  const inside = fc.oneof(
    fc.tuple(fc.constant(10), octet, octet, octet),
    fc.tuple(fc.constant(127), octet, octet, octet),
    fc.tuple(fc.constant(192), fc.constant(168), octet, octet),
    fc.tuple(fc.constant(172), fc.integer({ min: 16, max: 31 }), octet, octet),
    fc.tuple(fc.constant(169), fc.constant(254), octet, octet),
    fc.tuple(fc.constant(100), fc.integer({ min: 64, max: 127 }), octet, octet),
  );
  fc.assert(fc.property(inside, ([a, b, c, d]) => {
    const hex = [a * 256 + b, c * 256 + d].map((value) => value.toString(16)).join(":");
    const written = [`${a}.${b}.${c}.${d}`, `::ffff:${hex}`, `64:ff9b::${hex}`, `2002:${hex}::1`];
    for (const address of [...written, `::${hex}`, `::ffff:${a}.${b}.${c}.${d}`]) {
      assert.equal(isPublicAddress(address), false, address);
    }
  }));
});

Deno.test("an IPv6 address is judged alike in its long and its short form", () => {
  const groups = fc.array(fc.oneof(fc.constant(0), group), { minLength: 8, maxLength: 8 });
  fc.assert(fc.property(groups, (values) => {
    const long = values.map((value) => value.toString(16).padStart(4, "0")).join(":");
    const short = new URL(`http://[${long}]`).hostname.slice(1, -1);
    assert.equal(isPublicAddress(short), isPublicAddress(long.toUpperCase()), `${long} ${short}`);
    if (values[0]! < 0x2000 || values[0]! > 0x3fff) assert.equal(isPublicAddress(short), false);
  }));
});

Deno.test("any text is judged without an error", () => {
  fc.assert(fc.property(fc.string(), (text) => {
    if (!/^[\d.]+$|:/.test(text)) assert.equal(isPublicAddress(text), false);
    else isPublicAddress(text);
  }));
});
