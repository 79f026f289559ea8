import type { FlagDecision } from "../../supabase/functions/_shared/domain/rollout/evaluate_flags.ts";
import { SAFE_FLAGS } from "../../supabase/functions/_shared/domain/rollout/parse_flags.ts";
import { decideTurn } from "../../supabase/functions/_shared/domain/orchestrator/decide_turn.ts";
import type {
  DecideTurn,
  TurnDecision,
  TurnInput,
} from "../../supabase/functions/_shared/domain/orchestrator/turn_input.ts";
import type { JsonObject } from "../../supabase/functions/_shared/ports.ts";
import type { EffectRefusal } from "../../supabase/functions/_shared/ports_agents.ts";
import type { LanguageModel } from "../../supabase/functions/_shared/ports_model.ts";
import type { KnowledgeHit } from "../../supabase/functions/_shared/ports_knowledge.ts";
import type {
  InboundType,
  QueuedReply,
  SessionRow,
  WaitingMessage,
} from "../../supabase/functions/_shared/ports_messaging.ts";
import { calendarDay } from "../../supabase/functions/_shared/domain/entities/read_date.ts";
import { driveTurn } from "../../supabase/functions/_shared/services/drive_turn.ts";
import { type AgentData, createAgentData } from "./create_agent_data.ts";
import { createMemoryLogger } from "./create_memory_logger.ts";

export type Written = {
  type: InboundType;
  content: JsonObject;
  /** It had arrived so long before it is answered. */
  minutesAgo?: number;
};

/** One person's conversation with the real decision and data in memory. */
export type Conversation = {
  data: AgentData;
  session: SessionRow;
  contactId: string;
  say(...messages: Written[]): Promise<QueuedReply[]>;
  pass(minutes: number): void;
  /** `YYYY-MM-DD`, where the organization is. */
  today(): string;
  decided: TurnDecision[];
};

const DAY = 24 * 60;
const TIME_ZONE = "Africa/Kigali";
let made = 0;

/** Ids that tell each other apart and are shaped as the database's. */
export function createId(): string {
  made += 1;
  return `00000000-0000-4000-8000-${String(made).padStart(12, "0")}`;
}

export function createConversation(
  {
    data = createAgentData(),
    orgId = "org-1",
    contactId = createId(),
    name = "Ada",
    language = "en",
    features = {},
    decide = decideTurn,
    switchedOff = [],
    hasKnowledge = false,
    hours = {},
    documents = [],
    enabledTools = [],
    currency,
    model = null,
    timeoutSeconds = 5,
  }: {
    data?: AgentData;
    orgId?: string;
    contactId?: string;
    name?: string;
    language?: string;
    features?: Partial<FlagDecision["features"]>;
    decide?: DecideTurn;
    switchedOff?: string[];
    hasKnowledge?: boolean;
    /** As `organization_settings.business_hours` has them. */
    hours?: JsonObject;
    /** What every search of the documents finds. */
    documents?: { title: string; content: string }[];
    enabledTools?: string[];
    currency?: string;
    model?: LanguageModel | null;
    timeoutSeconds?: number;
  } = {},
): Conversation {
  const flags: FlagDecision = {
    inside: true,
    reason: "inside_percent",
    listed: null,
    bucket: 1,
    percent: 100,
    outsideRollout: "forward",
    agents: SAFE_FLAGS.agentFlags,
    features: { ...SAFE_FLAGS.features, ...features },
  };
  let now = Date.parse("2026-11-20T08:00:00Z");
  let sequence = 0;
  const at = () => new Date(now).toISOString();
  const open = (preferences: JsonObject): SessionRow => ({
    id: createId(),
    status: "active",
    current_agent: null,
    flow: null,
    flow_step: null,
    collected_data: {},
    messages: [],
    location: null,
    preferences,
    context: {},
    started_at: at(),
    last_message_at: at(),
  });

  const conversation: Conversation = {
    data,
    session: open({}),
    contactId,
    decided: [],
    today: () => calendarDay(now, TIME_ZONE),
    pass(minutes) {
      now += minutes * 60_000;
    },
    async say(...written) {
      // Nobody answers in the very moment of the question.
      now += 1;
      const returned = conversation.session.status === "completed" ||
        now - Date.parse(conversation.session.last_message_at) > DAY * 60_000;
      if (returned) conversation.session = open(conversation.session.preferences);
      const { session } = conversation;
      const messages = written.map(({ minutesAgo = 0, ...message }): WaitingMessage => ({
        ...message,
        id: createId(),
        wamid: `wamid.${sequence += 1}`,
        sequence,
        sent_at: at(),
        created_at: new Date(now - minutesAgo * 60_000).toISOString(),
        attempts: 0,
        phone_number_id: "1001",
      }));
      const decideAgain = (refusals: EffectRefusal[]) => {
        const input: TurnInput = {
          turn: {
            org_id: orgId,
            contact_id: contactId,
            fencing_token: sequence,
            contact: {
              id: contactId,
              name,
              username: null,
              rollout_key: contactId,
              phone: "250788000001",
              bsuid: null,
              opted_out: false,
              last_inbound_at: at(),
            },
            session,
            returned,
            limits: { switched_off_agents: switchedOff, tokens_left: model === null ? 0 : 500_000 },
            messages,
          },
          flags,
          settings: {
            language,
            time_zone: TIME_ZONE,
            has_knowledge: hasKnowledge,
            business_hours: hours,
            enabled_tools: enabledTools,
            ...(currency === undefined ? {} : { currency }),
          },
          now,
          newId: createId,
          has_model: model !== null,
          ...(refusals.length === 0 ? {} : { refusals }),
        };
        return driveTurn(
          {
            agentData: data,
            searchKnowledge: () =>
              Promise.resolve({ mode: "text", hits: documents.map(describeHit) }),
            logger: createMemoryLogger([]),
            model,
            timeoutSeconds,
          },
          decide,
          { input, signal: AbortSignal.timeout(60_000) },
        );
      };
      let decided = await decideAgain([]);
      for (let again = 0; again < 3; again += 1) {
        const who = { org_id: orgId, contact_id: contactId, name, now };
        const refusals = data.apply(who, decided.effects);
        if (refusals.length === 0) break;
        decided = await decideAgain(refusals);
      }
      conversation.decided.push(decided);
      if (decided.session !== null) {
        const stored = reorder({ ...decided.session }) as Partial<SessionRow>;
        conversation.session = { ...session, ...stored, last_message_at: at() };
      }
      return decided.outbound;
    },
  };
  return conversation;
}

function describeHit({ title, content }: { title: string; content: string }): KnowledgeHit {
  return {
    document_id: createId(),
    title,
    category: "general",
    version: 1,
    chunk_id: createId(),
    heading_path: [],
    content,
    snippet: content,
    score: 1,
  };
}

/** As `jsonb` gives objects back: their members by the length of their names, then by the names. */
function reorder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reorder);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([one], [other]) => one.length - other.length || (one < other ? -1 : 1))
      .map(([name, member]) => [name, reorder(member)]),
  );
}

export const write = (text: string): Written => ({ type: "text", content: { text } });

export const choose = (id: string, title = ""): Written => ({
  type: "interactive",
  content: { reply: "list_reply", id, title },
});
