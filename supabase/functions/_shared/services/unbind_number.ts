import type { BoundNumber } from "../domain/number_binding/plan_number_binding.ts";
import { planNumberRelease } from "../domain/number_binding/plan_number_release.ts";
import { ProviderError } from "../errors.ts";
import type { JsonObject, Vapi, VapiPhoneNumber } from "../ports.ts";
import { buildWebhookUrl } from "./render_desired.ts";

export type UnbindNumberInput = {
  /** `public_config.number` of the Vapi integration. */
  recorded: BoundNumber;
  /** Of our agents: a number that reaches another one by now is left alone. */
  assistantIds: string[];
  numbers?: VapiPhoneNumber[];
  /** Says what would be done, and does nothing. */
  dryRun?: boolean;
};

/**
 * Takes a number's binding back. The record of it is to be removed afterwards.
 * @throws ProviderError
 */
export async function unbindNumber(
  { vapi, webhook }: { vapi: Vapi; webhook: { functionsUrl: string } },
  { recorded, assistantIds, numbers, dryRun = false }: UnbindNumberInput,
): Promise<{ action: "nothing" | "deleted" | "restored" }> {
  const list = numbers ?? await vapi.listPhoneNumbers();
  const actual = list.find(({ id }) => id === recorded.phone_number_id) ?? null;
  const plan = planNumberRelease(actual, recorded, {
    assistantIds,
    serverUrl: buildWebhookUrl(webhook.functionsUrl),
  });
  switch (plan.step) {
    case "nothing":
      return { action: "nothing" };
    case "delete":
      if (!dryRun) await vapi.deletePhoneNumber(plan.id);
      return { action: "deleted" };
    case "restore":
      if (!dryRun) await restore(vapi, plan.id, plan.body);
      return { action: "restored" };
  }
}

/** What a number reached before may be gone; then it reaches nobody rather than us. */
async function restore(
  vapi: Vapi,
  id: string,
  body: JsonObject,
): Promise<void> {
  try {
    await vapi.updatePhoneNumber(id, body);
  } catch (error) {
    if (!(error instanceof ProviderError && error.failure === "refused")) {
      throw error;
    }
    const nobody = Object.fromEntries(
      Object.keys(body).map((field) => [field, null]),
    );
    await vapi.updatePhoneNumber(id, nobody);
  }
}
