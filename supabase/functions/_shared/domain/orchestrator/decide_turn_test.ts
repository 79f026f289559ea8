import assert from "node:assert/strict";
import * as fc from "fast-check";
import type { ClaimedTurn, WaitingMessage } from "../../ports_messaging.ts";
import type { FlagDecision } from "../rollout/evaluate_flags.ts";
import { SAFE_FLAGS } from "../rollout/parse_flags.ts";
import type { ReadResult } from "../../ports_agents.ts";
import type { KnowledgeAnswer } from "../../ports_knowledge.ts";
import { CALLING } from "../../../../../tests/in_memory/create_agent_data.ts";
import { decideTurn } from "./decide_turn.ts";
import type { TurnDecision, TurnInput } from "./turn_input.ts";
import { buildServiceMenu, LANGUAGES, writeOptText } from "../session/service_menu.ts";

const now = Date.parse("2026-11-20T12:00:00Z");
const inside: FlagDecision = {
  inside: true,
  reason: "inside_percent",
  listed: null,
  bucket: 3,
  percent: 10,
  outsideRollout: "forward",
  agents: SAFE_FLAGS.agentFlags,
  features: SAFE_FLAGS.features,
};
const outside: FlagDecision = { ...inside, inside: false, reason: "outside_percent", bucket: 90 };

function write(text: string, type: WaitingMessage["type"] = "text"): WaitingMessage {
  return {
    id: "1",
    wamid: "wamid.A",
    sequence: 1,
    type,
    content: type === "text" ? { text } : {},
    sent_at: "2026-11-20T11:59:58Z",
    created_at: "2026-11-20T11:59:59Z",
    attempts: 0,
    phone_number_id: "1001",
  };
}

function claim(...messages: WaitingMessage[]): ClaimedTurn {
  return {
    org_id: "o",
    contact_id: "c",
    fencing_token: 1,
    contact: {
      id: "c",
      name: "Ada",
      username: null,
      rollout_key: "250788123456",
      phone: "250788123456",
      bsuid: null,
      opted_out: false,
      last_inbound_at: null,
    },
    session: {
      id: "s",
      status: "active",
      current_agent: null,
      flow: "sell",
      flow_step: "price",
      collected_data: { crop: "maize" },
      messages: [],
      location: null,
      preferences: {},
      context: {},
      started_at: "2026-11-20T11:00:00Z",
      last_message_at: "2026-11-20T11:00:00Z",
    },
    returned: false,
    limits: { switched_off_agents: [], tokens_left: 100 },
    messages,
  };
}

/** Decides a turn over nothing: every read finds nothing, and no model answers. */
function decide(
  turn: ClaimedTurn,
  flags = inside,
  language = "en",
  more: Partial<TurnInput> = {},
  found: KnowledgeAnswer | null = null,
): TurnDecision {
  const deciding = decideTurn({
    turn,
    flags,
    settings: { language },
    now,
    newId: () => "00000000-0000-4000-8000-000000000001",
    ...more,
  });
  let step = deciding.next();
  while (!step.done) {
    step = deciding.next(
      step.value.kind === "reads"
        ? { kind: "reads", results: step.value.reads.map(({ kind }) => empty(kind, found)) }
        : { kind: "nothing" },
    );
  }
  return step.value;
}

function empty(kind: ReadResult["kind"], answer: KnowledgeAnswer | null): ReadResult {
  switch (kind) {
    case "knowledge":
      return { kind, answer };
    case "listings":
      return { kind, listings: [] };
    case "listing":
      return { kind, listing: null };
    case "applications":
      return { kind, applications: [] };
    case "matches":
      return { kind, matches: [] };
    case "prices":
      return { kind, prices: null };
    case "bookings":
      return { kind, bookings: [] };
    case "tickets":
      return { kind, tickets: [] };
    case "policies":
      return { kind, policies: [] };
    case "calling":
      return { kind, calling: CALLING };
    case "tariffs":
      return { kind, value: null };
  }
}

Deno.test("a message is answered with the menu, as one list", () => {
  const { outcome, outbound, session, events } = decide(
    claim(write("hello"), write("anyone?")),
  );
  assert.equal(outcome, "answered");
  assert.equal(outbound.length, 1);
  assert.equal(outbound[0]!.type, "list");
  assert.equal(session?.flow, null, "a flow that no agent has is left");
  assert.deepEqual(session?.messages?.map(({ role }) => role), ["person", "person", "agent"]);
  assert.deepEqual([events[0]?.message_count, events[0]?.intent_method, events[0]?.response_ms], [
    2,
    "menu",
    1000,
  ]);
});

Deno.test("the agent that is meant answers, and the event says how it was understood", () => {
  const { outbound, events, session } = decide(claim(write("I need a plumber job in Kigali")));
  assert.match(JSON.stringify(outbound), /No such job/);
  assert.deepEqual([events[0]?.agent, events[0]?.intent, events[0]?.intent_method], [
    "jobs",
    "jobs",
    "lexicon",
  ]);
  assert.ok((events[0]?.intent_confidence ?? 0) >= 0.5);
  assert.equal(session?.current_agent, "jobs");
});

Deno.test("an agent that is switched off is neither asked nor offered", () => {
  const off = [
    decide(claim(write("I need a plumber job")), {
      ...inside,
      agents: { ...inside.agents, jobs: false },
    }),
    decide({
      ...claim(write("I need a plumber job")),
      limits: { switched_off_agents: ["jobs"], tokens_left: 0 },
    }),
  ];
  for (const { outbound, events } of off) {
    assert.match(JSON.stringify(outbound), /isn't available/);
    assert.ok(!JSON.stringify(outbound).includes("agent:jobs"));
    assert.equal(events[0]?.intent, "jobs", "what was meant is known all the same");
  }
});

Deno.test("a row that names an agent opens it", () => {
  const chosen: WaitingMessage = {
    ...write("", "interactive"),
    content: { reply: "list_reply", id: "agent:jobs", title: "Jobs" },
  };
  const { outbound, events } = decide(claim(chosen));
  assert.match(JSON.stringify(outbound), /do:jobs:search/);
  assert.deepEqual([events[0]?.intent, events[0]?.intent_confidence, events[0]?.intent_method], [
    "jobs",
    1,
    "menu",
  ]);
});

Deno.test("the language follows the person's, where it is clear", () => {
  const turn = claim(write("nkeneye akazi k'ubushoferi i Kigali"));
  const { session, outbound } = decide(turn, inside, "fr");
  assert.equal(session?.context?.["language"], "rw");
  assert.match(JSON.stringify(outbound), /Nta kazi/);
  assert.deepEqual(session?.preferences, { agents: { jobs: { language: "rw" } } });

  const shared = { ...inside, features: { ...inside.features, sharedPreferences: true } };
  assert.deepEqual(decide(turn, shared).session?.preferences, { language: "rw" });
  const known = {
    ...turn,
    session: { ...turn.session, preferences: { language: "rw", town: "x" } },
  };
  const short = { ...known, messages: [write("ok")] };
  assert.match(JSON.stringify(decide(short, shared).outbound), /serivisi/i);
  assert.deepEqual(decide(short, shared).session?.preferences, { language: "rw", town: "x" });
});

Deno.test("a place is kept, a voice note is answered honestly", () => {
  const place: WaitingMessage = {
    ...write("", "location"),
    content: { latitude: -1.95, longitude: 30.06 },
  };
  assert.deepEqual(decide(claim(place)).session?.location, {
    latitude: -1.95,
    longitude: 30.06,
    name: null,
  });
  assert.equal(decide(claim(write("hi"))).session?.location, undefined);
  assert.match(JSON.stringify(decide(claim(write("", "audio"))).outbound), /can't listen/);
});

Deno.test("reset words end the flow", () => {
  for (const word of ["menu", "Annuler", "rudi", "subira inyuma"]) {
    const { session, events } = decide(claim(write(word)));
    assert.deepEqual(
      [session?.flow, session?.flow_step, session?.collected_data],
      [null, null, {}],
      word,
    );
    assert.equal(events[0]?.intent_method, "reset");
  }
});

Deno.test("a reset word is a whole message: a line of a longer one resets nothing", () => {
  const reset = (...texts: string[]) =>
    decide(claim(...texts.map((text) => write(text)))).events[0]?.intent_method === "reset";
  for (const word of ["services", "home", "back", "menyu", "ahabanza"]) {
    assert.equal(reset(`I sell houses.\n${word}\nand land`), false, word);
    assert.equal(reset("I sell houses and land", word), true, "a message of a burst");
    assert.equal(reset(` ${word.toUpperCase()}! `), true);
  }
});

Deno.test("STOP opts out, ends the flow and is confirmed; the last word counts", () => {
  const stopped = decide(claim(write("STOP")), inside, "fr");
  assert.equal(stopped.session?.flow, null);
  assert.equal(stopped.outbound[0]?.type, "text");
  assert.match(JSON.stringify(stopped.outbound), /COMMENCER/);
  const said = (...texts: string[]) =>
    decide(claim(...texts.map((text) => write(text)))).outbound.map(({ content }) => content);
  assert.deepEqual(said("START", "stop"), [{ text: writeOptText("en", "opted_out") }]);
  assert.deepEqual(said("stop", "start", "hm"), [{ text: writeOptText("en", "opted_in") }]);
});

Deno.test("outside the rollout nothing is answered, not even an opt-out", () => {
  const decision = decide(claim(write("stop")), outside);
  assert.deepEqual([decision.outcome, decision.outbound, decision.session], [
    "forwarding",
    [],
    null,
  ]);
  assert.equal(
    decide(claim(write("x")), { ...outside, outsideRollout: "ignore" }).outcome,
    "ignored",
  );
});

Deno.test("a reaction alone is not answered", () => {
  assert.equal(decide(claim(write("", "reaction"))).outcome, "ignored");
  assert.equal(decide(claim(write("", "reaction"), write("hi"))).outcome, "answered");
  const liked = { ...write("", "reaction"), content: { emoji: "👍" } };
  assert.equal(decide(claim(liked)).outcome, "ignored", "there is nothing that it could answer");
});

Deno.test("the menu keeps WhatsApp's limits in every language, and only names agents that are on", () => {
  for (const language of LANGUAGES) {
    const { type, content } = buildServiceMenu(language, () => true);
    assert.equal(type, "list");
    if (type !== "list" || !("sections" in content)) return;
    assert.ok(content.text.length <= 1024 && content.button.length <= 20);
    const rows = content.sections.flatMap((section) => section.rows);
    assert.equal(rows.length, 10);
    for (const { id, title, description } of rows) {
      assert.ok(
        id.length <= 200 && title.length <= 24 && (description ?? "").length <= 72,
        `${language} ${title}`,
      );
    }
  }
  const some = buildServiceMenu("en", (agent) => agent === "jobs");
  assert.deepEqual(
    "sections" in some.content && some.content.sections[0]?.rows.map(({ id }) => id),
    ["agent:jobs"],
  );
  assert.equal(buildServiceMenu("en", () => false).type, "text");
});

Deno.test("whatever is written, a session remembers twenty and a turn answers once", () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: "binary" }), { minLength: 1, maxLength: 30 }),
      (texts) => {
        const { session, outbound } = decide(claim(...texts.map((text) => write(text))));
        assert.ok((session?.messages?.length ?? 0) <= 20);
        assert.ok(outbound.length >= 1 && outbound.length <= 2);
        assert.ok(session?.messages?.every(({ text }) => text.isWellFormed()));
      },
    ),
  );
});

Deno.test("a question is answered from what was found; opting out, nothing found and others are not", () => {
  const hit = {
    document_id: "d1",
    title: "Opening hours",
    category: "operations" as const,
    version: 1,
    chunk_id: "c1",
    heading_path: [],
    content: "The clinic opens at nine.",
    snippet: "",
    score: 1,
  };
  const question = "When does the clinic open?";
  const found: KnowledgeAnswer = { mode: "text", hits: [hit] };
  const settings = { language: "en", has_knowledge: true };
  const ask = (text: string, answer: KnowledgeAnswer | null, flags = inside) =>
    decide(claim(write(text)), flags, "en", { settings }, answer);
  const answered = ask(question, found);
  assert.equal(answered.outbound[0]?.type, "text");
  assert.match(JSON.stringify(answered.outbound), /opens at nine.*Source: Opening hours/);
  assert.deepEqual(
    [answered.events[0]?.intent, answered.events[0]?.details],
    ["knowledge", { document_id: "d1", mode: "text" }],
  );
  assert.equal(ask(question, null).outbound[0]?.type, "list");
  assert.equal(ask(question, { mode: "text", hits: [] }).outbound[0]?.type, "list");
  assert.equal(ask(question, found, outside).outbound[0]?.type, undefined);
  assert.match(JSON.stringify(ask("STOP", found).outbound), /START/);
});

Deno.test("a session is over when the person takes their leave, or opts out, and not before", async (test) => {
  const idle = (...messages: WaitingMessage[]) => {
    const turn = claim(...messages);
    const session = { ...turn.session, flow: null, flow_step: null, collected_data: {} };
    return { ...turn, session };
  };
  const aside = [{ agent: "jobs", flow: "post", step: "title", data: {} }];
  const withAside = (turn: ClaimedTurn) => ({
    ...turn,
    session: { ...turn.session, context: { aside } },
  });
  const cases: [name: string, turn: ClaimedTurn, ended: boolean][] = [
    ["bye", idle(write("bye")), true],
    ["au revoir", idle(write("Au revoir !")), true],
    ["kwaheri", idle(write("kwaheri")), true],
    ["murabeho", idle(write("Murabeho")), true],
    ["STOP", idle(write("STOP")), true],
    ["STOP in a task", claim(write("STOP")), true],
    ["START", idle(write("START")), false],
    ["thanks alone", idle(write("thank you")), false],
    ["a greeting", idle(write("hello")), false],
    ["the menu", idle(write("menu")), false],
    ["bye with a task put aside", withAside(idle(write("bye"))), false],
    ["a wish beside the bye", idle(write("bye, i need a plumber job in Kigali")), false],
  ];
  for (const [name, turn, ended] of cases) {
    await test.step(name, () => {
      assert.equal(decide(turn).session?.status, ended ? "completed" : undefined);
    });
  }
});

Deno.test("a turn is handed over once at most: nothing goes back and forth between agents", () => {
  const wishes = [
    "I need a plumber job in Kigali",
    "how much to insure my motorcycle",
    "I want to sell 500 kg of maize",
    "find a pizza restaurant",
    "a house to rent with 3 bedrooms",
    "I need a ride to Huye tomorrow",
  ];
  const agents = ["jobs", "insurance", "farmer", "waiter", "property", "rides"] as const;
  const texts = fc.array(fc.constantFrom(...wishes), { minLength: 1, maxLength: 4 });
  fc.assert(fc.property(texts, fc.constantFrom(...agents), fc.boolean(), (said, agent, recent) => {
    const turn = claim(...said.map((text) => write(text)));
    const { session } = turn;
    const last_message_at = new Date(now - (recent ? 1 : 60) * 60_000).toISOString();
    const { events, session: after } = decide({
      ...turn,
      session: { ...session, current_agent: agent, flow: null, flow_step: null, last_message_at },
    });
    const from = events[0]?.handed_off_from ?? null;
    // Had there been two, the second would be from whoever took it up first.
    assert.ok(from === null || from === agent);
    assert.ok(from === null || after?.current_agent !== agent);
  }));
});
