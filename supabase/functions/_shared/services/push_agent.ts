import {
  type Actual,
  type Applied,
  type Desired,
  planSync,
  type SyncPlan,
} from "../domain/sync_plan/plan_sync.ts";
import { ProviderError } from "../errors.ts";
import type { AgentSyncStore, Logger, Vapi } from "../ports.ts";

export type PushPorts = {
  vapi: Vapi;
  logger: Logger;
  /** Kept before every create, so that an assistant whose id is lost can be found. */
  recordCreateIntent(): ReturnType<AgentSyncStore["recordCreateIntent"]>;
};
export type PushInput = {
  desired: Desired;
  applied: Applied;
  /** Reads, and stops before the first write. */
  dryRun?: boolean;
  /** Looks at Vapi although nothing changed here. */
  force?: boolean;
};
export type PushResult = {
  assistantId: string | null;
  /** What was done, in order: `read`, `searched`, `adopted`, `created`, `updated`, `verified`. */
  actions: string[];
  /** The paths that Vapi had otherwise; of a create, every field. */
  changed: string[];
  /** Why it ended early; Vapi may have taken a part. */
  failure: unknown;
  leaseLost: boolean;
};

/** More steps than any path needs: an assistant deleted again and again ends here. */
const STEP_LIMIT = 12;

/** Brings one assistant in step, one plan step at a time. Never throws: a failure is in the result. */
export async function pushAgent(
  ports: PushPorts,
  input: PushInput,
): Promise<PushResult> {
  const result: PushResult = {
    assistantId: input.applied.assistantId,
    actions: [],
    changed: [],
    failure: null,
    leaseLost: false,
  };
  let applied = input.applied;
  let actual: Actual = { seen: "unknown" };
  let searched = false;
  let lost: ProviderError | null = null;
  try {
    for (let count = 0; count < STEP_LIMIT; count++) {
      const plan: SyncPlan = planSync(input.desired, actual, applied, {
        force: input.force ?? false,
      });
      switch (plan.step) {
        case "nothing":
          return result;
        case "done":
          if (actual.seen === "read_back") {
            reportVerification(ports.logger, plan);
          }
          result.assistantId = plan.assistantId;
          if (plan.paths.length > 0) {
            throw new ProviderError(
              "vapi",
              "invalid_response",
              `it kept other values than it was given for ${plan.paths.join(", ")}`,
            );
          }
          return result;
        case "read": {
          result.actions.push("read");
          const assistant = await ports.vapi.getAssistant(plan.assistantId);
          actual = assistant === null ? { seen: "missing" } : { seen: "found", assistant };
          break;
        }
        case "read_and_search": {
          result.actions.push("read", "searched");
          searched = true;
          const [read, search] = await Promise.allSettled([
            ports.vapi.getAssistant(plan.assistantId),
            ports.vapi.listAssistants({ createdAtGt: plan.since, limit: plan.page }),
          ]);
          if (read.status === "rejected") throw read.reason;
          if (read.value !== null) {
            actual = { seen: "found", assistant: read.value };
            break;
          }
          if (search.status === "rejected") throw search.reason;
          actual = { seen: "searched", page: search.value };
          break;
        }
        case "search":
          result.actions.push("searched");
          searched = true;
          actual = {
            seen: "searched",
            page: await ports.vapi.listAssistants({
              createdAtGt: plan.since,
              limit: plan.page,
            }),
          };
          break;
        case "adopt":
          result.actions.push("adopted");
          result.assistantId = plan.assistant.id;
          actual = { seen: "found", assistant: plan.assistant };
          break;
        case "create": {
          if (lost !== null) throw lost;
          result.changed = Object.keys(plan.body);
          if (input.dryRun) return { ...result, assistantId: null };
          const intent = await ports.recordCreateIntent();
          if (intent.code === "lease_lost") {
            return { ...result, leaseLost: true };
          }
          if (intent.previous_intent_at !== null && !searched) {
            applied = {
              ...applied,
              createIntendedAt: intent.previous_intent_at,
            };
            actual = { seen: "missing" };
            break;
          }
          try {
            const { id } = await ports.vapi.createAssistant(plan.body);
            result.actions.push("created");
            result.assistantId = id;
            actual = { seen: "written", assistantId: id };
          } catch (error) {
            if (!(error instanceof ProviderError && error.ambiguous)) {
              throw error;
            }
            // It may exist. A second create is not tried: what comes late is found by its intent.
            lost = error;
            applied = { ...applied, createIntendedAt: intent.intended_at };
            actual = { seen: "missing" };
          }
          break;
        }
        case "update": {
          result.changed = plan.paths;
          if (input.dryRun) return { ...result, assistantId: plan.assistantId };
          const updated = await ports.vapi.updateAssistant(
            plan.assistantId,
            plan.body,
          );
          if (updated !== null) result.actions.push("updated");
          actual = updated === null
            ? { seen: "missing" }
            : { seen: "written", assistantId: plan.assistantId };
          break;
        }
        case "verify": {
          const assistant = await ports.vapi.getAssistant(plan.assistantId);
          if (assistant === null) {
            // Not a reason to create another: it was confirmed a moment ago.
            throw new ProviderError(
              "vapi",
              "invalid_response",
              `it does not show the assistant "${plan.assistantId}" that it confirmed`,
            );
          }
          result.actions.push("verified");
          actual = { seen: "read_back", assistant };
          break;
        }
      }
    }
    throw new ProviderError(
      "vapi",
      "invalid_response",
      "the assistant does not stay as it is set",
    );
  } catch (failure) {
    return { ...result, failure: lost ?? failure };
  }
}

function reportVerification(
  logger: Logger,
  plan: SyncPlan & { step: "done" },
): void {
  const fields = {
    vapi_assistant_id: plan.assistantId,
    differences: plan.paths,
  };
  if (plan.paths.length === 0) logger.info("Agent sync verification", fields);
  else logger.error("Agent sync verification", fields);
}
