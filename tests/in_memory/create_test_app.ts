import { AppError } from "../../supabase/functions/_shared/errors.ts";
import type { VerifyUser } from "../../supabase/functions/_shared/http/verify_user.ts";
import type { Json } from "../../supabase/functions/_shared/ports.ts";
import type {
  ConnectKnowledge,
  KnowledgeSyncStore,
} from "../../supabase/functions/_shared/ports_knowledge_sync.ts";
import { createAgentStore } from "./create_agent_store.ts";
import { createAgentSyncStore } from "./create_agent_sync_store.ts";
import { createDriftStore } from "./create_drift_store.ts";
import { createFakeCipher } from "./create_fake_cipher.ts";
import { createFakeConnect, createFakeProviders } from "./create_fake_connect.ts";
import { createJobStore } from "./create_job_store.ts";
import { createKnowledgeJobPorts } from "./create_knowledge.ts";
import { createMemory } from "./create_memory.ts";
import { createMemoryLogger, type LogLine } from "./create_memory_logger.ts";
import { createRequestStore } from "./create_request_store.ts";
import { createCallPorts } from "./create_call_ports.ts";
import { createForwarding } from "./create_forwarding.ts";
import { createMessaging } from "./create_messaging.ts";
import { createRolloutStore } from "./create_rollout_store.ts";
import { createWorkspaceStore } from "./create_workspace_store.ts";
export const CLINIC = "11111111-1111-4111-8111-111111111111";
export const MARKET = "22222222-2222-4222-8222-222222222222";
export const USERS = {
  owner: "aaaaaaaa-0000-4000-8000-000000000001",
  admin: "aaaaaaaa-0000-4000-8000-000000000002",
  member: "aaaaaaaa-0000-4000-8000-000000000003",
  viewer: "aaaaaaaa-0000-4000-8000-000000000004",
  marketOwner: "bbbbbbbb-0000-4000-8000-000000000001",
  outsider: "cccccccc-0000-4000-8000-000000000001",
} as const;

export const SID = `AC${"0".repeat(31)}1`;
export const GOOD_BODY = {
  vapi_api_key: "vapi-key-of-the-clinic",
  twilio_account_sid: SID,
  twilio_auth_token: "twilio-token-of-the-clinic",
  twilio_from_number: "+15005550100",
  whatsapp_phone_number_id: "100000001",
  whatsapp_business_account_id: "200000001",
  whatsapp_access_token: "access-token-of-the-clinic",
};

/** Everything an app is made of, in memory, with two organizations and accounts at each provider. */
export function createTestSurroundings(clock: () => number = Date.now) {
  const memory = createMemory(clock);
  memory.organizations.set(CLINIC, { name: "Demo Clinic", parent_id: null });
  memory.organizations.set(MARKET, { name: "Demo Market", parent_id: null });
  for (const role of ["owner", "admin", "member", "viewer"] as const) {
    memory.members.push({ org_id: CLINIC, user_id: USERS[role], role });
  }
  memory.members.push({
    org_id: MARKET,
    user_id: USERS.marketOwner,
    role: "owner",
  });

  const world = createFakeProviders();
  for (const key of [GOOD_BODY.vapi_api_key, "vapi-key-of-another-account"]) {
    world.vapiAccounts.set(key, { assistants: new Map(), numbers: new Map() });
  }
  world.twilioAccounts.set(`${SID}:${GOOD_BODY.twilio_auth_token}`, {
    status: "active",
    numbers: new Map([
      ["+15005550100", { voice: true }],
      ["+15005550101", { voice: true }],
      ["+15005550111", { voice: false }],
    ]),
  });
  world.whatsappTokens.set(
    GOOD_BODY.whatsapp_access_token,
    new Map([["200000001", ["100000001"]], ["200000002", ["100000002"]]]),
  );

  const lines: LogLine[] = [];
  const workspace = createWorkspaceStore(memory);
  const agents = createAgentSyncStore(memory);
  return {
    memory,
    world,
    lines,
    options: {
      logger: createMemoryLogger(lines),
      dashboardOrigins: ["*"],
      version: "test",
      readHealth: () =>
        Promise.resolve({
          database_size_mb: 1,
          background_jobs: {
            last_heartbeat_at: new Date().toISOString(),
            seconds_since_heartbeat: 1,
            queued: 0,
            oldest_queued_seconds: null,
            dead_lettered: 0,
          },
          flags_valid: true,
        }),
    },
    ports: {
      requests: createRequestStore(memory),
      workspace,
      credentials: workspace,
      agents,
      behavior: createAgentStore(memory),
      drift: createDriftStore(memory, agents),
      jobs: createJobStore(memory),
      cipher: createFakeCipher(),
      // Nothing of a knowledge base is asked of Vapi in memory: that is tested on the stack.
      connect: createFakeConnect(world) as ConnectKnowledge,
      knowledgeSync: refuseKnowledgeSync(),
      metrics: {
        aggregateMetrics: () =>
          Promise.resolve({ counted_until: new Date(clock()).toISOString(), more: false }),
      },
      webhook: {
        functionsUrl: "https://switchboard.test/functions/v1",
        secrets: ["secret"],
      },
      messaging: createMessaging({ clock, logger: createMemoryLogger(lines) }),
      forwarding: createForwarding(clock),
      calls: createCallPorts(),
      knowledge: createKnowledgeJobPorts(),
      alerts: {
        beginAlertEvaluation: () => Promise.resolve({ rules: [], resolved: 0 }),
        evaluateAlertRule: () => Promise.resolve({ code: "not_found" as const }),
      },
      alertDeliveries: {
        claimAlertDeliveries: () => Promise.resolve([]),
        recordAlertDelivery: () => Promise.resolve({ code: "recorded" as const, state: "sent" }),
      },
      alertChannels: [],
      rollout: createRolloutStore().rollout,
      clock,
    },
    verifyUser,
  };
}
/** No account is connected to any organization's knowledge base. */
function refuseKnowledgeSync(): KnowledgeSyncStore {
  const refuse = () => Promise.reject(new Error("no knowledge base in memory"));
  return {
    claimKnowledgeSync: () => Promise.resolve({ code: "not_connected" }),
    readKnowledgeSync: () => Promise.resolve({ code: "not_connected" }),
    intendKnowledgeFiles: refuse,
    recordKnowledgeFiles: refuse,
    intendKnowledgeTool: refuse,
    recordKnowledgeTool: refuse,
    recordRetiredTools: refuse,
    finishKnowledgeSync: refuse,
    readKnowledgeSyncStatus: refuse,
  };
}
/** A token is the user's id: how real ones are verified is `verify_user`'s test. */
const verifyUser: VerifyUser = (request) => {
  const token = /^Bearer (.+)$/.exec(request.headers.get("authorization") ?? "")
    ?.[1];
  return token === undefined
    ? Promise.reject(
      new AppError("unauthenticated", "Cannot authenticate the request"),
    )
    : Promise.resolve({ user_id: token });
};

export type TestAnswer = {
  status: number;
  headers: Headers;
  body: Json;
};
type App = { fetch(request: Request): Response | Promise<Response> };
/** Sends a request as one of the users (`null` = without a token) and reads the JSON answer. */
export async function send(
  app: App,
  request: string,
  { as = USERS.owner, body, headers = {} }: {
    as?: string | null;
    body?: unknown;
    headers?: Record<string, string>;
  } = {},
): Promise<TestAnswer> {
  const [method = "GET", path = "/"] = request.split(" ");
  const response = await app.fetch(
    new Request(`http://localhost${path}`, {
      method,
      headers: {
        ...(as === null ? {} : { authorization: `Bearer ${as}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined
        ? {}
        : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    }),
  );
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === "" ? null : JSON.parse(text),
  };
}
