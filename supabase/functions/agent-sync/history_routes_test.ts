import { deepEqual, equal } from "node:assert/strict";
import { createAgentApp } from "../../../tests/in_memory/create_agent_app.ts";
import { send, USERS } from "../../../tests/in_memory/create_test_app.ts";
import { at, fieldsOf } from "../../../tests/in_memory/read_answer.ts";

async function setUp() {
  const made = await createAgentApp();
  for (const name of ["One", "Two", "Three"]) {
    await send(made.app, "POST /agent-sync/behavior", {
      as: USERS.admin,
      body: { inbound: { name, maxDuration: 100 } },
    });
  }
  return made;
}

Deno.test("history: who changed what, newest first", async () => {
  const { app } = await setUp();
  const { status, body } = await send(
    app,
    "GET /agent-sync/history?role=inbound&limit=2",
    {
      as: USERS.member,
    },
  );
  equal(status, 200);
  equal(at(body, "revisions.0.revision"), 4);
  equal(at(body, "revisions.0.actor"), USERS.admin);
  deepEqual(at(body, "revisions.0.changed"), ["name"]);
  deepEqual(at(body, "revisions.0.before"), { name: "Two" });
  deepEqual(at(body, "revisions.0.after"), { name: "Three" });
  equal(at(body, "nextBefore"), 3);
  const older = await send(
    app,
    "GET /agent-sync/history?role=inbound&before=3",
  );
  deepEqual(at(older.body, "revisions.0.changed"), [
    "maxDurationSeconds",
    "name",
  ]);
  equal(at(older.body, "nextBefore"), null);
});

Deno.test("history: a rollback is a new revision with the old content, pushed like any change", async () => {
  const { app, agent, assistant } = await setUp();
  const answer = await send(app, "POST /agent-sync/rollback", {
    body: { role: "inbound", revision: 2 },
  });
  equal(answer.status, 200);
  deepEqual(at(answer.body, "agentDetails.0.changed"), ["name"]);
  equal(at(answer.body, "agentDetails.0.revision"), 5);
  equal(agent("inbound").name, "One");
  equal(assistant("inbound")?.name, "One");
  const missing = await send(app, "POST /agent-sync/rollback", {
    body: { role: "inbound", revision: 99 },
  });
  equal(missing.status, 404);
  const stale = await send(app, "POST /agent-sync/rollback", {
    headers: { "if-match": "4" },
    body: { role: "inbound", revision: 2 },
  });
  equal(stale.status, 412);
});

Deno.test("history: what isn't understood is a 400", async () => {
  const { app, memory } = await setUp();
  for (
    const [query, field] of [
      ["", "role"],
      ["?role=both", "role"],
      ["?role=inbound&limit=0", "limit"],
      ["?role=inbound&limit=101", "limit"],
      ["?role=inbound&before=x", "before"],
      ["?role=inbound&page=2", "page"],
    ] as const
  ) {
    const answer = await send(app, `GET /agent-sync/history${query}`);
    equal(answer.status, 400, query);
    deepEqual(fieldsOf(answer.body), [field]);
  }
  for (
    const body of [{ role: "inbound" }, { role: "inbound", revision: 1.5 }]
  ) {
    const answer = await send(app, "POST /agent-sync/rollback", { body });
    deepEqual(fieldsOf(answer.body), ["revision"]);
  }
  memory.agents.clear();
  equal((await send(app, "GET /agent-sync/history?role=inbound")).status, 404);
});
