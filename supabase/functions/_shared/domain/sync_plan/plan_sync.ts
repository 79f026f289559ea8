import type { Assistant, AssistantBody } from "../../ports.ts";
import { compareAssistant, hidesHeaders, listTopFields } from "./compare_assistant.ts";
import { readWebhookUrl } from "./match_tools.ts";
import { mergeModel } from "./merge_model.ts";

/** What Vapi should have, and the account in which. */
export type Desired = {
  body: AssistantBody;
  hash: string;
  keyFingerprint: string;
  /** `metadata.org_id` and `metadata.agent_id` of our assistant. */
  orgId: string;
  agentId: string;
  /** Tools of ours that the assistant may not have. */
  unwantedToolIds?: string[];
};

/** What is known of earlier pushes, from the agent's row. */
export type Applied = {
  assistantId: string | null;
  hash: string | null;
  keyFingerprint: string | null;
  /** The oldest create whose outcome is unknown. */
  createIntendedAt: string | null;
  agentCreatedAt: string;
  /** A push since then may have reached Vapi without being recorded. */
  uncertain: boolean;
};

/** What Vapi was seen to have, from nothing known to verified. */
export type Actual =
  | { seen: "unknown" }
  /** Asked by id: it is not there. */
  | { seen: "missing" }
  /** One page of assistants was read; none is ours, or one is. */
  | { seen: "searched"; page: Assistant[] }
  | { seen: "found"; assistant: Assistant }
  /** Written by this sync, as the answer to the write had it. */
  | { seen: "written"; assistantId: string }
  /** Read back after writing. */
  | { seen: "read_back"; assistant: Assistant };

export type SyncPlan =
  | { step: "nothing" }
  | { step: "read"; assistantId: string }
  /** Both at once: the assistant is likely to be of the account that was connected before. */
  | { step: "read_and_search"; assistantId: string; since: string; page: number }
  /** Look for our metadata among assistants made after `since` (ISO time). */
  | { step: "search"; since: string; page: number }
  | { step: "adopt"; assistant: Assistant }
  | { step: "create"; body: AssistantBody }
  | { step: "update"; assistantId: string; body: AssistantBody; paths: string[] }
  | { step: "verify"; assistantId: string }
  /** In step; `paths` says what the provider did not take over. */
  | { step: "done"; assistantId: string; paths: string[] };

export type PlanOptions = {
  /** Look at Vapi although nothing changed here: finds what was edited there. */
  force?: boolean;
};

/** Between our database's clock, which dates intents, and Vapi's, which dates assistants. */
const CLOCK_SKEW_MILLISECONDS = 5 * 60_000;
const PAGE_AFTER_INTENT = 100;
const LARGEST_PAGE = 1_000;

/** The next step towards desired = actual. Called again with what the step has shown. */
export function planSync(
  desired: Desired,
  actual: Actual,
  applied: Applied,
  options: PlanOptions = {},
): SyncPlan {
  switch (actual.seen) {
    case "unknown":
      if (applied.assistantId === null) return planSearch(applied) ?? create(desired);
      if (isApplied(desired, applied) && options.force !== true) return { step: "nothing" };
      return planRead(desired, applied, applied.assistantId);
    case "missing":
      return planSearch(applied) ?? create(desired);
    case "searched": {
      const ours = findOurs(desired, actual.page);
      return ours === undefined ? create(desired) : { step: "adopt", assistant: ours };
    }
    case "found": {
      const paths = listDifferences(desired, actual.assistant, applied);
      if (paths.length === 0) return { step: "done", assistantId: actual.assistant.id, paths };
      return {
        step: "update",
        assistantId: actual.assistant.id,
        body: pickFields(desired, actual.assistant, listTopFields(paths)),
        paths,
      };
    }
    case "written":
      return { step: "verify", assistantId: actual.assistantId };
    case "read_back":
      return {
        step: "done",
        assistantId: actual.assistant.id,
        paths: compareAssistant(desired.body, actual.assistant, desired),
      };
  }
}

/** Headers that can't be seen are sent whenever it is not certain that they were. */
function listDifferences(desired: Desired, assistant: Assistant, applied: Applied): string[] {
  const paths = compareAssistant(desired.body, assistant, desired);
  const unseen = "server" in desired.body && hidesHeaders(assistant);
  if (!unseen || isApplied(desired, applied)) return paths;
  const { model } = desired.body;
  const asksUs = isObject(model) && Array.isArray(model.tools) && model.tools.length > 0;
  return [
    ...paths,
    ...(paths.includes("server") ? [] : ["server.headers"]),
    ...(asksUs && !listTopFields(paths).includes("model") ? ["model.tools.server.headers"] : []),
  ];
}

function isApplied(desired: Desired, applied: Applied): boolean {
  return !applied.uncertain && applied.hash === desired.hash &&
    applied.keyFingerprint === desired.keyFingerprint;
}

function create(desired: Desired): SyncPlan {
  return { step: "create", body: desired.body };
}

/**
 * An assistant of ours may exist without our knowing its id: made by a create whose answer was
 * lost, or before, in the account that is connected now. An agent that never had an intent, an
 * assistant or a key has none.
 */
function planSearch(applied: Applied): SyncPlan | null {
  const { createIntendedAt, agentCreatedAt } = applied;
  if (applied.assistantId !== null || applied.keyFingerprint !== null) {
    return { step: "search", since: allowForSkew(agentCreatedAt), page: LARGEST_PAGE };
  }
  return createIntendedAt === null
    ? null
    : { step: "search", since: allowForSkew(createIntendedAt), page: PAGE_AFTER_INTENT };
}

/** Another key may be of the same account, where the assistant is found by its id. */
function planRead(desired: Desired, applied: Applied, assistantId: string): SyncPlan {
  const isOtherKey = applied.keyFingerprint !== null &&
    applied.keyFingerprint !== desired.keyFingerprint;
  const search = isOtherKey ? planSearch(applied) : null;
  return search?.step === "search"
    ? { ...search, step: "read_and_search", assistantId }
    : { step: "read", assistantId };
}

function allowForSkew(time: string): string {
  return new Date(Date.parse(time) - CLOCK_SKEW_MILLISECONDS).toISOString();
}

/** Should there be several, everybody chooses the oldest; the others are orphans to report. */
function findOurs(desired: Desired, page: Assistant[]): Assistant | undefined {
  return page
    .filter(({ metadata }) =>
      metadata?.org_id === desired.orgId && metadata.agent_id === desired.agentId
    )
    .sort((left, right) =>
      Date.parse(left.createdAt) - Date.parse(right.createdAt) || (left.id < right.id ? -1 : 1)
    )[0];
}

function pickFields(
  { body: desired, unwantedToolIds }: Desired,
  actual: Assistant,
  fields: string[],
): AssistantBody {
  const body: AssistantBody = {};
  for (const field of fields) {
    const value = desired[field];
    if (value === undefined) continue;
    body[field] = field === "model"
      ? mergeModel(value, actual.model, {
        unwantedToolIds: unwantedToolIds ?? [],
        webhookUrl: readWebhookUrl(desired),
      })
      : value;
  }
  return body;
}

function isObject(value: unknown): value is { [name: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
