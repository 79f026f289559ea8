import assert from "node:assert/strict";
import { createMemoryLogger } from "../../../../tests/in_memory/create_memory_logger.ts";
import { createScriptedModel } from "../../../../tests/in_memory/create_scripted_model.ts";
import { jobs } from "../domain/agents/jobs/definition.ts";
import type { ToolContext } from "../domain/tools/tool.ts";
import type { JsonObject } from "../ports.ts";
import type { ClaimedTurn } from "../ports_messaging.ts";
import { askModel } from "./ask_model.ts";

const context: ToolContext = {
  now: 0,
  channel: "whatsapp",
  settings: {
    business_hours: {},
    time_zone: "UTC",
    language: "en",
    transfer_number: null,
    enabled_tools: [],
  },
  person: { contactId: "contact-1", phoneNumber: null },
  whatsappConnected: true,
  newId: () => "new",
};
const turn = {
  org_id: "org-1",
  contact_id: "contact-1",
  session: { messages: [] },
  limits: { switched_off_agents: [], tokens_left: 50_000 },
} as unknown as ClaimedTurn;

/** The prompt that a model is given. */
async function prompt(carried: JsonObject): Promise<string> {
  const model = createScriptedModel();
  let system = "";
  const converse: typeof model.converse = (input, options) => {
    system = input.system;
    return model.converse(input, options);
  };
  await askModel({
    model: { ...model, converse },
    timeoutSeconds: 5,
    logger: createMemoryLogger(),
    agentData: { readAgentData: () => Promise.resolve([]) },
    searchKnowledge: () => Promise.reject(new Error("not asked")),
  }, {
    kind: "converse",
    agent: jobs,
    language: "en",
    text: "Hello",
    tools: context,
    carried,
  }, { turn, signal: new AbortController().signal });
  assert.notEqual(system, "");
  return system;
}

Deno.test("a model is told what a handoff carried, and nothing where there was none", async () => {
  assert.doesNotMatch(await prompt({ data: {} }), /Known so far/);
  const told = await prompt({ from: "marketplace", said: "a job?", data: { place: "Huye" } });
  assert.match(told, /Known so far:\n[^]*marketplace[^]*Huye/);
});
