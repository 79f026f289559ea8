import assert from "node:assert/strict";
import type { FlaggedAgent } from "../rollout/parse_flags.ts";
import { chooseWebhook, hasAgentWebhooks } from "./choose_webhook.ts";
import { parseWebhooks } from "./parse_webhooks.ts";
import { readAgent } from "./read_agent.ts";

const both = {
  default: "https://legacy.test/ai-agents",
  agents: { jobs: "https://legacy.test/jobs", property: "https://legacy.test/property" },
};

const CASES: [
  name: string,
  webhooks: unknown,
  agents: (FlaggedAgent | null)[],
  recent: string | null,
  expected: [agent: string | null, url: string] | null,
][] = [
  ["nothing is known", both, [], null, [null, both.default]],
  ["one is meant", both, ["jobs"], null, ["jobs", both.agents.jobs]],
  ["all are for one", both, ["jobs", null, "jobs"], "property", ["jobs", both.agents.jobs]],
  ["two are meant", both, ["jobs", "property"], "jobs", [null, both.default]],
  ["one without a webhook is meant", both, ["waiter"], "jobs", [null, both.default]],
  ["none is meant, one goes on", both, [null], "property", ["property", both.agents.property]],
  ["the one before has no webhook any more", both, [null], "waiter", [null, both.default]],
  ["only a default", { default: both.default }, ["jobs"], "jobs", [null, both.default]],
  ["only agents, another is meant", { agents: both.agents }, ["rides"], null, null],
  ["only agents, this one", { agents: both.agents }, ["property"], null, [
    "property",
    both.agents.property,
  ]],
  ["an agent's taken away", { default: both.default, agents: { jobs: null } }, ["jobs"], null, [
    null,
    both.default,
  ]],
  ["nothing at all", {}, ["jobs"], "jobs", null],
];

for (const [name, value, agents, recentAgent, expected] of CASES) {
  Deno.test(`the older service's webhook: ${name}`, () => {
    const parsed = parseWebhooks(value);
    assert.ok(parsed.ok);
    const chosen = chooseWebhook(parsed.webhooks, { agents, recentAgent });
    assert.deepEqual(chosen && [chosen.agent, chosen.url], expected);
  });
}

Deno.test("malformed webhooks name what is wrong", () => {
  const cases: [value: unknown, field: string][] = [
    [{ default: "legacy" }, "default"],
    [{ default: "ftp://legacy.test" }, "default"],
    [{ agents: { job: "https://legacy.test" } }, "agents"],
    [{ agents: { jobs: 1 } }, "agents.jobs"],
    [{ defaults: "https://legacy.test" }, ""],
    [[], ""],
  ];
  for (const [value, field] of cases) {
    const parsed = parseWebhooks(value);
    assert.ok(!parsed.ok, JSON.stringify(value));
    assert.ok(parsed.errors[0]?.field.startsWith(field), JSON.stringify(parsed.errors));
  }
  assert.deepEqual(parseWebhooks(null), { ok: true, webhooks: { default: null, agents: {} } });
});

Deno.test("intent is read only where an agent has a webhook, and only where it is clear", () => {
  const parsed = parseWebhooks({ default: both.default, agents: { jobs: null } });
  assert.ok(parsed.ok && !hasAgentWebhooks(parsed.webhooks));
  assert.equal(readAgent("I am looking for a job"), "jobs");
  assert.equal(readAgent("yes"), null);
  assert.equal(readAgent(""), null);
});
