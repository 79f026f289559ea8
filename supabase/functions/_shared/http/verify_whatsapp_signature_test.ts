import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import * as fc from "fast-check";
import { isEqualSecret, verifyWhatsappSignature } from "./verify_whatsapp_signature.ts";

/** Name, secret, body in base64, digest: computed by `openssl dgst -sha256 -hmac <secret> <file>`. */
const VECTORS: [string, string, string, string][] = [
  [
    "plain ASCII",
    "app-secret-1",
    "eyJvYmplY3QiOiJ3aGF0c2FwcF9idXNpbmVzc19hY2NvdW50IiwiZW50cnkiOltdfQ==",
    "0ca28c0f1996234eb6829e59ad3c11a18161f6eb043943d601e420c312432cdf",
  ],
  [
    "plain ASCII",
    "5e884898da28047151d0e56f8dc62927",
    "eyJvYmplY3QiOiJ3aGF0c2FwcF9idXNpbmVzc19hY2NvdW50IiwiZW50cnkiOltdfQ==",
    "faff574cd5c4c2749d3c9312d6c7f59248c37d2c512185eb2494c990406a7448",
  ],
  [
    "characters escaped as Meta escapes them",
    "app-secret-1",
    "eyJlbnRyeSI6W3sidGV4dCI6Ilx1MDBlOXRcdTAwZTkgXHVkODNkXHVkZTQyIFx1MzA1M1x1MzA5MyJ9XX0=",
    "66b25ba723a8f74982e0ea0c279badcb705f6d60444d211f0d443926e5c77ffc",
  ],
  [
    "characters escaped as Meta escapes them",
    "5e884898da28047151d0e56f8dc62927",
    "eyJlbnRyeSI6W3sidGV4dCI6Ilx1MDBlOXRcdTAwZTkgXHVkODNkXHVkZTQyIFx1MzA1M1x1MzA5MyJ9XX0=",
    "fca46484b516eb055c5c31a84f17a2ac6ce99e50182318fbcf7f197efded55ed",
  ],
  [
    "the same characters in UTF-8",
    "app-secret-1",
    "eyJlbnRyeSI6W3sidGV4dCI6IsOpdMOpIPCfmYIg44GT44KTIn1dfQ==",
    "aab1e33463534218642d2ef81751f6b3fac7456c5dd036fcc4f4a7ab45ce499c",
  ],
  [
    "the same characters in UTF-8",
    "5e884898da28047151d0e56f8dc62927",
    "eyJlbnRyeSI6W3sidGV4dCI6IsOpdMOpIPCfmYIg44GT44KTIn1dfQ==",
    "898a88b20e0cc2aa3f83120877b4ecb8a8b1e666d1e10d81f74314333ed2fa0e",
  ],
  [
    "no bytes at all",
    "app-secret-1",
    "",
    "141680187efb610d9f28ea617a8fe902610e8a09ae982bf690d88a6473b8ee46",
  ],
  [
    "no bytes at all",
    "5e884898da28047151d0e56f8dc62927",
    "",
    "5bdd6c1c222962c0f0acd7c363c31ddf4ee75c199c936ab06e37034b223ccd75",
  ],
  [
    "bytes that are no text",
    "app-secret-1",
    "AP/+gHsiYSI6MX0NCg==",
    "30ec329c9d5037b4d46471d29d9330d049b9be388c1657563e007eea9fe3f5e1",
  ],
  [
    "bytes that are no text",
    "5e884898da28047151d0e56f8dc62927",
    "AP/+gHsiYSI6MX0NCg==",
    "99aea27d29d9e971fc224396fcc9b74bff0527697e5caec49490144edc4e700d",
  ],
];

function forEachVector(
  check: (vector: { name: string; secret: string; body: Uint8Array; header: string }) => void,
) {
  for (const [name, secret, body, digest] of VECTORS) {
    check({
      name,
      secret,
      body: new Uint8Array(Buffer.from(body, "base64")),
      header: `sha256=${digest}`,
    });
  }
}

Deno.test("what openssl signed is verified", () => {
  forEachVector(({ name, secret, body, header }) => {
    assert.ok(verifyWhatsappSignature(body, header, [secret]), name);
  });
});

Deno.test("any of the secrets verifies, wherever it is in the list", () => {
  forEachVector(({ name, secret, body, header }) => {
    for (const secrets of [[secret, "old"], ["new", secret], ["new", secret, "old"]]) {
      assert.ok(verifyWhatsappSignature(body, header, secrets), name);
    }
    for (const secrets of [[], ["new"], ["new", "old"], [`${secret} `], [""]]) {
      assert.ok(!verifyWhatsappSignature(body, header, secrets), name);
    }
  });
});

Deno.test("every change of one bit in the body is refused", () => {
  forEachVector(({ name, secret, body, header }) => {
    for (let bit = 0; bit < body.length * 8; bit += 1) {
      const changed = body.slice();
      changed[bit >> 3]! ^= 1 << (bit & 7);
      assert.ok(!verifyWhatsappSignature(changed, header, [secret]), `${name}, bit ${bit}`);
    }
    assert.ok(!verifyWhatsappSignature(new Uint8Array([...body, 0]), header, [secret]), name);
    if (body.length > 0) assert.ok(!verifyWhatsappSignature(body.slice(1), header, [secret]), name);
  });
});

Deno.test("every change of one bit in the header is refused", () => {
  forEachVector(({ name, secret, body, header }) => {
    for (let bit = 0; bit < header.length * 8; bit += 1) {
      const bytes = Buffer.from(header, "latin1");
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      assert.ok(
        !verifyWhatsappSignature(body, bytes.toString("latin1"), [secret]),
        `${name}, bit ${bit}`,
      );
    }
  });
});

Deno.test("what is no signature is refused", () => {
  forEachVector(({ name, secret, body, header }) => {
    const others = [
      null,
      "",
      "sha256=",
      header.slice(7),
      header.toUpperCase(),
      `sha1=${header.slice(7)}`,
      `${header},${header}`,
      `${header}0`,
      header.slice(0, -1),
      ` ${header}`,
      `${header}\u0100`,
    ];
    for (const other of others) {
      assert.ok(!verifyWhatsappSignature(body, other, [secret]), `${name} ${other}`);
    }
  });
  fc.assert(fc.property(fc.string({ unit: "binary" }), (header) => {
    assert.ok(!verifyWhatsappSignature(new Uint8Array(3), header, ["secret"]));
  }));
});

Deno.test("an empty secret verifies nothing, not even what it signed", () => {
  const signed = "sha256=b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad";
  assert.ok(!verifyWhatsappSignature(new Uint8Array(0), signed, [""]));
});

Deno.test("texts are equal when they are", () => {
  fc.assert(fc.property(fc.string(), fc.string(), (left, right) => {
    assert.equal(isEqualSecret(left, right), left === right);
    assert.ok(isEqualSecret(left, left));
  }));
});
