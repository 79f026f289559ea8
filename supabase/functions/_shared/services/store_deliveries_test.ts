import assert from "node:assert/strict";
import {
  createMemoryLogger,
  type LogLine,
} from "../../../../tests/in_memory/create_memory_logger.ts";
import { AppError } from "../errors.ts";
import type { Delivery, IngestResult } from "../ports_messaging.ts";
import { isWorthSplitting, storeDeliveries } from "./store_deliveries.ts";

const delivery: Delivery = {
  parsed: { ok: true, messages: [], statuses: [], notices: [] },
  body: new Uint8Array(0),
  signature: "",
  signed_by: null,
};
const fine: IngestResult = {
  stored: [0],
  unroutable: [0],
  statuses_applied: 1,
  turns: [],
  forwards: 0,
  flags: {},
};
const unavailable = (code?: string) =>
  new AppError("unavailable", "Cannot call", code === undefined ? {} : { cause: { code } });

async function store(
  ingestWhatsapp: () => Promise<IngestResult>,
  connectivity = { confirmed: false },
) {
  const lines: LogLine[] = [];
  const started: unknown[] = [];
  const result = await storeDeliveries({
    inbox: { ingestWhatsapp },
    startTurns: (turns) => started.push(...turns),
    startForwarding: () => started.push("forwarding"),
    logger: createMemoryLogger(lines),
    connectivity,
  }, [delivery]).catch((error: unknown) => error);
  return { result, lines: lines.map(({ level, message }) => `${level} ${message}`), started };
}

Deno.test("turns begin behind the acknowledgement", async () => {
  const turns = [{ org_id: "o", contact_id: "c" }];
  const { result, started } = await store(() => Promise.resolve({ ...fine, turns }));
  assert.deepEqual(result, { ...fine, turns });
  assert.deepEqual(started, [], "not before it");
  await new Promise((resolve) => setTimeout(resolve, 0));
  assert.deepEqual(started, turns);
});

Deno.test("what goes to the older service begins behind the acknowledgement as well", async () => {
  const { started } = await store(() => Promise.resolve({ ...fine, forwards: 2 }));
  assert.deepEqual(started, [], "not before it");
  await new Promise((resolve) => setTimeout(resolve, 0));
  assert.deepEqual(started, ["forwarding"]);
});

Deno.test("whatever fails, the delivery has to come again, and an operator can search for it", async () => {
  const connectivity = { confirmed: false };
  const first = await store(() => Promise.resolve(fine), connectivity);
  assert.deepEqual(first.lines.filter((line) => line.includes("connectivity")).length, 1);
  const again = await store(() => Promise.resolve(fine), connectivity);
  assert.deepEqual(again.lines.filter((line) => line.includes("connectivity")), []);

  const away = await store(() => Promise.reject(unavailable()), connectivity);
  assert.ok(away.result instanceof AppError && away.result.code === "unavailable");
  assert.match(away.lines.join(), /error Error checking idempotency/i);
  assert.equal(connectivity.confirmed, false);

  const broken = await store(
    () => Promise.reject(new AppError("internal", "Cannot call")),
    connectivity,
  );
  assert.ok(broken.result instanceof AppError && broken.result.code === "unavailable");
  assert.match(broken.lines.join(), /critical Failed to mark event as processed/i);
});

Deno.test("a failed batch is split where one delivery may be to blame, not where nobody is there", () => {
  const cases: [string, unknown, boolean][] = [
    [
      "a bad delivery",
      new AppError("unavailable", "x", { cause: new AppError("internal", "y") }),
      true,
    ],
    ["a deadlock", unavailable("40P01"), true],
    ["too slow together", unavailable("57014"), true],
    ["no connection", unavailable("08006"), false],
    ["no answer", unavailable(), false],
    ["a bug", new TypeError("x"), true],
  ];
  for (const [name, error, expected] of cases) {
    assert.equal(isWorthSplitting(error), expected, name);
  }
});
