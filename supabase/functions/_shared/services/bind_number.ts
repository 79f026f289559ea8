import { createHash } from "node:crypto";
import { canonicalJson } from "../domain/sync_plan/canonical_json.ts";
import { renderServer } from "../domain/sync_plan/render_assistant.ts";
import {
  type BindingPlan,
  type BoundNumber,
  chooseAssistant,
  nameNumber,
  planNumberBinding,
  type WantedBinding,
} from "../domain/number_binding/plan_number_binding.ts";
import { describePrevious, type Ours } from "../domain/number_binding/plan_number_release.ts";
import { ProviderError } from "../errors.ts";
import type { AgentRow, Clock, SettingsRow, Vapi, VapiPhoneNumber } from "../ports.ts";
import { buildWebhookUrl, renderWebhook, type WebhookConfig } from "./render_desired.ts";
import { unbindNumber } from "./unbind_number.ts";

export type BindNumberInput = {
  /** E.164, owned by the Twilio account. */
  number: string;
  twilio: { account_sid: string; auth_token: string };
  /** The agent that answers calls, with the assistant id that its sync ended with. */
  agent: AgentRow | null;
  settings: SettingsRow;
  /** Whether every caller is inside the rollout. */
  fullyRolledOut: boolean;
  /** `public_config.number` of the Vapi integration. */
  recorded: BoundNumber | null;
  /** Of the Vapi key in use. */
  fingerprint?: string | null;
  /** A list that was asked for already, so that it overlaps with other work. */
  numbers?: Promise<VapiPhoneNumber[]>;
  /** Plans without writing. */
  dryRun?: boolean;
};
export type BindNumberResult = {
  /** What was done, or in a dry run would be. */
  action: "imported" | "updated" | "unchanged";
  /** The fields given to Vapi. */
  changed: string[];
  phoneNumberId: string | null;
  /** For the Vapi integration's `public_config`; null where its record is right already. */
  patch: { number: BoundNumber } | null;
};

/**
 * Makes the organization's number reach its agent at Vapi: found or imported, written only where
 * something differs. Another number that was bound before is released first.
 * @throws ProviderError, AppError `misconfigured`
 */
export async function bindNumber(
  ports: { vapi: Vapi; clock: Clock; webhook: WebhookConfig },
  input: BindNumberInput,
): Promise<BindNumberResult> {
  const { vapi } = ports;
  const wanted = describeWanted(ports.webhook, input);
  const ours: Ours = {
    assistantIds: input.agent?.vapi_assistant_id ? [input.agent.vapi_assistant_id] : [],
    serverUrl: buildWebhookUrl(ports.webhook.functionsUrl),
  };
  const numbers = await (input.numbers ?? vapi.listPhoneNumbers());
  if (
    input.recorded !== null && input.recorded.number !== input.number &&
    !input.dryRun
  ) {
    await unbindNumber(ports, {
      recorded: input.recorded,
      assistantIds: ours.assistantIds,
      numbers,
    });
  }

  const before = numbers.find(({ number }) => number === input.number) ?? null;
  const recorded = before !== null && input.recorded?.phone_number_id === before.id
    ? input.recorded
    : null;
  const plan = planNumberBinding(wanted, before, recorded);
  const changed = plan.step === "nothing" ? [] : Object.keys(plan.body);
  if (input.dryRun) {
    return {
      action: describe(plan),
      changed,
      phoneNumberId: before?.id ?? null,
      patch: null,
    };
  }

  const { bound, imported } = await apply(vapi, {
    plan,
    before,
    wanted,
    twilio: input.twilio,
  });
  const next: BoundNumber = {
    phone_number_id: bound.id,
    number: input.number,
    imported: imported ||
      (recorded?.imported ?? before?.name === nameNumber(input.number)),
    previous: recorded === null
      ? imported || before === null ? null : describePrevious(before, ours)
      : recorded.previous,
    bound_at: plan.step === "nothing" && recorded !== null
      ? recorded.bound_at
      : new Date(ports.clock()).toISOString(),
    ...(wanted.fallbackNumber === null ? {} : { fallback_number: wanted.fallbackNumber }),
    ...(wanted.assistantId === null
      ? { server_hash: wanted.serverHash }
      : { assistant_id: wanted.assistantId }),
    ...(input.fingerprint ? { key_fingerprint: input.fingerprint } : {}),
  };
  return {
    action: imported ? "imported" : describe(plan),
    changed,
    phoneNumberId: bound.id,
    patch: canonicalJson(next) === canonicalJson(recorded) ? null : { number: next },
  };
}

function describeWanted(
  webhook: WebhookConfig,
  input: BindNumberInput,
): WantedBinding {
  const server = renderServer(renderWebhook(webhook, input.settings));
  return {
    number: input.number,
    assistantId: chooseAssistant(input.agent, input),
    server,
    serverHash: createHash("sha256").update(canonicalJson(server)).digest("hex")
      .slice(0, 32),
    fallbackNumber: input.settings.transfer_number,
  };
}

function describe(plan: BindingPlan): BindNumberResult["action"] {
  return plan.step === "nothing" ? "unchanged" : plan.step === "import" ? "imported" : "updated";
}

async function apply(
  vapi: Vapi,
  { plan, before, wanted, twilio }: {
    plan: BindingPlan;
    before: VapiPhoneNumber | null;
    wanted: WantedBinding;
    twilio: BindNumberInput["twilio"];
  },
): Promise<{ bound: VapiPhoneNumber; imported: boolean }> {
  if (plan.step === "nothing" && before !== null) {
    return { bound: before, imported: false };
  }
  if (plan.step === "update") {
    const updated = await vapi.updatePhoneNumber(plan.id, plan.body);
    if (updated !== null) return { bound: updated, imported: false };
  }
  // It was not there, or was deleted since it was listed.
  const fresh = planNumberBinding(wanted, null, null);
  const body = fresh.step === "import" ? fresh.body : {};
  try {
    const bound = await vapi.importPhoneNumber({
      ...body,
      twilioAccountSid: twilio.account_sid,
      twilioAuthToken: twilio.auth_token,
    });
    return { bound, imported: true };
  } catch (error) {
    if (!(error instanceof ProviderError && error.ambiguous)) throw error;
    const numbers = await vapi.listPhoneNumbers();
    const bound = numbers.find(({ number }) => number === wanted.number);
    if (bound === undefined) throw error;
    return { bound, imported: true };
  }
}
