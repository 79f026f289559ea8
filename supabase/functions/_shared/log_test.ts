import assert from "node:assert/strict";
import { AppError } from "./errors.ts";
import { createLogger, LOG_LEVELS, type LogLevel } from "./log.ts";
import type { Logger } from "./ports.ts";

function record(options: { level?: LogLevel; clock?: () => number } = {}) {
  const lines: Record<string, unknown>[] = [];
  const levels: LogLevel[] = [];
  const logger = createLogger({
    functionName: "workspace-save",
    clock: () => Date.UTC(2026, 10, 20),
    ...options,
    write: (line, level) => {
      assert.ok(!line.includes("\n"), "one line");
      lines.push(JSON.parse(line));
      levels.push(level);
    },
  });
  return { logger, lines, levels };
}

Deno.test("a line says when, how severe, what, where and whose", () => {
  const { logger, lines } = record();
  logger.with({ request_id: "r-1" }).with({ org_id: "o-1" }).info("Agent created", {
    role: "inbound",
  });
  assert.deepEqual(lines, [{
    timestamp: "2026-11-20T00:00:00.000Z",
    level: "INFO",
    message: "Agent created",
    function: "workspace-save",
    request_id: "r-1",
    org_id: "o-1",
    role: "inbound",
  }]);
  assert.deepEqual(Object.keys(lines[0]!).slice(0, 6), [
    "timestamp",
    "level",
    "message",
    "function",
    "request_id",
    "org_id",
  ]);
});

Deno.test("a level writes itself and what is more severe", async (test) => {
  for (const [index, level] of LOG_LEVELS.entries()) {
    await test.step(level, () => {
      const { logger, levels } = record({ level });
      const methods = [
        "debug",
        "info",
        "warn",
        "error",
        "critical",
      ] as const satisfies (keyof Logger)[];
      for (const method of methods) logger[method]("x");
      assert.deepEqual(levels, LOG_LEVELS.slice(index));
    });
  }
});

Deno.test("secrets are gone from the message, the fields and errors", () => {
  const { logger, lines } = record();
  const secret = "sb_secret_abcdefghijkl";
  logger.with({ header: `Bearer ${secret}` }).error(`Failed with ${secret}`, {
    body: { vapi_api_key: "11111111-2222-4333-8444-555555555555" },
    error: new AppError("internal", `Cannot: ${secret}`, { cause: new Error(secret) }),
  });
  const text = JSON.stringify(lines);
  assert.ok(!text.includes("abcdefghijkl"));
  assert.ok(!text.includes("55555555"));
  assert.match(text, /"code":"internal"/);
});

Deno.test("a field can't pass for one of the line's own members", () => {
  const { logger, lines } = record();
  logger.info("Real", { level: "CRITICAL", message: "forged", function: "ops", timestamp: 0 });
  assert.equal(lines[0]!.level, "INFO");
  assert.equal(lines[0]!.message, "Real");
  assert.equal(lines[0]!.function, "workspace-save");
  assert.equal(lines[0]!.field_message, "forged");
});

Deno.test("a flood stays inside the cap, keeps room for errors and says how much is missing", () => {
  let now = 0;
  const { logger, lines } = record({ clock: () => now });
  const child = logger.with({ request_id: "r" });
  for (let index = 0; index < 1_000; index += 1) (index % 2 ? logger : child).info("flood");
  const ordinary = lines.length;
  assert.ok(ordinary < 100 && ordinary > 50);
  logger.error("Something broke");
  assert.equal(lines.at(-1)!.message, "Something broke");
  for (let index = 0; index < 1_000; index += 1) logger.critical("flood");
  assert.ok(lines.length <= 100);
  now = 10_000;
  const before = lines.length;
  const dropped = 2_001 - before;
  logger.info("calm again");
  assert.deepEqual(
    lines.slice(before).map(({ level, message, dropped }) => ({ level, message, dropped })),
    [
      { level: "WARN", message: "Log lines dropped", dropped },
      { level: "INFO", message: "calm again", dropped: undefined },
    ],
  );
});

Deno.test("a line is never longer than the platform's limit", () => {
  const lengths: number[] = [];
  const logger = createLogger({
    functionName: "ops",
    write: (line) => lengths.push(line.length),
  });
  logger.info("x".repeat(50_000), { list: Array.from({ length: 90 }, () => "y".repeat(3_000)) });
  assert.ok(lengths[0]! <= 10_000);
});
