import assert from "node:assert/strict";
import { requireOwnDatabase } from "./require_own_database.ts";

const REF = "abcdefghijklmnopqrst";
const OTHER = "zyxwvutsrqponmlkjihg";
const POOLER = "aws-0-eu-central-1.pooler.supabase.com";

const OWN: [name: string, address: string][] = [
  ["direct", `postgresql://postgres:p@db.${REF}.supabase.co:5432/postgres`],
  ["the dedicated pooler", `postgres://postgres:p@db.${REF}.supabase.co:6543/postgres`],
  ["the session pooler", `postgresql://postgres.${REF}:p@${POOLER}:5432/postgres?sslmode=require`],
  ["another role at the pooler", `postgresql://release.${REF}:p@aws-1-${POOLER}:5432/postgres`],
  ["by an option", `postgresql://postgres:p@${POOLER}/postgres?options=reference%3D${REF}`],
  ["a rehearsal", "postgresql://postgres:p@127.0.0.1:54329/postgres?sslmode=disable"],
  ["a tunnel's end", "postgresql://postgres:p@localhost:6000/postgres"],
  ["a tunnel's end, IPv6", "postgresql://postgres:p@[::1]:6000/postgres"],
];

const FOREIGN: [name: string, address: string, RegExp][] = [
  ["direct", `postgresql://postgres:hidden@db.${OTHER}.supabase.co/postgres`, /of "zyxwvut/],
  ["pooler", `postgresql://postgres.${OTHER}:hidden@${POOLER}/postgres`, /of "zyxwvut/],
  [
    "ours by the host, theirs by the user",
    `postgresql://postgres.${OTHER}:hidden@db.${REF}.supabase.co/postgres`,
    /of "zyxwvut/,
  ],
  ["the pooler without a project", `postgresql://postgres:hidden@${POOLER}/postgres`, /"aws-0-/],
  ["somebody's", "postgresql://postgres:hidden@db.example.test/postgres", /"db\.example\.test"/],
  [
    "like ours",
    `postgresql://postgres:hidden@db.${REF}x.supabase.co/postgres`,
    /doesn't say that it is this/,
  ],
  [
    "the user of another host",
    `postgresql://${REF}:hidden@db.example.test/postgres`,
    /doesn't say/,
  ],
  ["named like this machine", "postgresql://u:hidden@localhost.test/postgres", /doesn't say/],
  [
    "another host in the query",
    `postgresql://postgres:hidden@db.${REF}.supabase.co/postgres?host=db.${OTHER}.supabase.co`,
    /"\?host="/,
  ],
  ["no address", `postgres:hidden@ db.${REF}`, /Cannot read the database's address \(SUPA/],
];

for (const [name, address] of OWN) {
  Deno.test(`the database's address is this project's: ${name}`, () => {
    requireOwnDatabase(address, REF, "SUPABASE_DB_URL");
  });
}

for (const [name, address, reason] of FOREIGN) {
  Deno.test(`the database's address isn't this project's: ${name}`, () => {
    assert.throws(() => requireOwnDatabase(address, REF, "SUPABASE_DB_URL"), (error: Error) => {
      assert.equal(error.name, "ReleaseError");
      assert.match(error.message, reason);
      assert.match(error.message, /^Cannot (?:use SUPABASE_DB_URL for "abc|read the)/);
      assert.ok(!error.message.includes("hidden"), "no password is told");
      return true;
    });
  });
}
