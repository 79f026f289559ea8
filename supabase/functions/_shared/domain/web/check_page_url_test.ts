import assert from "node:assert/strict";
import { checkPageUrl } from "./check_page_url.ts";

const CASES: [text: string, found: string | RegExp][] = [
  ["https://example.org/a?b=c#d", "https://example.org/a?b=c"],
  ["https://example.org:443/", "https://example.org/"],
  ["HTTPS://Exämple.org", "https://xn--exmple-cua.org/"],
  ["http://127.0.0.1:8000/a", "http://127.0.0.1:8000/a"],
  ["http://example.org/", /not https/],
  ["ftp://example.org/", /not https/],
  ["file:///etc/passwd", /not https/],
  ["javascript:alert(1)", /not https/],
  ["https://example.org:8443/", /names a port/],
  ["https://user@example.org/", /user's name/],
  ["https://:secret@example.org/", /user's name/],
  ["http://user@127.0.0.1:8000/", /user's name/],
  ["https://93.184.216.34/", /an address/],
  ["https://0x7f.1/", /an address/],
  ["https://2130706433/", /an address/],
  ["https://[::1]/", /an address/],
  ["https://[::ffff:127.0.0.1]/", /an address/],
  ["example.org", /no URL/],
  ["", /no URL/],
  ["https://", /no URL/],
  [`https://example.org/${"a".repeat(2_100)}`, /longer than 2048/],
];
for (const [text, expected] of CASES) {
  Deno.test(`"${text.slice(0, 40)}" is ${expected}`, () => {
    const found = checkPageUrl(text, (url) => url.origin === "http://127.0.0.1:8000");
    if (typeof expected === "string") assert.equal(String(found), expected);
    else {
      assert.equal(typeof found, "string");
      assert.match(String(found), expected);
    }
  });
}
