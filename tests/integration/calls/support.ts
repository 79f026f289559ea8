import { createHmac, randomUUID } from "node:crypto";
import { callFunction, type FunctionAnswer } from "../../support/call_function.ts";
import { createTenant, type Tenant } from "../../support/create_tenant.ts";
import { queryDatabase } from "../../support/query_database.ts";
import { readStack } from "../../support/read_stack.ts";
import { saveWorkspace } from "../support/workspace.ts";

/** The local stack's VAPI_WEBHOOK_SECRET. */
export const WEBHOOK_SECRET = "local-vapi-webhook-secret";

export type CallTenant = Tenant & {
  /** The value of X-Vapi-Secret that a sync gives to this organization's assistants. */
  secret: string;
  assistants: { inbound: string; outbound: string };
};

/** An organization whose workspace is saved, with its inbound agent answering everybody. */
export async function createCallTenant(): Promise<CallTenant> {
  const tenant = await createTenant();
  const saved = await saveWorkspace(tenant);
  if (saved.status !== 200) throw new Error(`Cannot save a workspace: ${saved.text}`);
  await queryDatabase(
    `update public.agents set state = 'active', activation_mode = 'full'
     where org_id = $1::text::uuid`,
    [tenant.orgId],
  );
  const agents = await queryDatabase<{ role: "inbound" | "outbound"; id: string }>(
    "select role, vapi_assistant_id as id from public.agents where org_id = $1::text::uuid",
    [tenant.orgId],
  );
  const assistants = Object.fromEntries(
    agents.map(({ role, id }) => [role, id]),
  ) as CallTenant["assistants"];
  return { ...tenant, secret: signSecret(tenant.orgId), assistants };
}

export function signSecret(orgId: string, version = 1, key = WEBHOOK_SECRET): string {
  const signature = createHmac("sha256", key).update(`${orgId}:${version}`).digest("hex");
  return `v1.${orgId}.${version}.${signature}`;
}

export const newCallId = () => randomUUID();

export type Answer = FunctionAnswer<Record<string, unknown>>;

/** One message as Vapi sends it to an organization's assistant. */
export function sendMessage(
  tenant: Pick<CallTenant, "secret">,
  message: Record<string, unknown>,
  { path = "unified-webhook/vapi", headers = {} }: {
    path?: string;
    headers?: Record<string, string>;
  } = {},
): Promise<Answer> {
  return sendBody({ message }, { path, headers: { "x-vapi-secret": tenant.secret, ...headers } });
}

export function sendBody(
  body: unknown,
  { path = "unified-webhook/vapi", headers = {} }: {
    path?: string;
    headers?: Record<string, string>;
  } = {},
): Promise<Answer> {
  return callFunction(path, { method: "POST", headers, body });
}

/** As a provider with retries: what a busy database couldn't take in time comes again. Poison never would. */
export async function untilTaken(send: () => Promise<Answer>): Promise<Answer> {
  for (let attempt = 1;; attempt += 1) {
    const answer = await send();
    if (answer.status !== 503 || attempt === 5) return answer;
  }
}

export type CallOptions = { customer?: string | null; direction?: string; assistantId?: string };

/** A day and a half ago: over, and young enough for whatever looks back, on any day. */
const CALLED_AT = Math.floor(Date.now() / 1000) * 1000 - 36 * 60 * 60 * 1000;
const secondsLater = (seconds: number) => new Date(CALLED_AT + seconds * 1000).toISOString();

/** What every message of a call carries. */
export function describeCall(
  id: string,
  { customer = "+250788123456", direction = "inboundPhoneCall", assistantId }: CallOptions = {},
) {
  return {
    call: {
      id,
      orgId: "theirs",
      type: direction,
      status: "queued",
      createdAt: secondsLater(0),
      updatedAt: secondsLater(0),
      ...(assistantId === undefined ? {} : { assistantId }),
      ...(customer === null ? {} : { customer: { number: customer } }),
    },
  };
}

/** A call's messages from first ring to report, in the order in which they happen. */
export function describeLife(
  id: string,
  { recordingUrl, customer, direction }: CallOptions & { recordingUrl?: string } = {},
): Record<string, unknown>[] {
  const common = describeCall(id, {
    ...(customer === undefined ? {} : { customer }),
    ...(direction === undefined ? {} : { direction }),
  });
  const at = (second: number) => CALLED_AT + second * 1000;
  return [
    { ...common, type: "status-update", status: "queued", timestamp: at(0) },
    { ...common, type: "status-update", status: "ringing", timestamp: at(1) },
    { ...common, type: "status-update", status: "in-progress", timestamp: at(10) },
    { ...common, type: "hang", timestamp: at(40) },
    {
      ...common,
      type: "status-update",
      status: "ended",
      endedReason: "customer-ended-call",
      timestamp: at(71),
    },
    describeReport(id, {
      ...(customer === undefined ? {} : { customer }),
      ...(direction === undefined ? {} : { direction }),
      ...(recordingUrl === undefined ? {} : { recordingUrl }),
    }),
  ];
}

export function describeReport(
  id: string,
  { recordingUrl, ...options }: CallOptions & { recordingUrl?: string } = {},
): Record<string, unknown> {
  return {
    ...describeCall(id, options),
    type: "end-of-call-report",
    timestamp: CALLED_AT + 75_000,
    endedReason: "customer-ended-call",
    startedAt: secondsLater(10),
    endedAt: secondsLater(71),
    cost: 0.25,
    costBreakdown: { total: 0.25, llm: 0.1 },
    analysis: { summary: "They asked for the hours.", successEvaluation: "true" },
    artifact: {
      transcript: "AI: Hello\nUser: When do you open?",
      ...(recordingUrl === undefined ? {} : { recordingUrl }),
    },
  };
}

export type CallRows = {
  state: string;
  outcome: string;
  summary: string | null;
  transcript: string | null;
  duration_seconds: number | null;
  ended_reason: string | null;
  contact_id: string | null;
  org_id: string;
  reported: boolean;
};

/** A call as our rows have it; undefined when there is none. */
export async function readCall(id: string): Promise<CallRows | undefined> {
  const rows = await queryDatabase<CallRows>(
    `select tracking.state, log.outcome, log.summary, content.transcript, log.duration_seconds,
       log.ended_reason, log.contact_id::text, tracking.org_id::text,
       tracking.reported_at is not null as reported
     from public.call_tracking as tracking
     join public.call_logs as log on log.call_tracking_id = tracking.id
     left join public.calls as content on content.call_tracking_id = tracking.id
     where tracking.vapi_call_id = $1`,
    [id],
  );
  if (rows.length > 1) throw new Error(`Call "${id}" is there ${rows.length} times`);
  return rows[0];
}

export async function countRows(sql: string, parameters: unknown[]): Promise<number> {
  const [row] = await queryDatabase<{ count: number }>(
    `select count(*)::int as count from ${sql}`,
    parameters,
  );
  return row!.count;
}

/** Runs one kind of the worker's jobs and waits until that run has ended. */
export async function runWorker(kind: string): Promise<void> {
  const answer = await callFunction<{ workerId: string }>("worker/run", {
    apiKey: readStack().secret_key,
    body: { kind },
  });
  if (answer.status !== 202) throw new Error(`Cannot run "${kind}": ${answer.text}`);
  // Longer than a run's own budget.
  const deadline = performance.now() + 120_000;
  for (;;) {
    const [beat] = await queryDatabase<{ phase: string }>(
      "select phase from public.worker_heartbeats where kind = $1 and worker_id = $2",
      [kind, answer.body.workerId],
    );
    if (beat?.phase === "completed") return;
    if (beat?.phase === "failed") throw new Error(`The worker's run of "${kind}" failed`);
    if (performance.now() > deadline) throw new Error(`The worker's run of "${kind}" did not end`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** The same list in another order, by a seed that a failure can be repeated with. */
export function shuffle<T>(items: readonly T[], seed: number): T[] {
  const shuffled = [...items];
  let state = seed >>> 0 || 1;
  for (let last = shuffled.length - 1; last > 0; last--) {
    state = Math.imul(state ^ state >>> 15, 0x2c1b3c6d) >>> 0;
    state = (state + 0x9e3779b9) >>> 0;
    const place = state % (last + 1);
    [shuffled[last], shuffled[place]] = [shuffled[place]!, shuffled[last]!];
  }
  return shuffled;
}
