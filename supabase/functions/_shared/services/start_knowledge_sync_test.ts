import assert from "node:assert/strict";
import { createTestSurroundings } from "../../../../tests/in_memory/create_test_app.ts";
import { AppError } from "../errors.ts";
import type { ClaimKnowledgeSyncResult } from "../ports_knowledge_sync.ts";
import { startKnowledgeSync } from "./start_knowledge_sync.ts";

const INPUT = {
  orgId: "o",
  userId: "u",
  requestId: "r",
  toolName: "search",
  assistantRoles: null,
};

function setUp(claim: Promise<ClaimKnowledgeSyncResult>) {
  const { ports, options } = createTestSurroundings();
  const background: Promise<unknown>[] = [];
  const within = {
    ...ports,
    logger: options.logger,
    knowledgeSync: { ...ports.knowledgeSync, claimKnowledgeSync: () => claim },
  };
  const start = (answerMilliseconds: number) =>
    startKnowledgeSync(within, INPUT, {
      waitUntil: (work) => void background.push(work),
      answerMilliseconds,
    });
  return { start, background };
}

Deno.test("a sync that takes long goes on in the background, whatever becomes of it", async () => {
  const { promise, resolve } = Promise.withResolvers<ClaimKnowledgeSyncResult>();
  const { start, background } = setUp(promise);
  assert.deepEqual(await start(1), { finished: false });
  assert.equal(background.length, 1);
  resolve({ code: "not_connected" });
  await background[0];
});

Deno.test("each refusal is told at once, as what it is", async () => {
  const refusals: [ClaimKnowledgeSyncResult, string, object][] = [
    [{ code: "not_connected" }, "not_connected", {}],
    [{ code: "held", sync_id: "s", retry_after_seconds: 3 }, "conflict", { syncId: "s" }],
    [{ code: "agents_missing", roles: ["inbound"] }, "conflict", { roles: ["inbound"] }],
    [{ code: "too_soon", retry_after_seconds: 40 }, "rate_limited", {}],
  ];
  for (const [claim, code, extensions] of refusals) {
    const { start, background } = setUp(Promise.resolve(claim));
    await assert.rejects(start(60_000), (error) => {
      assert.ok(error instanceof AppError);
      assert.deepEqual([error.code, error.extensions], [code, extensions]);
      return true;
    });
    assert.deepEqual(background, []);
  }
});
