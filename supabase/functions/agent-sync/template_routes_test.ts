import { deepEqual, equal } from "node:assert/strict";
import { createAgentApp } from "../../../tests/in_memory/create_agent_app.ts";
import { send } from "../../../tests/in_memory/create_test_app.ts";
import { at, fieldsOf } from "../../../tests/in_memory/read_answer.ts";

const PATH = "POST /agent-sync/from-template";

Deno.test("templates: what there is, as the dashboard names it", async () => {
  const { app } = await createAgentApp();
  const { status, body } = await send(app, "GET /agent-sync/templates");
  equal(status, 200);
  equal(at(body, "templates.0.key"), "receptionist");
  equal(at(body, "templates.0.defaults.firstMessage"), "Welcome!");
  equal(at(body, "templates.0.defaults.maxDurationSeconds"), 600);
  deepEqual(at(body, "templates.1.requiredSettings"), ["transferNumber"]);
  const french = await send(app, "GET /agent-sync/templates?language=fr");
  deepEqual(at(french.body, "templates"), []);
  const bad = await send(app, "GET /agent-sync/templates?language=français!");
  deepEqual(fieldsOf(bad.body), ["language"]);
});

for (const name of ["template", "templateKey", "template_key"]) {
  Deno.test(`templates: ${name} revises the role's agent and pushes it`, async () => {
    const { app, agent, assistant } = await createAgentApp();
    const answer = await send(app, PATH, {
      body: { [name]: "receptionist", role: "inbound" },
    });
    equal(answer.status, 200);
    equal(at(answer.body, "template.id"), "template-1");
    equal(at(answer.body, "agentDetails.0.status"), "synced");
    equal(at(answer.body, "agentDetails.0.revision"), 2);
    equal(agent("inbound").first_message, "Welcome!");
    equal(assistant("inbound")?.firstMessage, "Welcome!");
    equal(agent("outbound").revision, 1);
  });
}

Deno.test("templates: a role that the template is not for, and one it is for when none is given", async () => {
  const { app } = await createAgentApp();
  const body = { template: "receptionist" };
  equal(
    (await send(app, PATH, { body: { ...body, role: "outbound" } })).status,
    400,
  );
  equal(
    at((await send(app, PATH, { body })).body, "agentDetails.0.role"),
    "inbound",
  );
});

Deno.test("templates: settings that are missing are named", async () => {
  const { app } = await createAgentApp();
  const answer = await send(app, PATH, {
    body: { template: "lead_qualifier" },
  });
  equal(answer.status, 409);
  deepEqual(at(answer.body, "missing"), ["transferNumber"]);
});

Deno.test("templates: if-match", async () => {
  const { app } = await createAgentApp();
  const apply = (revision: string) =>
    send(app, PATH, {
      headers: { "if-match": revision },
      body: { template: "receptionist" },
    });
  equal((await apply("7")).status, 412);
  equal((await apply("1")).status, 200);
});

Deno.test("templates: bad bodies", async () => {
  const { app } = await createAgentApp();
  for (
    const [body, field] of [
      [{}, "templateKey"],
      [{ template: "nobody" }, "templateKey"],
      [{ template: "receptionist", templateKey: "other" }, "templateKey"],
      [{ template: "receptionist", tone: "warm" }, "tone"],
      [{ template: "receptionist", role: "both" }, "role"],
    ] as const
  ) {
    const answer = await send(app, PATH, { body });
    equal(answer.status, 400, JSON.stringify(body));
    deepEqual(fieldsOf(answer.body), [field]);
  }
});
