import type { Credentials } from "../domain/workspace/complete_credentials.ts";
import { ProviderError } from "../errors.ts";
import type { Connect, Vapi, VapiPhoneNumber, VapiPublicConfig } from "../ports.ts";
import { type BoundNumber, listAssistantIds } from "./bind_workspace_number.ts";
import type { HeldWorkspace } from "./hold_workspace.ts";
import { readPublicConfig } from "./open_workspace.ts";
import type { SyncPorts } from "./sync_agent.ts";
import { unbindNumber } from "./unbind_number.ts";

export type Release =
  | {
    provider: "vapi";
    number: string;
    /** Of the key that is saved, or of the one that was connected before. */
    account: "current" | "previous";
  }
    & ({ action: "deleted" | "restored" } | { error: string })
  | { provider: "whatsapp"; businessAccountId: string; action: "unsubscribed" };

/** What a save would take back of what earlier ones have set up, found with reads alone. */
export async function planReleases(
  ports: SyncPorts & { connect: Connect },
  { held, before, now, numbers, signal }: {
    held: HeldWorkspace;
    before: Credentials;
    now: Credentials;
    /** Of the account of the key that is saved; null without one. */
    numbers: Promise<VapiPhoneNumber[]> | null;
    signal: AbortSignal;
  },
): Promise<Release[]> {
  const releases: Release[] = [];
  const { number: recorded }: VapiPublicConfig = readPublicConfig(held.integrations, "vapi");
  if (recorded !== undefined && numbers !== null && now.vapi && now.twilio) {
    const connect = (key: { api_key: string }) => ports.connect.vapi(key, held.record, { signal });
    const ask = (vapi: Vapi, account: "current" | "previous", list?: VapiPhoneNumber[]) =>
      planRelease(ports, { vapi, account, held, recorded, ...(list ? { numbers: list } : {}) });
    // That they can't be listed is told of the binding.
    const current = await numbers.catch(() => null);
    const isHere = current?.some(({ id }) => id === recorded.phone_number_id) ?? true;
    if (!isHere && before.vapi !== undefined && before.vapi.api_key !== now.vapi.api_key) {
      releases.push(...await ask(connect(before.vapi), "previous"));
    }
    if (current !== null && recorded.number !== now.twilio.from_number) {
      releases.push(...await ask(connect(now.vapi), "current", current));
    }
  }
  const left = before.whatsapp?.business_account_id;
  if (left !== undefined && now.whatsapp && now.whatsapp.business_account_id !== left) {
    releases.push({ provider: "whatsapp", businessAccountId: left, action: "unsubscribed" });
  }
  return releases;
}

async function planRelease(
  ports: SyncPorts,
  { vapi, account, held, recorded, numbers }: {
    vapi: Vapi;
    account: "current" | "previous";
    held: HeldWorkspace;
    recorded: BoundNumber;
    numbers?: VapiPhoneNumber[];
  },
): Promise<Release[]> {
  const release = { provider: "vapi" as const, number: recorded.number, account };
  try {
    const { action } = await unbindNumber({ ...ports, vapi }, {
      recorded,
      assistantIds: listAssistantIds(held.agents),
      dryRun: true,
      ...(numbers === undefined ? {} : { numbers }),
    });
    return action === "nothing" ? [] : [{ ...release, action }];
  } catch (error) {
    if (error instanceof ProviderError) return [{ ...release, error: error.reason }];
    throw error;
  }
}
