import assert from "node:assert/strict";
import { send, withSimulators } from "../../../../scripts/local/simulators/with_simulators.ts";
import { createSyncWorld, ORG_ID } from "../../../../tests/in_memory/create_sync_world.ts";
import { createConnect } from "../providers/create_connect.ts";
import { bindNumber } from "./bind_number.ts";
import { syncAgent } from "./sync_agent.ts";
import { syncAgents } from "./sync_agents.ts";
import { unbindNumber } from "./unbind_number.ts";

const KEY = "vapi-demo-key";
// The simulators are tools, which run on the newer Deno alone.
const ignore = Deno.version.deno.startsWith("2.1.");
const input = { orgId: ORG_ID, requestId: "request-1" };

/** The sync's own world, but with a Vapi that is as strict as the real one, over HTTP. */
async function withVapi(
  test: (open: {
    world: ReturnType<typeof createSyncWorld>;
    ports: ReturnType<ReturnType<typeof createSyncWorld>["ports"]>;
    connect: ReturnType<typeof createConnect>;
    takeRequests(): Promise<string[]>;
    addFault(fault: Record<string, unknown>): Promise<void>;
  }) => Promise<void>,
  // Whoever answers is waited for on any machine.
  attemptTimeoutMilliseconds = 20_000,
) {
  await withSimulators(async (urls) => {
    const world = createSyncWorld();
    world.key = KEY;
    const connect = createConnect({
      vapiUrl: urls.vapi,
      twilioUrl: urls.twilio,
      whatsappGraphUrl: urls.graph,
      whatsappGraphVersion: "v26.0",
      policy: { retryBaseMilliseconds: 1, attemptTimeoutMilliseconds },
    });
    await test({
      world,
      connect,
      ports: { ...world.ports(), connect },
      async takeRequests() {
        const { body } = await send(`${urls.vapi}/__simulator/requests`);
        await send(`${urls.vapi}/__simulator/requests`, { method: "DELETE" });
        return (body as { method: string; path: string }[]).map((
          { method, path },
        ) => `${method} ${path.split("?")[0]?.replace(/[0-9a-f-]{36}/, "{id}")}`);
      },
      async addFault(fault) {
        const { status } = await send(`${urls.vapi}/__simulator/faults`, {
          body: fault,
        });
        assert.equal(status, 201);
      },
    });
  });
}

Deno.test(
  "Vapi takes what is rendered, and each sync makes the calls it needs",
  { ignore },
  async () => {
    await withVapi(async ({ world, ports, takeRequests }) => {
      const created = await syncAgents(ports, input);
      assert.deepEqual(created.map(({ status, error }) => error ?? status), [
        "synced",
        "synced",
      ]);
      assert.deepEqual((await takeRequests()).toSorted(), [
        "GET /assistant/{id}",
        "GET /assistant/{id}",
        "POST /assistant",
        "POST /assistant",
      ]);

      assert.deepEqual(
        (await syncAgents(ports, input)).map(({ status }) => status),
        [
          "unchanged",
          "unchanged",
        ],
      );
      assert.deepEqual(await takeRequests(), []);

      world.change("inbound", {
        voice: "x",
        voice_provider: "11labs",
        voice_stability: 0.5,
      });
      const updated = await syncAgent(ports, { ...input, role: "inbound" });
      assert.deepEqual(updated.changed, [
        "voice.provider",
        "voice.voiceId",
        "voice.stability",
      ]);
      assert.deepEqual(await takeRequests(), [
        "GET /assistant/{id}",
        "PATCH /assistant/{id}",
        "GET /assistant/{id}",
      ]);
    });
  },
);

Deno.test(
  "a create whose connection broke after it acted is adopted, not repeated",
  { ignore },
  async () => {
    await withVapi(async ({ ports, takeRequests, addFault }) => {
      await addFault({
        method: "POST",
        path: "/assistant",
        mode: "drop",
        moment: "after",
        times: 1,
      });
      const result = await syncAgent(ports, { ...input, role: "inbound" });
      assert.equal(result.status, "synced", result.error);
      assert.deepEqual(await takeRequests(), [
        "POST /assistant",
        "GET /assistant",
      ]);
    });
  },
);

Deno.test("a create that was refused for its rate is sent again", { ignore }, async () => {
  await withVapi(async ({ ports, takeRequests, addFault }) => {
    await addFault({
      method: "POST",
      path: "/assistant",
      mode: "status",
      status: 429,
      retryAfterSeconds: 0,
      times: 1,
    });
    const result = await syncAgent(ports, { ...input, role: "inbound" });
    assert.equal(result.status, "synced", result.error);
    assert.deepEqual(await takeRequests(), [
      "POST /assistant",
      "POST /assistant",
      "GET /assistant/{id}",
    ]);
  });
});

Deno.test("a Vapi that hangs ends in a failure that the worker repeats", { ignore }, async () => {
  await withVapi(async ({ world, ports, addFault }) => {
    await syncAgent(ports, { ...input, role: "inbound" });
    world.change("inbound", { system_prompt: "Be brief." });
    await addFault({ method: "PATCH", path: "/assistant/:id", mode: "hang" });
    const result = await syncAgent(ports, { ...input, role: "inbound" });
    assert.equal(result.status, "failed");
    assert.match(result.error ?? "", /no answer within 1000 ms/);
    const calls = world.records.at(-1)?.provider_calls.map(({ outcome }) => outcome);
    assert.deepEqual(calls, [
      "succeeded",
      "timed_out",
      "timed_out",
      "timed_out",
    ]);
  }, 1_000);
});

Deno.test(
  "a number is imported, bound, moved to our webhook and released at Vapi",
  { ignore },
  async () => {
    await withVapi(async ({ world, ports, connect, takeRequests }) => {
      const { vapiAssistantId } = await syncAgent(ports, {
        ...input,
        role: "inbound",
      });
      await takeRequests();
      const vapi = connect.vapi({ api_key: KEY }, () => {});
      const agent = {
        ...world.agent("inbound"),
        vapi_assistant_id: vapiAssistantId,
        state: "active" as const,
        activation_mode: "full" as const,
      };
      const binding = {
        number: "+15005550100",
        twilio: {
          account_sid: "AC00000000000000000000000000000001",
          auth_token: "0123456789abcdef0123456789abcdef",
        },
        agent,
        settings: {
          org_id: ORG_ID,
          transfer_number: "+15005550111",
          webhook_secret_version: 1,
          enabled_tools: [],
        },
        fullyRolledOut: true,
        recorded: null,
      };
      const bound = await bindNumber({ ...ports, vapi }, binding);
      assert.equal(bound.action, "imported");
      const paused = await bindNumber({ ...ports, vapi }, {
        ...binding,
        agent: { ...agent, state: "paused" },
        recorded: bound.patch?.number ?? null,
      });
      assert.deepEqual(paused.changed, ["assistantId", "server"]);
      const recorded = paused.patch?.number;
      assert.ok(recorded);
      const again = await bindNumber({ ...ports, vapi }, {
        ...binding,
        agent: { ...agent, state: "paused" },
        recorded,
      });
      assert.deepEqual([again.action, again.patch], ["unchanged", null]);
      const assistantIds = [vapiAssistantId ?? ""];
      assert.equal(
        (await unbindNumber({ ...ports, vapi }, { recorded, assistantIds }))
          .action,
        "deleted",
      );
      assert.deepEqual(await vapi.listPhoneNumbers(), []);
      assert.deepEqual(
        (await takeRequests()).filter((request) => !request.startsWith("GET")),
        [
          "POST /phone-number",
          "PATCH /phone-number/{id}",
          "DELETE /phone-number/{id}",
        ],
      );
    });
  },
);
