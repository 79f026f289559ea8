import assert from "node:assert/strict";
import * as fc from "fast-check";
import { readPlantedCases } from "../../../../../tests/support/read_planted_cases.ts";
import { bucketOf, createBucketOf, murmur3 } from "./bucket.ts";

Deno.test("murmur3 is the 32 bit x86 variant over UTF-8", async (test) => {
  // Published vectors, and values computed by an implementation in another language.
  const cases: [string, number, number][] = [
    ["", 0, 0],
    ["", 1, 0x514e28b7],
    ["", 0xffffffff, 0x81f16f39],
    ["a", 0, 1009084850],
    ["ab", 0, 2613040991],
    ["abc", 0, 0xb3dd93fa],
    ["abcd", 0, 1139631978],
    ["test", 0, 0xba6bd213],
    ["test", 0x9747b28c, 0x704b81dc],
    ["Hello world", 0, 2911983372],
    ["The quick brown fox jumps over the lazy dog", 0, 776992547],
    ["The quick brown fox jumps over the lazy dog", 0x9747b28c, 0x2fa826cd],
    ["é", 0, 269551495],
    ["日本語", 0, 2779017879],
  ];
  for (const [text, seed, expected] of cases) {
    await test.step(`"${text}" with seed ${seed}`, () => {
      assert.equal(murmur3(text, seed), expected);
    });
  }
});

Deno.test("buckets are Unleash's", async (test) => {
  const cases: [string, string, number][] = [
    ["gr1", "123", 73],
    ["groupX", "999", 25],
    ["unified_service_flags", "16505551234", 23],
  ];
  for (const [group, key, expected] of cases) {
    await test.step(`${group}:${key}`, () => assert.equal(bucketOf(group, key), expected));
  }
});

Deno.test("every key has one bucket from 1 to 100", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "binary" }),
      fc.string({ unit: "binary" }),
      (group, key) => {
        const bucket = bucketOf(group, key);
        assert.ok(Number.isInteger(bucket) && bucket >= 1 && bucket <= 100);
        assert.equal(bucketOf(group, key), bucket);
      },
    ),
  );
});

Deno.test("phone numbers spread evenly", () => {
  const counts = new Array<number>(101).fill(0);
  const total = 100_000;
  for (let index = 0; index < total; index += 1) {
    counts[
      bucketOf("unified_service_flags", String(2_507_880_000_000 + index))
    ]! += 1;
  }
  // Chi-square with 99 degrees of freedom exceeds 180 once in a million even spreads.
  const chiSquare = counts.slice(1).reduce(
    (sum, count) => sum + (count - 1_000) ** 2 / 1_000,
    0,
  );
  assert.ok(chiSquare < 180, `chi-square ${chiSquare}`);
});

Deno.test("buckets are those of the SQL function", async () => {
  const vectors = await readPlantedCases<[string, string, number, number]>(
    "supabase/tests/rollout_bucket/vectors.psql",
    "vectors",
  );
  assert.ok(vectors.length > 200, "they were found");
  for (const [group, key, hash, bucket] of vectors) {
    assert.deepEqual([murmur3(`${group}:${key}`), bucketOf(group, key)], [
      hash,
      bucket,
    ]);
  }
});

Deno.test("a group's own function gives the same buckets", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "grapheme-ascii" }),
      fc.string({ unit: "binary" }),
      (group, key) => {
        assert.equal(createBucketOf(group)(key), bucketOf(group, key));
      },
    ),
  );
});
