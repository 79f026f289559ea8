import assert from "node:assert/strict";
import {
  findLegacyFunctions,
  judgeRetirement,
  type LegacyUse,
  readSlug,
} from "./judge_retirement.ts";

const GONE: LegacyUse = {
  now: "2026-11-21T00:00:00Z",
  everyone_inside_since: "2026-11-13T00:00:00Z",
  forwarded: 0,
  last_forwarded_at: "2026-11-12T00:00:00Z",
  waiting: 0,
  dead_lettered: 0,
  last_received_at: "2026-11-20T12:00:00Z",
  webhooks: null,
  webhook_revision: 1,
  webhooks_ever: [],
};

const CASES: [name: string, change: Partial<LegacyUse>, expected: RegExp | null][] = [
  ["a week and a day, nothing forwarded", {}, null],
  ["exactly a week", { everyone_inside_since: "2026-11-14T00:00:00Z" }, null],
  [
    "a second less",
    { everyone_inside_since: "2026-11-14T00:00:01Z" },
    /not before 2026-11-21T00:00:01/,
  ],
  ["somebody outside", { everyone_inside_since: null }, /isn't at 100 %/],
  ["one forwarded", { forwarded: 1 }, /1 deliveries went to it/],
  ["one waiting", { waiting: 1 }, /1 deliveries wait/],
  ["one given up", { dead_lettered: 3 }, null],
  ["nobody ever wrote to us", { last_received_at: null }, /no message came to us for a day: Meta/],
  ["a message a day ago", { last_received_at: "2026-11-20T00:00:00Z" }, null],
  [
    "Meta was pointed back at it",
    { last_received_at: "2026-11-19T23:59:59Z" },
    /no message came to us for a day, the last at 2026-11-19/,
  ],
];
for (const [name, change, expected] of CASES) {
  Deno.test(`the older service goes only when nobody needs it: ${name}`, () => {
    const reasons = judgeRetirement({ ...GONE, ...change });
    assert.equal(reasons.length, expected === null ? 0 : 1);
    if (expected !== null) assert.match(reasons[0] ?? "", expected);
  });
}

const HOSTS = ["abc.supabase.co", "abc.functions.supabase.co"];

Deno.test("the older product's functions are found by name and by address, ours never", () => {
  const found = findLegacyFunctions({
    live: [
      "ops",
      "wa-webhook-jobs",
      "wa-webhook-unified",
      "wa-old",
      "their-api",
      "unified-webhook",
    ],
    addresses: [
      "https://abc.supabase.co/functions/v1/wa-old/hook?x=1",
      "https://abc.functions.supabase.co/unified-webhook",
      "https://abc.supabase.co/functions/v1/deleted-long-ago",
      "https://elsewhere.example/functions/v1/their-api",
    ],
    own: ["ops", "unified-webhook", "wa-webhook-unified"],
    hosts: HOSTS,
  });
  assert.deepEqual(found, {
    slugs: ["wa-old", "wa-webhook-jobs"],
    ours: ["unified-webhook"],
    elsewhere: ["https://elsewhere.example/functions/v1/their-api"],
  });
});

Deno.test("an address that is no function's names none", () => {
  for (
    const address of [
      "nonsense",
      "https://abc.supabase.co/",
      "https://abc.supabase.co.evil.example/functions/v1/ops",
    ]
  ) {
    assert.equal(readSlug(address, HOSTS), null);
  }
});
