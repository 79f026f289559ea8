import assert from "node:assert/strict";
import { matchPath } from "./match_path.ts";

const CASES: [pattern: string, path: string, matches: boolean][] = [
  ["/assistant", "/assistant", true],
  ["/assistant", "/assistant/1", false],
  ["/assistant/*", "/assistant/1", true],
  ["/assistant/:id", "/assistant/1", true],
  ["/assistant/*", "/assistant", false],
  ["/**", "/anything/at/all", true],
  ["/**", "/", true],
  ["/:version/:id/messages", "/v26.0/100/messages", true],
  ["/:version/:id/messages", "/v26.0/100/subscribed_apps", false],
  ["/2010-04-01/**", "/2010-04-01/Accounts/AC1.json", true],
];

for (const [pattern, path, matches] of CASES) {
  Deno.test(`${pattern} ${matches ? "matches" : "does not match"} ${path}`, () => {
    assert.equal(matchPath(pattern, path), matches);
  });
}
