import assert from "node:assert/strict";
import { SETTLED_MILLISECONDS } from "../domain/calling/plan_lookup.ts";
import { ProviderError } from "../errors.ts";
import type { VapiCalls } from "../ports_calling.ts";
import { eraseUnheardCalls } from "./erase_unheard_calls.ts";
import { LOOKUP_PAGE } from "./find_placed_call.ts";

const INTENDED_AT = "2026-11-20T09:00:00.000Z";
const SETTLED = Date.parse(INTENDED_AT) + SETTLED_MILLISECONDS;
const INTENT = { assistant_id: "a", fingerprint: "f" };
const OTHERS = { id: "other", name: "cb-2" };
const failure = new ProviderError("vapi", "refused", "it is in progress");

Deno.test("what may have been made is found by its name, or told", async (test) => {
  const cases: {
    name: string;
    listed?: { id: string; name: string | null }[] | Error;
    deleted?: string[];
    refuses?: boolean;
    intent?: typeof INTENT | null;
    fingerprint?: string | null;
    now?: number;
    problem: RegExp | null;
  }[] = [
    { name: "made", listed: [OTHERS, { id: "v", name: "cb-1" }], deleted: ["v"], problem: null },
    { name: "not made", listed: [OTHERS], problem: null },
    { name: "perhaps under way", listed: [OTHERS], now: SETTLED - 1, problem: /two minutes/ },
    {
      name: "found under way",
      listed: [{ id: "v", name: "cb-1" }],
      now: 0,
      deleted: ["v"],
      problem: null,
    },
    {
      name: "still talking",
      listed: [{ id: "v", name: "cb-1" }],
      refuses: true,
      problem: /in progress/,
    },
    { name: "among too many", listed: Array(LOOKUP_PAGE).fill(OTHERS), problem: /too many calls/ },
    { name: "not to be listed", listed: failure, problem: /in progress/ },
    { name: "of another account", fingerprint: "g", problem: /no longer connected/ },
    { name: "of no account", fingerprint: null, problem: /no longer connected/ },
    { name: "without its intent", intent: null, problem: /at which account/ },
  ];
  for (
    const { name, listed, refuses, problem, now = SETTLED, fingerprint = "f", ...rest } of cases
  ) {
    await test.step(name, async () => {
      const deleted: string[] = [];
      const client = {
        placeCall: () => Promise.reject(new Error("not asked for")),
        listCalls({ assistantId, createdAtGe }) {
          assert.deepEqual([assistantId, createdAtGe < INTENDED_AT], ["a", true]);
          return listed instanceof Error ? Promise.reject(listed) : Promise.resolve(listed ?? []);
        },
        readCall: () => Promise.reject(new Error("not asked for")),
        deleteCall(id) {
          if (refuses === true) return Promise.reject(failure);
          deleted.push(id);
          return Promise.resolve();
        },
      } satisfies VapiCalls;
      const erased = await eraseUnheardCalls({
        account: fingerprint === null ? null : { client, fingerprint },
        clock: () => now,
      }, [{
        id: "1",
        intended_at: INTENDED_AT,
        intent: rest.intent === undefined ? INTENT : null,
      }]);
      assert.deepEqual(deleted, rest.deleted ?? []);
      assert.equal(erased.calls, deleted.length);
      assert.equal(erased.problems.length, problem === null ? 0 : 1);
      if (problem !== null) assert.match(erased.problems[0]!, problem);
    });
  }
});
