import assert from "node:assert/strict";
import * as fc from "fast-check";
import { findAgent } from "../../../supabase/functions/_shared/domain/agents/registry.ts";
import {
  FLAGGED_AGENTS,
  type FlaggedAgent,
} from "../../../supabase/functions/_shared/domain/rollout/parse_flags.ts";
import type { InboxStore } from "../../../supabase/functions/_shared/ports_messaging.ts";
import type { ModelToolCall } from "../../../supabase/functions/_shared/ports_model.ts";
import { createDatabase } from "../../../supabase/functions/_shared/providers/supabase/create_database.ts";
import { createInboxStore } from "../../../supabase/functions/_shared/providers/supabase/inbox_store.ts";
import { parseDelivery } from "../../../supabase/functions/_shared/providers/whatsapp/parse_delivery.ts";
import { runTurn, type TurnPorts } from "../../../supabase/functions/_shared/services/run_turn.ts";
import { createScriptedModel } from "../../in_memory/create_scripted_model.ts";
import { callRpc } from "../../support/call_rpc.ts";
import { createTurnPorts } from "../../support/create_turn_ports.ts";
import { queryDatabase } from "../../support/query_database.ts";
import { readStack } from "../../support/read_stack.ts";
import { createWhatsappTenant, writeDelivery, writeMessage } from "../../support/whatsapp.ts";

type Script = { agent: FlaggedAgent; calls: ModelToolCall[]; text: string };
type Step = { burst: string[]; script: Script | null; isReleased?: boolean };
type State = {
  waiting: number;
  sessions: number;
  agent: FlaggedAgent | null;
  flow: string | null;
  step: string | null;
  data: unknown;
  has_proposal: boolean;
  hand_over: string | null;
  replies: { type: string; text: string; turn: string }[];
};

const WORDS =
  "I want to sell my sofa|maize|500 kg|200k|Kigali|yes|no|skip|cancel|back|menu|help|I need a plumber job in Kigali|ndashaka kugurisha ibigori|je cherche une maison à louer|call me back|the price|???|tomorrow at 10:00|my listings|hello|qwzx"
    .split("|");
const said = fc.record({
  burst: fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 3 }),
  script: fc.option(fc.record({
    agent: fc.constantFrom(...FLAGGED_AGENTS),
    calls: fc.constantFrom<ModelToolCall[]>(
      [],
      [{ name: "search_listings", arguments: { domains: ["jobs"] } }],
      [{ name: "create_listing", arguments: { domain: "jobs", title: "Cook", price: 1e15 } }],
      [{ name: "create_listing", arguments: { domain: "jobs", title: "Cook", confirmed: true } }],
    ),
    text: fc.constantFrom("", "How can I help?"),
  })),
}).map((each): Step[] => [each]);

/** A question of a model's and a yes, so that the store is reached: it does it, or refuses. */
const propose = (agent: FlaggedAgent, name: string, given: ModelToolCall["arguments"]): Step[] => [
  { burst: ["menu"], script: null },
  { burst: ["qwzx"], script: { agent, calls: [{ name, arguments: given }], text: "" } },
  { burst: ["yes"], script: null },
];
const JOB = "00000000-0000-4000-8000-00000000a0b1";
const apply = propose("jobs", "apply_to_listing", { listing_id: JOB, kind: "application" });
/** The second of two applications for one job is refused. */
const refused = [...apply, ...apply];
const person = propose("support", "hand_over", { reason: "angry" });
const steps = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: said },
    { weight: 1, arbitrary: fc.constant(refused) },
    {
      weight: 1,
      arbitrary: fc.boolean().map((isReleased): Step[] => [
        ...person,
        { burst: ["is anybody there"], script: null, isReleased },
      ]),
    },
  ),
  { minLength: 1, maxLength: 5 },
).map((groups) => groups.flat());

Deno.test("whatever is said, to agents or a person, no session is stuck with the real store", async () => {
  const { orgId, phoneNumberId } = await createWhatsappTenant();
  await postJob(orgId);
  const stack = readStack();
  const inbox = createInboxStore(createDatabase({
    supabaseUrl: stack.url,
    secretKey: stack.secret_key,
    timeoutMilliseconds: 20_000,
  }));
  const reached = { bursts: 0, proposed: 0, refusals: 0, silences: 0, releases: 0 };
  let people = 0;

  async function tell(all: Step[]): Promise<void> {
    const phone = String(250_788_600_000 + (people += 1));
    const model = createScriptedModel();
    const ports = countRefusals({ ...createTurnPorts(), model }, () => reached.refusals += 1);
    const say = (burst: string[], script: Script | null) => {
      model.next = script;
      return store({ inbox, ports, phoneNumberId, phone }, burst);
    };
    for (const { burst, script, isReleased } of all) {
      const id = await say(burst, script);
      const state = await readState(orgId, id);
      check(state);
      if (burst.length > 1) reached.bursts += 1;
      if (state.hand_over === null) continue;
      if (state.replies.length === 0) reached.silences += 1;
      if (isReleased !== true) continue;
      await callRpc("release_hand_over", {
        org_id: orgId,
        user_id: null,
        hand_over_id: state.hand_over,
      });
      reached.releases += 1;
    }
    reached.proposed += model.proposed;
    const left = await readState(orgId, await say(["menu"], null));
    assert.deepEqual([left.flow, left.step, left.data, left.hand_over], [null, null, {}, null]);
    assert.equal(left.replies.at(-1)?.type, "list", "the menu comes whoever had the conversation");
    const anew = await readState(orgId, await say(["ndashaka akazi"], null));
    assert.equal(anew.agent, "jobs", "and anything is begun anew");
  }
  await fc.assert(fc.asyncProperty(steps, tell), {
    numRuns: 14,
    endOnFailure: true,
    examples: [
      [refused],
      [[...person, { burst: ["hello?", "anybody?"], script: null, isReleased: true }]],
      [[...person, { burst: ["hello?"], script: null }]],
    ],
  });
  for (const [kind, times] of Object.entries(reached)) {
    assert.ok(times >= 1, `${kind} was never reached: ${JSON.stringify(reached)}`);
  }
});

/** A job of somebody else's, to apply for. */
async function postJob(orgId: string): Promise<void> {
  await queryDatabase(
    `with employer as (
       insert into public.contacts (org_id, rollout_key) values ($1::text::uuid, 'employer')
       returning org_id, id
     )
     insert into public.unified_listings (id, org_id, contact_id, domain, title)
     select $2::text::uuid, org_id, id, 'jobs', 'Cook' from employer`,
    [orgId, JOB],
  );
}

/** Stores what one person writes, has it answered, and says who they are. */
async function store(
  { inbox, ports, phoneNumberId, phone }: {
    inbox: InboxStore;
    ports: TurnPorts;
    phoneNumberId: string;
    phone: string;
  },
  burst: string[],
): Promise<string> {
  const body = new TextEncoder().encode(writeDelivery(phoneNumberId, {
    messages: burst.map((text) => writeMessage({ from: phone, text })),
  }));
  const { turns } = await inbox.ingestWhatsapp([
    { parsed: parseDelivery(body), body, signature: "", signed_by: null },
  ]);
  for (const key of turns) await runTurn(ports, key);
  return turns[0]!.contact_id;
}

function countRefusals(ports: TurnPorts, count: () => void): TurnPorts {
  return {
    ...ports,
    turns: {
      ...ports.turns,
      async completeTurn(input) {
        const result = await ports.turns.completeTurn(input);
        if (result.code === "refused") count();
        return result;
      },
    },
  };
}

function check({ waiting, sessions, agent, flow, step, has_proposal, replies }: State): void {
  assert.equal(waiting, 0, "nothing waits for nobody");
  assert.ok(sessions <= 1);
  assert.ok(replies.filter(({ type }) => type !== "text").length <= 1, JSON.stringify(replies));
  assert.ok(flow === null || !has_proposal, "a model asks nothing beside a flow");
  if (flow === null) return assert.equal(step, null);
  const steps = findAgent(agent!).flows[flow]?.steps;
  assert.ok(steps, "the flow is one of the agent's");
  assert.ok(step! in steps || step === "confirm" || step === "change");
}

/** `replies`: to the last turn alone. */
async function readState(orgId: string, contactId: string): Promise<State> {
  const [state] = await queryDatabase<State>(
    `select (
         select count(*)::int from public.inbound_messages as message
         where message.org_id = $1::text::uuid and message.contact_id = $2::text::uuid and message.disposition = 'received'
       ) as waiting, (
         select count(*)::int from public.unified_sessions as other
         where other.org_id = $1::text::uuid and other.contact_id = $2::text::uuid and other.status = 'active'
       ) as sessions, (
         select hand_over.id from public.hand_overs as hand_over
         where hand_over.org_id = $1::text::uuid and hand_over.contact_id = $2::text::uuid and hand_over.state <> 'released'
       ) as hand_over,
       session.current_agent as agent, session.flow, session.flow_step as step, session.collected_data as data,
       coalesce(jsonb_typeof(session.context -> 'proposal') = 'object', false) as has_proposal, (
         select coalesce(jsonb_agg(jsonb_build_object('type', reply.type, 'text', reply.content ->> 'text') order by reply.sequence), '[]')
         from public.outbound_messages as reply
         where reply.org_id = $1::text::uuid and reply.contact_id = $2::text::uuid and reply.created_at >= (
           select max(message.created_at) from public.inbound_messages as message
           where message.org_id = $1::text::uuid and message.contact_id = $2::text::uuid
         )
       ) as replies
     from public.unified_sessions as session
     where session.org_id = $1::text::uuid and session.contact_id = $2::text::uuid
     order by session.started_at desc limit 1`,
    [orgId, contactId],
  );
  if (state === undefined) {
    throw new Error(`Cannot read the session of "${contactId}": there is none`);
  }
  return state;
}
