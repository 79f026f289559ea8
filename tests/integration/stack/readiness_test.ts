import assert from "node:assert/strict";
import { SCHEMA_VERSION } from "../../../supabase/functions/_shared/version.ts";
import { callFunction } from "../../support/call_function.ts";
import { readStack } from "../../support/read_stack.ts";

const FUNCTIONS = [
  "agent-sync",
  "kb-sync",
  "ops",
  "unified-webhook",
  "wa-webhook-unified",
  "worker",
  "workspace-save",
];
type Ready = {
  status: string;
  ready: boolean;
  checks?: { name: string; state: string; detail: string }[];
};

Deno.test("every function is ready, and tells an operator by what", async (test) => {
  for (const name of FUNCTIONS) {
    await test.step(name, async () => {
      const { status, body } = await callFunction<Ready>(`${name}/health?ready=1`, {
        apiKey: readStack().secret_key,
      });
      assert.deepEqual([status, body.status, body.ready], [200, "healthy", true]);
      const states = Object.fromEntries(body.checks!.map((check) => [check.name, check.state]));
      const clock = {
        cron: "not_applicable",
        vault: "not_applicable",
        heartbeats: "not_applicable",
      };
      assert.deepEqual(states, {
        secrets: "passed",
        database: "passed",
        schema: "passed",
        ...(name === "worker" ? clock : {}),
      });
      const schema = body.checks!.find((check) => check.name === "schema")!;
      assert.match(schema.detail, new RegExp(SCHEMA_VERSION));
    });
    await test.step(`${name} tells a stranger yes alone`, async () => {
      const { status, body } = await callFunction<Ready>(`${name}/health?ready=1`);
      assert.deepEqual([status, body.ready, body.checks], [200, true, undefined]);
    });
  }
});
