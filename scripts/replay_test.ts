import assert from "node:assert/strict";
import { createMemoryLogger } from "../tests/in_memory/create_memory_logger.ts";
import type { DeadLetterRow } from "../supabase/functions/_shared/ports_dead_letters.ts";
import { createCallMessages } from "../supabase/functions/_shared/providers/vapi/create_call_messages.ts";
import type { ReplayPorts } from "../supabase/functions/_shared/services/replay_dead_letter.ts";
import { replay } from "./replay.ts";

const id = (place: number) => `eeeeeeee-0000-4000-8000-00000000${String(place).padStart(4, "0")}`;

/** Dead letters 1 to `count`, the newest first; those in `broken` fail again. */
function createPorts(count: number, broken: number[] = []) {
  const replayed: string[] = [];
  const dismissed: string[] = [];
  const letters = Array.from({ length: count }, (_, place): DeadLetterRow => ({
    id: id(count - place),
    org_id: null,
    source: "outbox",
    source_id: `message-${count - place}`,
    reason: "It broke",
    attempts: 4,
    dead_lettered_at: "2026-11-20T10:00:00+00:00",
    replayed_at: null,
    dismissed_at: null,
    dismissal_reason: null,
  }));
  const ports: ReplayPorts = {
    deadLetters: {
      listDeadLetters: ({ before, limit }) => {
        const isLast = ({ id, dead_lettered_at }: DeadLetterRow) =>
          typeof before === "object" && before?.id === id && before.at === dead_lettered_at;
        const start = before === null ? 0 : letters.findIndex(isLast) + 1;
        return Promise.resolve(letters.slice(start, start + limit));
      },
      replayDeadLetter(input) {
        const letter = letters.find((known) => known.id === input.id);
        if (letter === undefined) return Promise.resolve({ code: "not_found" });
        replayed.push(letter.source_id);
        const code = broken.some((place) => id(place) === letter.id) ? "to_process" : "replayed";
        const { source, source_id } = letter;
        return Promise.resolve(
          code === "replayed"
            ? { code, source, source_id }
            : { code, source, source_id, org_id: "org", payload: { body: null } },
        );
      },
      recordReplay: () => Promise.resolve(),
      dismissDeadLetter(input) {
        const letter = letters.find((known) => known.id === input.id);
        if (letter === undefined) return Promise.resolve({ code: "not_found" });
        const code = letter.replayed_at === null ? "dismissed" : "already_replayed";
        dismissed.push(`${letter.source_id} by ${input.user_id}: ${input.reason}`);
        return Promise.resolve({ code, source: letter.source, source_id: letter.source_id });
      },
    },
    calls: { ingest: () => Promise.reject(new Error("It broke again")) },
    messages: createCallMessages(),
    logger: createMemoryLogger(),
  };
  return { ports, replayed, dismissed };
}

async function run(
  args: string[],
  { ports, replayed, dismissed }: ReturnType<typeof createPorts>,
) {
  const lines: string[] = [];
  const worked = await replay(args, {
    print: (line) => void lines.push(line),
    createPorts: () => ports,
  });
  return { worked, lines, replayed, dismissed };
}

Deno.test("--help says how", async () => {
  for (const args of [["--help"], []]) {
    const { worked, lines } = await run(args, createPorts(0));
    assert.equal(worked, true);
    assert.match(lines.join("\n"), /--dry-run/);
  }
});

Deno.test("list shows each with its reason and runs none", async () => {
  const { worked, lines, replayed } = await run(["list"], createPorts(450));
  assert.equal(worked, true);
  assert.equal(lines.length, 450);
  assert.match(lines[0]!, /message-450: It broke/);
  assert.deepEqual(replayed, []);
});

Deno.test("one runs one", async () => {
  const one = await run(["one", id(2)], createPorts(3));
  assert.deepEqual([one.worked, one.replayed], [true, ["message-2"]]);
  const unknown = await run(["one", id(9)], createPorts(3));
  assert.equal(unknown.worked, false);
  const dry = await run(["one", id(2), "--dry-run"], createPorts(3));
  assert.deepEqual([dry.worked, dry.replayed], [true, []]);
});

Deno.test("all runs all, the oldest first, and says what failed again", async () => {
  const all = await run(["all"], createPorts(250));
  assert.equal(all.worked, true);
  assert.equal(all.replayed.length, 250);
  assert.deepEqual(all.replayed.slice(0, 2), ["message-1", "message-2"]);
  assert.equal(all.lines.at(-1), "replayed: 250, failed: 0");

  const some = await run(["all"], createPorts(3, [2]));
  assert.equal(some.worked, false);
  assert.deepEqual(some.replayed, ["message-1", "message-2", "message-3"]);
  assert.match(some.lines.join("\n"), /message-2 failed again: Cannot read event "message-2"/);
  assert.equal(some.lines.at(-1), "replayed: 2, failed: 1");

  const dry = await run(["all", "--dry-run"], createPorts(3));
  assert.deepEqual([dry.worked, dry.replayed], [true, []]);
  assert.equal(dry.lines.at(-1), "to replay: 3, failed: 0");
});

Deno.test("one that nobody wants to run again is dismissed with a reason", async () => {
  const one = await run(["dismiss", id(2), "--reason", "a test of ours"], createPorts(3));
  assert.deepEqual([one.worked, one.replayed], [true, []]);
  assert.deepEqual(one.dismissed, ["message-2 by operator: a test of ours"]);
  assert.deepEqual(one.lines, [`${id(2)}: message-2 dismissed`]);
  const unknown = await run(["dismiss", id(9), "--reason", "a test of ours"], createPorts(3));
  assert.equal(unknown.worked, false);
  const dry = await run(["dismiss", id(2), "--reason", "why", "--dry-run"], createPorts(3));
  assert.deepEqual([dry.worked, dry.dismissed], [true, []]);
});

Deno.test("what can't be understood is one sentence", async (test) => {
  const cases: [string[], RegExp][] = [
    [["one"], /Cannot understand/],
    [["one", "nonsense"], /it is not an id/],
    [["dismiss", "nonsense", "--reason", "why"], /it is not an id/],
    [["dismiss", id(1)], /--reason must say why/],
    [["dismiss", id(1), "--reason", "  x "], /--reason must say why/],
    [["dismiss", "--reason", "why"], /Cannot understand/],
    [["everything"], /Cannot understand/],
    [["all", "extra"], /Cannot understand/],
    [["list", "--source", "pigeon"], /--source is one of/],
    [["list", "--org", "x"], /--org is an organization's id/],
  ];
  for (const [args, expected] of cases) {
    await test.step(args.join(" "), async () => {
      await assert.rejects(run(args, createPorts(1)), expected);
    });
  }
});
