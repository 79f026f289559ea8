import { deepEqual, equal } from "node:assert/strict";
import { createTestSurroundings } from "../../../../tests/in_memory/create_test_app.ts";
import { createMemoryLogger } from "../../../../tests/in_memory/create_memory_logger.ts";
import type { JobPorts } from "./jobs/job.ts";
import { runJobs } from "./run_jobs.ts";

const INPUT = { kind: "verify_credentials", workerId: "worker", requestId: "request" } as const;

function setUp() {
  let now = 1_800_000_000_000;
  const { memory, ports } = createTestSurroundings(() => now);
  const queue = (count: number) => {
    for (let index = 0; index < count; index++) {
      memory.jobs.push({
        id: `job-${index}`,
        kind: "verify_credentials",
        org_id: crypto.randomUUID(),
        payload: { provider: "vapi" },
        attempts: 0,
        fencing_token: 0,
        state: "queued",
        due_at: 0,
        lease_until: 0,
        error: null,
      });
    }
  };
  return {
    memory,
    queue,
    // Only what this kind of job uses.
    ports: { ...ports, logger: createMemoryLogger() } as unknown as JobPorts,
    pass: (milliseconds: number) => now += milliseconds,
  };
}

Deno.test("runJobs: works until nothing is left", async () => {
  const { memory, ports, queue } = setUp();
  queue(12);
  deepEqual(await runJobs(ports, INPUT), { completed: 12, failed: 0 });
  equal(memory.jobs.every(({ state }) => state === "completed"), true);
});

Deno.test("runJobs: claims nothing more once its time is spent", async () => {
  const { memory, ports, queue, pass } = setUp();
  queue(12);
  const { claimJobs } = ports.jobs;
  ports.jobs.claimJobs = (input) => {
    pass(600);
    return claimJobs(input);
  };
  const counts = await runJobs(ports, { ...INPUT, budgetMilliseconds: 1_000, concurrency: 5 });
  deepEqual(counts, { completed: 10, failed: 0 });
  deepEqual(memory.jobs.filter(({ state }) => state === "queued").length, 2);
  deepEqual(memory.heartbeats.map(({ phase }) => phase), ["started", "completed"]);
});

Deno.test("runJobs: one job's failure is its own", async () => {
  const { memory, ports, queue } = setUp();
  queue(3);
  memory.jobs[1]!.payload = { provider: "fax" };
  deepEqual(await runJobs(ports, INPUT), { completed: 2, failed: 1 });
  equal(memory.jobs[1]?.state, "queued");
  equal(typeof memory.jobs[1]?.error, "string");
});

Deno.test("runJobs: a job whose lease was lost meanwhile is left to its new holder", async () => {
  const { memory, ports, queue } = setUp();
  queue(1);
  const { readCredential } = ports.credentials;
  ports.credentials.readCredential = (input) => {
    memory.jobs[0]!.fencing_token += 1;
    return readCredential(input);
  };
  await runJobs(ports, INPUT);
  equal(memory.jobs[0]?.state, "claimed");
});
