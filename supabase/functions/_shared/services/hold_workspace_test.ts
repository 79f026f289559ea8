import { deepEqual, equal, rejects } from "node:assert/strict";
import { createMemory } from "../../../../tests/in_memory/create_memory.ts";
import { createMemoryLogger } from "../../../../tests/in_memory/create_memory_logger.ts";
import { createWorkspaceStore } from "../../../../tests/in_memory/create_workspace_store.ts";
import { AppError, ProviderError } from "../errors.ts";
import { holdWorkspace } from "./hold_workspace.ts";

const REQUEST = {
  orgId: "11111111-1111-4111-8111-111111111111",
  userId: "aaaaaaaa-0000-4000-8000-000000000001",
  requestId: "request",
  operation: "workspace_save",
} as const;

function setUp() {
  const memory = createMemory();
  const workspace = createWorkspaceStore(memory);
  return { memory, workspace, ports: { workspace, clock: Date.now, logger: createMemoryLogger() } };
}

const ENDS: { name: string; error: Error | null; outcome: string }[] = [
  { name: "well", error: null, outcome: "succeeded" },
  { name: "with a refusal", error: new AppError("check_failed", "refused"), outcome: "refused" },
  {
    name: "with a provider's failure",
    error: new AppError("provider_failed", "down"),
    outcome: "failed",
  },
  {
    name: "with a provider's error",
    error: new ProviderError("vapi", "timed_out", "late"),
    outcome: "failed",
  },
  { name: "with a bug", error: new TypeError("a bug"), outcome: "failed" },
];
for (const { name, error, outcome } of ENDS) {
  Deno.test(`holdWorkspace: work that ends ${name} gives the lease back and leaves its event`, async () => {
    const { memory, ports } = setUp();
    const work = holdWorkspace(ports, REQUEST, (held) => {
      equal(memory.leases.size, 1);
      if (error !== null) return Promise.reject(error);
      held.report.outcome = "succeeded";
      return Promise.resolve("done");
    });
    if (error === null) equal(await work, "done");
    else await rejects(work, (thrown) => thrown === error);
    equal(memory.leases.size, 0);
    deepEqual(memory.events.map((event) => event.outcome), [outcome]);
  });
}

Deno.test("holdWorkspace: what a bug says is not written anywhere", async () => {
  const { memory, ports } = setUp();
  await rejects(holdWorkspace(ports, REQUEST, () => Promise.reject(new TypeError("key abc123"))));
  equal(JSON.stringify(memory.events).includes("abc123"), false);
});

Deno.test("holdWorkspace: the second one is told to come back, and does no work", async () => {
  const { ports } = setUp();
  let worked = false;
  await holdWorkspace(ports, REQUEST, async () => {
    await rejects(
      holdWorkspace(ports, REQUEST, () => {
        worked = true;
        return Promise.resolve();
      }),
      (error) =>
        error instanceof AppError && error.code === "conflict" &&
        (error.retryAfterSeconds ?? 0) >= 1 && (error.retryAfterSeconds ?? 0) <= 10,
    );
  });
  equal(worked, false);
});
