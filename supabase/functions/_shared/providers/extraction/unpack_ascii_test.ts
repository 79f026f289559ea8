import assert from "node:assert/strict";
import { unpackAscii } from "./unpack_ascii.ts";

const CASES: [kind: "ascii85" | "hex", written: string, text: string][] = [
  ["ascii85", '87cURD]i,"Ebo80~>', "Hello World!"],
  ["ascii85", '87cUR\nD]i,"\tEbo80', "Hello World!"],
  ["ascii85", "87cURDZ~>", "Hello"],
  ["ascii85", "z~>", "\0\0\0\0"],
  ["hex", "48 65\n6C6c6F>99", "Hello"],
  ["hex", "487>", "Hp"],
  ["hex", "", ""],
];
for (const [kind, written, text] of CASES) {
  Deno.test(`${kind} "${written}" is ${JSON.stringify(text)}`, () => {
    const bytes = new TextEncoder().encode(`skipped${written}`);
    const { unpacked } = unpackAscii(bytes, 7, kind);
    assert.equal(new TextDecoder().decode(unpacked), text);
  });
}
