import assert from "node:assert/strict";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startSimulators } from "./start_simulators.ts";
import { member, send, withSimulators } from "./with_simulators.ts";

const withFolder = async (test: (folder: string) => Promise<void>) => {
  const folder = await mkdtemp(join(tmpdir(), "simulators-"));
  try {
    await test(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
};

Deno.test("a restarted stack still knows its accounts, assistants, numbers and subscriptions", async () => {
  await withFolder(async (folder) => {
    const stateFile = join(folder, "state", "simulators.json");
    const key = "kept-key";
    const token = "EAAdemo0000000000000000000000000000000000000000";
    const subscriptions = "/v26.0/200000000000001/subscribed_apps";
    await withSimulators(async ({ vapi, graph }) => {
      await send(`${vapi}/__simulator/accounts`, { body: { key } });
      await send(`${vapi}/assistant`, { key, body: { name: "Kept" } });
      await send(`${graph}${subscriptions}`, { method: "POST", key: token });
    }, { stateFile });
    assert.equal((await stat(stateFile)).mode & 0o777, 0o600);
    await withSimulators(async ({ vapi, graph }) => {
      const { body } = await send(`${vapi}/assistant`, { key });
      assert.deepEqual((body as unknown[]).map((one) => member(one, "name")), ["Kept"]);
      const kept = await send(`${graph}${subscriptions}`, { key: token });
      assert.equal(member<unknown[]>(kept.body, "data").length, 1);
    }, { stateFile });
  });
});

Deno.test("a state file that can't be understood stops the start with one clear sentence", async () => {
  await withFolder(async (folder) => {
    const stateFile = join(folder, "state.json");
    await writeFile(stateFile, "not json");
    await assert.rejects(startSimulators({ stateFile }), /^Error: Cannot read simulator state "/);
  });
});

Deno.test("a taken port stops the start and leaves nothing running", async () => {
  await withSimulators(async ({ vapi }) => {
    const port = Number(new URL(vapi).port);
    await assert.rejects(startSimulators({ ports: { twilio: port } }), {
      message: `Cannot start simulator "twilio" on port ${port}: the port is in use`,
    });
  });
});
