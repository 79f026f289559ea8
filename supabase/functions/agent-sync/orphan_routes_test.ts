import { deepEqual, equal } from "node:assert/strict";
import { createAgentApp } from "../../../tests/in_memory/create_agent_app.ts";
import { CLINIC, MARKET, send } from "../../../tests/in_memory/create_test_app.ts";
import { at, fieldsOf } from "../../../tests/in_memory/read_answer.ts";
import { takeLease } from "../../../tests/in_memory/create_memory.ts";
import { ProviderError } from "../_shared/errors.ts";
import type { Assistant } from "../_shared/ports.ts";

const PATH = "POST /agent-sync/orphans";

async function setUp() {
  const made = await createAgentApp();
  const { account, agent } = made;
  const add = (
    id: string,
    createdAt: string,
    metadata?: Assistant["metadata"],
  ) =>
    account.assistants.set(id, {
      id,
      createdAt,
      name: id,
      ...(metadata === undefined ? {} : { metadata }),
    });
  const ours = {
    org_id: CLINIC,
    agent_id: agent("inbound").id,
    role: "inbound",
  };
  add("orphan-1", "2026-01-01T00:00:00.000Z", ours);
  add("orphan-2", "2026-01-02T00:00:00.000Z", {
    ...ours,
    agent_id: "gone",
    role: "nothing",
  });
  add("another's", "2026-01-03T00:00:00.000Z", { ...ours, org_id: MARKET });
  add("foreign", "2026-01-04T00:00:00.000Z");
  return made;
}

Deno.test("orphans: a dry run lists ours that no row knows, and touches nothing", async () => {
  const { app, account, world } = await setUp();
  const { status, body } = await send(app, PATH);
  equal(status, 200);
  equal(at(body, "dryRun"), true);
  deepEqual(
    (at(body, "orphans") as {
      assistantId: string;
      role: string;
      action: string;
    }[])
      .map(({ assistantId, role, action }) => [assistantId, role, action]),
    [["orphan-1", "inbound", "none"], ["orphan-2", null, "none"]],
  );
  const planned = await send(app, PATH, { body: { delete: ["orphan-1"] } });
  equal(at(planned.body, "orphans.0.action"), "delete");
  equal(account.assistants.size, 6);
  equal(world.calls.some((call) => call !== "vapi.listAssistants"), false);
});

Deno.test("orphans: those named are deleted, on the record", async () => {
  const { app, account, memory } = await setUp();
  const { status, body } = await send(app, PATH, {
    body: { dryRun: false, delete: ["orphan-1", "orphan-2"] },
  });
  equal(status, 200);
  equal(at(body, "success"), true);
  deepEqual(
    [...account.assistants.keys()].filter((id) => /orphan|foreign|another/.test(id)),
    [
      "another's",
      "foreign",
    ],
  );
  deepEqual(
    memory.events.filter(({ operation }) => operation === "assistant_deleted")
      .map(({ details }) => details),
    [["orphan-1"], ["orphan-2"]],
  );
});

Deno.test("orphans: one adopted is its agent's assistant from now on", async () => {
  const { app, agent, account, boundNumber } = await setUp();
  await send(app, "POST /agent-sync/activate", {
    body: { role: "inbound", mode: "full" },
  });
  const before = agent("inbound").vapi_assistant_id;
  const { status } = await send(app, PATH, {
    body: { dry_run: false, adopt: ["orphan-1"] },
  });
  equal(status, 200);
  equal(agent("inbound").vapi_assistant_id, "orphan-1");
  equal(
    account.assistants.get("orphan-1")?.firstMessage,
    agent("inbound").first_message,
  );
  equal(boundNumber()?.assistantId, "orphan-1");
  const { body } = await send(app, PATH);
  equal(at(body, "orphans.1.assistantId"), before);
});

Deno.test("orphans: what is not ours is refused before anything is done", async () => {
  const { app, agent, account } = await setUp();
  const inUse = agent("inbound").vapi_assistant_id;
  for (const id of ["another's", "foreign", "nothing", inUse]) {
    const answer = await send(app, PATH, {
      body: { dryRun: false, delete: ["orphan-1", id] },
    });
    equal(answer.status, 400, String(id));
    deepEqual(fieldsOf(answer.body), ["delete.1"]);
  }
  const unknown = await send(app, PATH, {
    body: { dryRun: false, adopt: ["orphan-2"] },
  });
  deepEqual(fieldsOf(unknown.body), ["adopt.0"]);
  equal(account.assistants.size, 6);
});

Deno.test("orphans: what a sync may have just made is left alone", async () => {
  const { app, agent, account } = await setUp();
  agent("inbound").create_intended_at = "2026-01-01T00:00:00.000Z";
  const { body } = await send(app, PATH, {
    body: { dryRun: false, delete: ["orphan-1"] },
  });
  equal(at(body, "success"), false);
  equal(
    at(body, "orphans.0.error"),
    "an agent is being synced, try again later",
  );
  equal(account.assistants.has("orphan-1"), true);
});

Deno.test("orphans: nothing is deleted while an agent is synced", async () => {
  const { app, account, memory } = await setUp();
  takeLease(memory, `agent_sync/${CLINIC}/outbound`, 60);
  const { body } = await send(app, PATH, { body: { dryRun: false, delete: ["orphan-1"] } });
  equal(at(body, "orphans.0.error"), "an agent is being synced, try again later");
  equal(account.assistants.has("orphan-1"), true);
});

Deno.test("orphans: one that a number goes to is not deleted", async () => {
  const { app, account, agent, boundNumber, world } = await setUp();
  await send(app, "POST /agent-sync/activate", { body: { role: "inbound", mode: "full" } });
  const before = agent("inbound").vapi_assistant_id ?? "";
  world.faults.set(
    "vapi.updatePhoneNumber",
    () => new ProviderError("vapi", "unavailable", "it is down", { status: 500 }),
  );
  const adopted = await send(app, PATH, { body: { dryRun: false, adopt: ["orphan-1"] } });
  equal(adopted.status, 200);
  deepEqual(at(adopted.body, "warnings"), [{ step: "numberBound", detail: "it is down" }]);
  equal(boundNumber()?.assistantId, before);

  const { body } = await send(app, PATH, { body: { dryRun: false, delete: [before, "orphan-2"] } });
  deepEqual(
    (at(body, "orphans") as { assistantId: string; error?: string }[])
      .filter(({ error }) => error !== undefined)
      .map(({ assistantId, error }) => [assistantId, error]),
    [[before, "a phone number goes to it"]],
  );
  equal(account.assistants.has(before), true);
  equal(account.assistants.has("orphan-2"), false);
});

Deno.test("orphans: without Vapi there is nothing to look at", async () => {
  const { app } = await createAgentApp({ connected: false });
  equal((await send(app, PATH)).status, 409);
});

Deno.test("orphans: an account of many pages is read whole", async () => {
  const { app, account } = await createAgentApp();
  for (let index = 0; index < 2_500; index++) {
    const id = `a${index}`;
    // Several of each moment, so that pages overlap.
    const createdAt = new Date(
      Date.UTC(2025, 0, 1) + Math.floor(index / 7) * 1_000,
    ).toISOString();
    const metadata = { org_id: CLINIC, agent_id: "gone", role: "inbound" };
    account.assistants.set(id, {
      id,
      createdAt,
      ...(index % 500 === 0 ? { metadata } : {}),
    } as Assistant);
  }
  const { body } = await send(app, PATH);
  equal((at(body, "orphans") as unknown[]).length, 5);
});
