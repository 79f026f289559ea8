import assert from "node:assert/strict";
import { createAgentData } from "../../../../tests/in_memory/create_agent_data.ts";
import {
  createMemoryLogger,
  type LogLine,
} from "../../../../tests/in_memory/create_memory_logger.ts";
import * as decision from "../domain/orchestrator/decide_turn.ts";
import type { DecideTurn, TurnAsk } from "../domain/orchestrator/turn_input.ts";
import { SAFE_FLAGS } from "../domain/rollout/parse_flags.ts";
import { AppError } from "../errors.ts";
import type {
  ClaimedTurn,
  ClaimTurnResult,
  CompleteTurnInput,
  CompleteTurnResult,
  SenderRow,
} from "../ports_messaging.ts";
import type { LanguageModel } from "../ports_model.ts";
import { MAX_TURN_ATTEMPTS, runTurn, type TurnPorts } from "./run_turn.ts";

const key = { org_id: "org", contact_id: "contact" };
const sender: SenderRow = {
  org_id: "org",
  settings: {
    language: "en",
    time_zone: "UTC",
    quiet_hours: null,
    business_hours: null,
    template_names: {},
    fallback_text: "",
  },
  whatsapp: null,
  paused_until: null,
};

function describeTurn(text: string, attempts = 0): ClaimedTurn {
  const at = "2026-11-20T12:00:00Z";
  return {
    ...key,
    fencing_token: 1,
    contact: {
      id: "contact",
      name: null,
      username: null,
      rollout_key: "key",
      phone: "250788000001",
      bsuid: null,
      opted_out: false,
      last_inbound_at: at,
    },
    session: {
      id: "session",
      status: "active",
      current_agent: null,
      flow: null,
      flow_step: null,
      collected_data: {},
      messages: [],
      location: null,
      preferences: {},
      context: {},
      started_at: at,
      last_message_at: at,
    },
    returned: false,
    limits: { switched_off_agents: [], tokens_left: 0 },
    messages: [{
      id: "1",
      wamid: "wamid.1",
      sequence: 1,
      type: "text",
      content: { text },
      sent_at: at,
      created_at: at,
      attempts,
      phone_number_id: "1",
    }],
  };
}

/** One turn over counted stores: which calls were made, and what it was completed with. */
async function run(
  turn: ClaimedTurn,
  {
    more = {},
    answers = [],
  }: { more?: Partial<TurnPorts>; answers?: CompleteTurnResult[] } = {},
) {
  const calls: string[] = [];
  const completed: CompleteTurnInput[] = [];
  const lines: LogLine[] = [];
  const data = createAgentData();
  const claims: ClaimTurnResult[] = [{ code: "claimed", turn, flags: null, sender }];
  const ports: TurnPorts = {
    turns: {
      claimTurn() {
        calls.push("claim");
        return Promise.resolve(claims.shift() ?? { code: "nothing" });
      },
      claimDueTurns: () => Promise.reject(new Error("nobody asks")),
      completeTurn(input) {
        calls.push("complete");
        completed.push(input);
        const send = {
          ...key,
          fencing_token: 2,
          recipient: turn.contact,
          messages: input.outbound.map((reply, place) => ({
            ...reply,
            id: `m${place}`,
            kind: "reply" as const,
            attempts: 1,
            reply_to_wamid: null,
            correlation_id: null,
          })),
        };
        return Promise.resolve(
          answers.shift() ??
            { code: "completed", again: false, send: input.outbound.length === 0 ? null : send },
        );
      },
    },
    outbox: {
      claimOutbound: () => Promise.reject(new Error("nobody asks")),
      recordSent() {
        calls.push("record");
        return Promise.resolve({ lost: [], sends: [] });
      },
      listRefusals: () => Promise.reject(new Error("nobody asks")),
      settleRefusals: () => Promise.reject(new Error("nobody asks")),
      expireMessages: () => Promise.resolve({}),
    },
    connectSender: () =>
      Promise.resolve({
        send: () => Promise.resolve({ kind: "accepted", wamid: "wamid.out" }),
        markRead: () => Promise.resolve(),
      }),
    readFlags: () => ({
      ...SAFE_FLAGS,
      unifiedServiceEnabled: true,
      unifiedServiceRolloutPercent: 100,
    }),
    loadDecision: () => Promise.resolve(decision),
    agentData: {
      readAgentData(input) {
        calls.push("read");
        return data.readAgentData(input);
      },
    },
    searchKnowledge: () => Promise.resolve({ mode: "text", hits: [] }),
    model: null,
    agentsEnabled: true,
    timeoutSeconds: 5,
    clock: () => Date.parse("2026-11-20T12:00:01Z"),
    logger: createMemoryLogger(lines),
    ...more,
  };
  await runTurn(ports, key);
  return { calls, completed, lines };
}

const search = "I need a plumber job in Kigali";

Deno.test("three calls of the database a turn, one more for all that its tools read", async () => {
  assert.deepEqual((await run(describeTurn("hello"))).calls, ["claim", "complete", "record"]);
  assert.deepEqual((await run(describeTurn(search))).calls, [
    "claim",
    "read",
    "complete",
    "record",
  ]);
});

Deno.test("a turn whose effects were refused is decided again, three times at most", async () => {
  const refused: CompleteTurnResult = {
    code: "refused",
    refusals: [{ place: 0, code: "already_done" }],
  };
  const once = await run(describeTurn(search), { answers: [refused] });
  assert.equal(once.completed.length, 2);
  assert.match(JSON.stringify(once.completed[1]!.outbound), /already done that/);
  assert.deepEqual(once.completed[1]!.effects, []);

  const always = await run(describeTurn(search), { answers: [refused, refused, refused] });
  assert.equal(always.completed.length, 4);
  assert.equal(always.completed[3]!.outcome, "failed");
  assert.match(JSON.stringify(always.completed[3]!.outbound), /went wrong on our side/);
  assert.equal(always.completed[3]!.max_attempts, 1, "what is answered is not decided again");
});

Deno.test("what can't be reached is tried again in silence, and answered the last time", async () => {
  const unreachable = {
    more: {
      agentData: {
        readAgentData: () => Promise.reject(new AppError("unavailable", "Cannot read: no answer")),
      },
    },
  };
  const first = await run(describeTurn(search), unreachable);
  const [completed] = first.completed;
  assert.deepEqual(
    [completed?.outcome, completed?.outbound, completed?.max_attempts],
    ["failed", [], MAX_TURN_ATTEMPTS],
  );
  assert.equal(completed?.events[0]?.error, "Cannot read: no answer");
  assert.equal(completed?.events[0]?.agent, null, "nobody is switched off for it");
  const last = await run(describeTurn(search, MAX_TURN_ATTEMPTS - 1), unreachable);
  assert.match(JSON.stringify(last.completed[0]!.outbound), /went wrong on our side/);
});

Deno.test("an agent's own mistake is answered once and not tried again", async () => {
  const { completed, lines } = await run(describeTurn(search), {
    more: {
      agentData: {
        readAgentData: () => Promise.resolve([{ kind: "listings", listings: [null] }] as never),
      },
    },
  });
  assert.deepEqual([completed[0]?.outcome, completed[0]?.max_attempts], ["failed", 1]);
  assert.match(JSON.stringify(completed[0]?.outbound), /went wrong on our side/);
  assert.equal(completed[0]?.events[0]?.agent, "jobs");
  assert.ok(lines.some(({ level, fields }) => level === "ERROR" && fields["agent"] === "jobs"));
});

Deno.test("of several messages one mistake takes none down with it: each is taken alone", async () => {
  const turn = describeTurn(search);
  const several = { ...turn, messages: [...turn.messages, { ...turn.messages[0]!, id: "2" }] };
  const { completed } = await run(several, {
    more: {
      agentData: {
        readAgentData: () => Promise.resolve([{ kind: "listings", listings: [null] }] as never),
      },
    },
  });
  assert.deepEqual(
    [completed[0]?.outcome, completed[0]?.outbound, completed[0]?.max_attempts],
    ["failed", [], MAX_TURN_ATTEMPTS],
  );
  assert.equal(completed[0]?.events[0]?.agent, null, "blamed is who fails with one of them alone");
});

Deno.test("while a person answers, agents are silent", async () => {
  const { calls } = await run(withBudget(describeTurn("hello")), {
    more: {
      turns: {
        claimTurn: () => Promise.resolve({ code: "handed_over" }),
        claimDueTurns: () => Promise.reject(new Error("nobody asks")),
        completeTurn: () => Promise.reject(new Error("nobody answers")),
      },
    },
  });
  assert.deepEqual(calls, []);
});

const paid = { input_tokens: 100, output_tokens: 20, cost_usd: 0.5 };
/** A model that always says for whom a text is, and is paid for it. */
const classifier: LanguageModel = {
  name: "a model",
  classify: () => Promise.resolve({ code: "answered", agent: "jobs", confidence: 1, usage: paid }),
  converse: () =>
    Promise.resolve({ code: "failed", failure: "stopped", reason: "nothing", usage: paid }),
};
const withBudget = (turn: ClaimedTurn): ClaimedTurn => ({
  ...turn,
  limits: { switched_off_agents: [], tokens_left: 100_000 },
});
const readUsage = ({ completed }: { completed: CompleteTurnInput[] }) => {
  const { input_tokens, output_tokens, cost_usd } = completed.at(-1)!.events[0]!;
  return { input_tokens, output_tokens, cost_usd };
};

Deno.test("what a model was paid counts with the turn, whatever became of the turn", async (test) => {
  const turn = withBudget(describeTurn("zorb blah"));
  const refused: CompleteTurnResult = {
    code: "refused",
    refusals: [{ place: 0, code: "already_done" }],
  };
  const answered = await run(turn, { more: { model: classifier } });
  const once = readUsage(answered);
  assert.ok(Number(once.input_tokens) > 0 && answered.completed[0]!.outcome === "answered");
  const times = (count: number) => ({
    input_tokens: count * Number(once.input_tokens),
    output_tokens: count * Number(once.output_tokens),
    cost_usd: count * Number(once.cost_usd),
  });

  await test.step("refused and decided again: both decisions", async () => {
    const again = await run(turn, { more: { model: classifier }, answers: [refused] });
    assert.deepEqual(readUsage(again), times(2));
    const always = [refused, refused, refused];
    const never = await run(turn, { more: { model: classifier }, answers: always });
    assert.equal(never.completed.at(-1)!.outcome, "failed");
    assert.deepEqual(readUsage(never), times(3));
  });
  await test.step("broken off: what was paid until then", async () => {
    const breaksOff: DecideTurn = function* () {
      yield { kind: "classify", text: "zorb", language: "en", candidates: ["jobs"] };
      throw new AppError("unavailable", "Cannot read: no answer");
    };
    const loadDecision = () => Promise.resolve({ ...decision, decideTurn: breaksOff });
    const failed = await run(turn, { more: { model: classifier, loadDecision } });
    assert.equal(failed.completed[0]!.outcome, "failed");
    assert.deepEqual(readUsage(failed), paid);
  });
  await test.step("without a model there is nothing to count", async () => {
    assert.equal(readUsage(await run(turn)).input_tokens ?? null, null);
  });
});

Deno.test("a person's wait ends with the turn: model, reads and decision are in response_ms", async () => {
  let now = Date.parse("2026-11-20T12:00:01Z");
  const refused: CompleteTurnResult = {
    code: "refused",
    refusals: [{ place: 0, code: "already_done" }],
  };
  const slow: DecideTurn = function* (input) {
    const decided = yield* decision.decideTurn(input);
    now += 4_000;
    return decided;
  };
  const more = {
    clock: () => now,
    loadDecision: () => Promise.resolve({ ...decision, decideTurn: slow }),
  };
  const { completed } = await run(describeTurn(search), { more, answers: [refused] });
  const times = completed.map(({ events: [event] }) => [event?.response_ms, event?.duration_ms]);
  // Stored a second before the turn began; decided twice.
  assert.deepEqual(times, [[5_000, 4_000], [9_000, 8_000]]);
});

Deno.test("the kill switch pulled while a turn is decided ends it: nothing more is paid for or said", async (test) => {
  const steps: TurnAsk = {
    kind: "classify",
    text: "zorb",
    language: "en",
    candidates: ["jobs"],
  };
  const reads: TurnAsk = { kind: "reads", reads: [{ kind: "tickets", limit: 1 }] };
  /** A turn of these steps; the switch is pulled, or not, with the first request of the model's. */
  const pull = async (asks: TurnAsk[], { pulled = true, answers = [] as CompleteTurnResult[] }) => {
    let isOff = false;
    let requests = 0;
    let asked = 0;
    const model: LanguageModel = {
      ...classifier,
      async classify(_input, options) {
        await options.beforeRequest?.();
        requests += 1;
        isOff = pulled;
        return { code: "answered", agent: "jobs", confidence: 1, usage: paid };
      },
    };
    const decideTurn: DecideTurn = function* (input) {
      if (input.flags.inside) { for (const ask of asks) yield ask; }
      return yield* decision.decideTurn(input);
    };
    const { completed, calls } = await run(withBudget(describeTurn("hello")), {
      answers,
      more: {
        model,
        loadDecision: () => Promise.resolve({ ...decision, decideTurn }),
        agentData: {
          readAgentData({ reads }, options) {
            asked += 1;
            options?.tellSwitch?.(isOff);
            return Promise.resolve(reads.map(() => ({ kind: "tickets", tickets: [] })));
          },
        },
      },
    });
    const last = completed.at(-1)!;
    const { outcome, outbound, effects, events: [event] } = last;
    return { requests, asked, outcome, outbound, effects, event, calls };
  };
  const over = { requests: 1, outcome: "forwarding", outbound: [], effects: [] };
  const seen = ({ requests, outcome, outbound, effects }: Awaited<ReturnType<typeof pull>>) => ({
    requests,
    outcome,
    outbound,
    effects,
  });

  await test.step("between two requests, where nothing is read: it is asked", async () => {
    const ended = await pull([steps, steps], {});
    assert.deepEqual(seen(ended), over);
    assert.equal(ended.asked, 1);
    assert.equal(ended.event?.details?.["reason"], "switched_off");
    assert.equal(ended.event?.input_tokens, paid.input_tokens, "what was paid counts");
    assert.deepEqual(ended.calls, ["claim", "complete"], "and nothing is sent");
  });
  await test.step("where something is read: the read tells", async () => {
    const ended = await pull([steps, reads, steps], {});
    assert.deepEqual([seen(ended), ended.asked], [over, 1]);
  });
  await test.step("behind the last request, where effects are refused", async () => {
    const answers: CompleteTurnResult[] = [
      { code: "refused", refusals: [{ place: 0, code: "taken" }], is_switched_off: true },
    ];
    assert.deepEqual(seen(await pull([steps], { answers })), over);
  });
  await test.step("left alone, all requests are made, and asked is only what nothing told", async () => {
    const { requests, asked, outcome } = await pull([steps, reads, steps, steps], {
      pulled: false,
    });
    assert.deepEqual([requests, asked, outcome], [3, 2, "answered"]);
  });
});
