import assert from "node:assert/strict";
import { isAllowedByRobots } from "./is_allowed_by_robots.ts";

const allows = (robots: string, path: string) =>
  isAllowedByRobots(robots, { agent: "SwitchboardBot", path });

const CASES: [what: string, robots: string, path: string, allowed: boolean][] = [
  ["no rules", "", "/a", true],
  ["a rule for all", "User-agent: *\nDisallow: /a", "/a/b", false],
  ["a rule for another path", "User-agent: *\nDisallow: /a", "/b", true],
  ["a rule for another agent", "User-agent: OtherBot\nDisallow: /", "/a", true],
  ["our name in another case", "user-AGENT: switchboardbot\nDISALLOW: /", "/a", false],
  ["our name with a version", "User-agent: SwitchboardBot/1.0\nDisallow: /", "/a", false],
  ["a longer name than ours", "User-agent: SwitchboardBotX\nDisallow: /", "/a", true],
  [
    "our group goes before the one for all",
    "User-agent: *\nDisallow: /\n\nUser-agent: SwitchboardBot\nDisallow: /private",
    "/a",
    true,
  ],
  [
    "our group without rules allows everything",
    "User-agent: SwitchboardBot\nDisallow:\n\nUser-agent: *\nDisallow: /",
    "/a",
    true,
  ],
  [
    "several names share a group",
    "User-agent: A\nUser-agent: SwitchboardBot\nDisallow: /a",
    "/a",
    false,
  ],
  [
    "groups of one name are one",
    "User-agent: SwitchboardBot\nDisallow: /a\n\nUser-agent: X\nDisallow: /\n\n" +
    "User-agent: SwitchboardBot\nDisallow: /b",
    "/b",
    false,
  ],
  ["the longest rule decides", "User-agent: *\nAllow: /a/b\nDisallow: /a", "/a/b/c", true],
  ["the longest rule, last", "User-agent: *\nAllow: /a\nDisallow: /a/b", "/a/b/c", false],
  ["allowing wins a tie", "User-agent: *\nDisallow: /a\nAllow: /a", "/a", true],
  ["a wildcard", "User-agent: *\nDisallow: /*.pdf", "/x/y.pdf?z", false],
  ["the end", "User-agent: *\nDisallow: /*.pdf$", "/x/y.pdf?z", true],
  ["the end, met", "User-agent: *\nDisallow: /*.pdf$", "/x/y.pdf", false],
  ["the end without a wildcard", "User-agent: *\nDisallow: /a$", "/ab", true],
  ["a wildcard at the end", "User-agent: *\nDisallow: /a*", "/abc", false],
  ["parts that overlap", "User-agent: *\nDisallow: /ab*ba$", "/aba", true],
  ["the query counts", "User-agent: *\nDisallow: /*?session=", "/a?session=1", false],
  ["a comment", "User-agent: * # all\nDisallow: /a # not this", "/a", false],
  ["line breaks of old", "User-agent: *\rDisallow: /a", "/a", false],
  ["a byte order mark", "\ufeffUser-agent: *\nDisallow: /a", "/a", false],
  [
    "other fields between",
    "Sitemap: https://x/y\nUser-agent: *\nCrawl-delay: 9\nDisallow: /a",
    "/a",
    false,
  ],
  ["percent-encoding", "User-agent: *\nDisallow: /%7Ejoe/caf%c3%a9", "/~joe/café", false],
  ["what is reserved stays encoded", "User-agent: *\nDisallow: /a%2fb", "/a/b", true],
  ["rules before any agent", "Disallow: /\nUser-agent: *\nAllow: /", "/a", true],
  ["case of paths", "User-agent: *\nDisallow: /A", "/a", true],
  ["robots.txt itself", "User-agent: *\nDisallow: /", "/robots.txt", true],
  ["what is no rule", "<html>\n<p>404: not found", "/a", true],
];
for (const [what, robots, path, allowed] of CASES) {
  Deno.test(`${what}: ${path} is ${allowed ? "allowed" : "refused"}`, () => {
    assert.equal(allows(robots, path), allowed);
  });
}

Deno.test("a hostile file is read no further than 500 KiB, and patterns don't backtrack", () => {
  const robots = `User-agent: *\nDisallow: /${"*a".repeat(2_000)}$\n`.repeat(100);
  assert.equal(allows(robots, `/${"a".repeat(2_000)}b`), true);
  assert.equal(allows(`User-agent: *\n${"#".repeat(512_000)}\nDisallow: /`, "/a"), true);
});
