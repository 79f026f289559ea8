import assert from "node:assert/strict";
import {
  createFakeConnect,
  createFakeProviders,
} from "../../../../tests/in_memory/create_fake_connect.ts";
import { createSyncWorld, ORG_ID } from "../../../../tests/in_memory/create_sync_world.ts";
import { ProviderError } from "../errors.ts";
import type { AgentRow, VapiPhoneNumber } from "../ports.ts";
import { bindNumber, type BindNumberInput } from "./bind_number.ts";
import { unbindNumber } from "./unbind_number.ts";

const webhook = {
  functionsUrl: "https://demo.supabase.co/functions/v1",
  secrets: ["key"],
};
const serverUrl = `${webhook.functionsUrl}/unified-webhook/vapi`;
const agent: AgentRow = {
  ...createSyncWorld().agent("inbound"),
  vapi_assistant_id: "a1",
  state: "active",
  activation_mode: "full",
};
const input: BindNumberInput = {
  number: "+15005550100",
  twilio: { account_sid: "AC1", auth_token: "twilio-secret" },
  agent,
  settings: {
    org_id: ORG_ID,
    transfer_number: null,
    webhook_secret_version: 1,
    enabled_tools: [],
  },
  fullyRolledOut: true,
  recorded: null,
};

function open(...numbers: VapiPhoneNumber[]) {
  const world = createFakeProviders();
  const account = {
    assistants: new Map(),
    numbers: new Map(numbers.map((each) => [each.id, each])),
  };
  world.vapiAccounts.set("key", account);
  const vapi = createFakeConnect(world).vapi({ api_key: "key" }, () => {});
  const ports = {
    vapi,
    webhook,
    clock: () => Date.parse("2026-11-20T10:00:00Z"),
  };
  return {
    world,
    ports,
    vapi,
    only: () => [...account.numbers.values()][0],
    account,
  };
}
const free: VapiPhoneNumber = {
  id: "n1",
  number: "+15005550100",
  provider: "twilio",
  assistantId: null,
  server: null,
  fallbackDestination: null,
};

Deno.test("a number that Vapi does not have is imported, its messages left alone", async () => {
  const { ports, world, only } = open();
  const bodies: unknown[] = [];
  const vapi = {
    ...ports.vapi,
    importPhoneNumber: (body: never) => {
      bodies.push(body);
      return ports.vapi.importPhoneNumber(body);
    },
  };
  const result = await bindNumber({ ...ports, vapi }, input);
  assert.deepEqual(bodies, [{
    provider: "twilio",
    number: "+15005550100",
    name: "Switchboard +15005550100",
    smsEnabled: false,
    assistantId: "a1",
    twilioAccountSid: "AC1",
    twilioAuthToken: "twilio-secret",
  }]);
  assert.equal(result.action, "imported");
  assert.deepEqual(result.patch?.number, {
    phone_number_id: only()?.id,
    number: "+15005550100",
    imported: true,
    previous: null,
    bound_at: "2026-11-20T10:00:00.000Z",
    assistant_id: "a1",
  });
  assert.deepEqual(world.calls, [
    "vapi.listPhoneNumbers",
    "vapi.importPhoneNumber",
  ]);
});

Deno.test("binding again writes nothing, here or there", async () => {
  const { ports, world } = open();
  const first = await bindNumber(ports, input);
  world.calls.length = 0;
  const again = await bindNumber(ports, {
    ...input,
    recorded: first.patch?.number ?? null,
  });
  assert.deepEqual(again, {
    action: "unchanged",
    changed: [],
    phoneNumberId: first.phoneNumberId,
    patch: null,
  });
  assert.deepEqual(world.calls, ["vapi.listPhoneNumbers"]);
});

Deno.test("whom the number goes to is recorded: an assistant, or our webhook", async () => {
  const { ports } = open();
  const direct = (await bindNumber(ports, input)).patch?.number;
  assert.deepEqual([direct?.assistant_id, direct?.server_hash], ["a1", undefined]);
  const moved = await bindNumber(ports, {
    ...input,
    recorded: direct ?? null,
    agent: { ...agent, vapi_assistant_id: "a2" },
  });
  assert.equal(moved.patch?.number.assistant_id, "a2");
  const paused = await bindNumber(ports, {
    ...input,
    recorded: moved.patch?.number ?? null,
    agent: { ...agent, state: "paused" },
  });
  assert.equal(paused.patch?.number.assistant_id, undefined);
  assert.equal(typeof paused.patch?.number.server_hash, "string");
});

Deno.test("a list that was asked for already is used", async () => {
  const { ports, world } = open(free);
  const numbers = ports.vapi.listPhoneNumbers();
  await bindNumber(ports, { ...input, numbers });
  assert.deepEqual(world.calls, [
    "vapi.listPhoneNumbers",
    "vapi.updatePhoneNumber",
  ]);
});

Deno.test("a number that was there keeps what it had for the day it is released", async () => {
  const before = {
    ...free,
    assistantId: "theirs",
    server: { url: "https://theirs", headers: { a: "secret" } },
  };
  const { ports, only } = open(before);
  const { patch } = await bindNumber(ports, {
    ...input,
    agent: { ...agent, state: "paused" },
  });
  assert.equal(only()?.assistantId, null);
  assert.equal(only()?.server?.url, serverUrl);
  assert.deepEqual(patch?.number.previous, {
    assistantId: "theirs",
    server: { url: "https://theirs" },
  });
  assert.equal(patch?.number.imported, false);
  assert.ok(!JSON.stringify(patch).includes("secret"));

  const recorded = patch?.number;
  assert.ok(recorded);
  const released = await unbindNumber(ports, {
    recorded,
    assistantIds: ["a1"],
  });
  assert.equal(released.action, "restored");
  assert.equal(only()?.assistantId, "theirs");
  assert.equal(only()?.server?.url, "https://theirs");
});

Deno.test("activation and pause move the number between the agent and our webhook", async () => {
  const { ports, only } = open(free);
  const first = await bindNumber(ports, {
    ...input,
    agent: { ...agent, state: "draft" },
  });
  assert.equal(only()?.server?.url, serverUrl);
  const server = only()?.server as { headers: Record<string, string> };
  assert.match(
    server.headers["X-Vapi-Secret"] ?? "",
    new RegExp(`^v1\\.${ORG_ID}\\.1\\.`),
  );
  const second = await bindNumber(ports, {
    ...input,
    recorded: first.patch?.number ?? null,
  });
  assert.deepEqual(second.changed, ["assistantId"]);
  assert.equal(only()?.assistantId, "a1");
  const third = await bindNumber(ports, {
    ...input,
    agent: { ...agent, activation_mode: "limited" },
    recorded: second.patch?.number ?? null,
  });
  assert.deepEqual(third.changed, ["assistantId"]);
  assert.equal(only()?.assistantId, null);
});

Deno.test("an import whose answer was lost is found by listing", async () => {
  const { ports, world } = open();
  const lost = new ProviderError("vapi", "timed_out", "no answer", {
    ambiguous: true,
  });
  const vapi = {
    ...ports.vapi,
    importPhoneNumber: async (body: never) => {
      await ports.vapi.importPhoneNumber(body);
      throw lost;
    },
  };
  const result = await bindNumber({ ...ports, vapi }, input);
  assert.equal(result.action, "imported");
  assert.equal(result.patch?.number.imported, true);
  assert.equal(
    world.calls.filter((call) => call === "vapi.importPhoneNumber").length,
    1,
  );

  const nothing = open();
  await assert.rejects(
    bindNumber({
      ...nothing.ports,
      vapi: { ...nothing.vapi, importPhoneNumber: () => Promise.reject(lost) },
    }, input),
    lost,
  );
});

Deno.test("an import whose record was lost is known by its name", async () => {
  const { ports } = open({
    ...free,
    assistantId: "a1",
    name: "Switchboard +15005550100",
  });
  const { action, patch } = await bindNumber(ports, input);
  assert.equal(action, "unchanged");
  assert.equal(patch?.number.imported, true);
  assert.equal(patch?.number.previous, null);
});

Deno.test("a number that was deleted since it was listed is imported", async () => {
  const { ports, only } = open();
  await bindNumber(ports, { ...input, numbers: Promise.resolve([free]) });
  assert.equal(only()?.assistantId, "a1");
});

Deno.test("the number before is released when another takes its place", async () => {
  const { ports, account } = open();
  const first = await bindNumber(ports, input);
  await bindNumber(ports, {
    ...input,
    number: "+15005550101",
    recorded: first.patch?.number ?? null,
  });
  assert.deepEqual([...account.numbers.values()].map(({ number }) => number), [
    "+15005550101",
  ]);
});

Deno.test("a dry run reads alone", async () => {
  const { ports, world } = open(free);
  const result = await bindNumber(ports, { ...input, dryRun: true });
  assert.deepEqual([result.action, result.changed, result.patch], [
    "updated",
    ["assistantId"],
    null,
  ]);
  assert.deepEqual(world.calls, ["vapi.listPhoneNumbers"]);
});

Deno.test("what a number reached before may be gone: then it reaches nobody", async () => {
  const { ports, only } = open({ ...free, assistantId: "theirs" });
  const { patch } = await bindNumber(ports, input);
  let refused = false;
  const vapi = {
    ...ports.vapi,
    updatePhoneNumber: (id: string, body: never) => {
      if (refused) return ports.vapi.updatePhoneNumber(id, body);
      refused = true;
      return Promise.reject(
        new ProviderError("vapi", "refused", "assistant does not exist"),
      );
    },
  };
  const recorded = patch?.number;
  assert.ok(recorded);
  await unbindNumber({ ...ports, vapi }, { recorded, assistantIds: ["a1"] });
  assert.equal(only()?.assistantId, null);
});
