import assert from "node:assert/strict";
import { createRolloutSnapshot } from "../tests/in_memory/create_rollout_snapshot.ts";
import { createRolloutStore } from "../tests/in_memory/create_rollout_store.ts";
import { describeRollout } from "../supabase/functions/_shared/services/describe_rollout.ts";
import { describeTier } from "../supabase/functions/_shared/services/steer_tier.ts";
import { rollout } from "./rollout.ts";

const VARIABLES: Record<string, string> = {
  SUPABASE_URL: "http://127.0.0.1:1",
  SUPABASE_SECRET_KEYS: '{"default":"sb_secret_test"}',
  USER: "ada",
};

async function run(args: string[], { refusal }: { refusal?: string } = {}) {
  const lines: string[] = [];
  const asked: { method: string; url: string; key: string | null; body: unknown }[] = [];
  const store = createRolloutStore(createRolloutSnapshot({ percent: 10, turns: 1_000, failed: 2 }));
  await rollout(args, {
    print: (line) => void lines.push(line),
    read: (name) => VARIABLES[name],
    fetch: async (input, init) => {
      const request = new Request(input, init);
      asked.push({
        method: request.method,
        url: request.url,
        key: request.headers.get("apikey"),
        body: request.method === "POST" ? await request.json() : null,
      });
      return refusal === undefined
        ? Response.json(
          request.url.includes("?tier=")
            ? await describeTier(store, "agent")
            : await describeRollout(store),
        )
        : new Response(refusal, { status: 409 });
    },
  });
  return { lines, text: lines.join("\n"), asked };
}

Deno.test("--help says how, and asks nobody", async () => {
  for (const args of [["--help"], []]) {
    const { text, asked } = await run(args);
    assert.match(text, /rollback/);
    assert.deepEqual(asked, []);
  }
});

Deno.test("status shows where it stands and what the guard would do", async () => {
  const { text, asked } = await run(["status"]);
  assert.deepEqual(asked, [{
    method: "GET",
    url: "http://127.0.0.1:1/functions/v1/ops/rollout",
    key: "sb_secret_test",
    body: null,
  }]);
  assert.match(text, /^10 % inside \(automatic\)/);
  assert.match(text, /1000 turns, 2 failed \(0\.20 %\), 0 slow \(0\.00 %\), 50 people/);
  assert.match(text, /guard {6}advance to 50 %/);
  const { text: json } = await run(["status", "--json"]);
  assert.equal(JSON.parse(json).percent, 10);
});

Deno.test("plan shows the stages", async () => {
  const { lines } = await run(["plan"]);
  assert.equal(lines.length, 5);
  assert.match(lines[2]!, /^> {2}10 % {2}48 h, at most 1 % errors, p95 2000 ms/);
});

Deno.test("what changes something is posted with its reason and who it was", async (test) => {
  const cases: [string[], Record<string, unknown>][] = [
    [["set", "10"], { action: "set", percent: 10 }],
    [["set", "100%"], { action: "set", percent: 100 }],
    [["advance"], { action: "advance" }],
    [["rollback"], { action: "rollback" }],
    [["pause"], { action: "pause" }],
    [["resume"], { action: "resume" }],
  ];
  for (const [args, action] of cases) {
    await test.step(args.join(" "), async () => {
      const { asked: [asked] } = await run([...args, "--reason", "we looked"]);
      assert.equal(asked?.method, "POST");
      assert.deepEqual(asked?.body, { ...action, reason: "we looked", actor: "ada" });
    });
  }
});

Deno.test("what can't be understood or was refused is one sentence", async (test) => {
  const cases: [string[], RegExp][] = [
    [["set", "10"], /say why with --reason/],
    [["set", "ten", "--reason", "x"], /no whole number from 0 to 100/],
    [["set", "101", "--reason", "x"], /no whole number/],
    [["set", "--reason", "x"], /Cannot understand/],
    [["status", "now"], /Cannot understand/],
    [["restart"], /Cannot understand/],
    [["pause", "--set", "a.json", "--reason", "x"], /Cannot understand/],
    [["plan", "--set", "/nowhere/plan.json", "--reason", "x"], /Cannot read the plan/],
  ];
  for (const [args, expected] of cases) {
    await test.step(args.join(" "), async () => {
      await assert.rejects(run(args), expected);
    });
  }
  await test.step("refused", async () => {
    const refusal = JSON.stringify({ detail: "Cannot advance the rollout: x" });
    await assert.rejects(
      run(["advance", "--reason", "x"], { refusal }),
      /^Error: Cannot advance the rollout: x \(409\)$/,
    );
  });
});

Deno.test("a tier is shown and moved by itself", async () => {
  const { text, asked } = await run(["status", "--tier", "agent"]);
  assert.equal(asked[0]?.url, "http://127.0.0.1:1/functions/v1/ops/rollout?tier=agent");
  assert.match(text, /^agent: 10 % of organizations/);
  assert.match(text, /next {7}50 % \(DUE since/);
  const { asked: [moved] } = await run(["advance", "--tier", "agent", "--reason", "it went well"]);
  assert.deepEqual(moved?.body, { action: "advance", reason: "it went well", actor: "ada" });
  await assert.rejects(run(["advance", "--tier", "agent"]), /--reason/);
  await assert.rejects(run(["pause", "--tier", "agent", "--reason", "why"]), /Cannot pause a tier/);
});
