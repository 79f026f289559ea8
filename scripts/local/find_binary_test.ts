import assert from "node:assert/strict";
import { platformName } from "./find_binary.ts";

const CASES = [
  { os: "linux", arch: "x86_64", expected: "linux-x64" },
  { os: "darwin", arch: "aarch64", expected: "darwin-arm64" },
  { os: "linux", arch: "riscv64", expected: "linux-riscv64" },
];

for (const { os, arch, expected } of CASES) {
  Deno.test(`names ${os} on ${arch} as npm does`, () => {
    assert.equal(platformName(os, arch), expected);
  });
}
