import { AppError, ProviderError } from "../errors.ts";
import type { Connect, ProviderName, VapiPublicConfig } from "../ports.ts";
import { listAssistantIds } from "./bind_workspace_number.ts";
import type { HeldWorkspace } from "./hold_workspace.ts";
import { openCredentials } from "./open_credentials.ts";
import { readPublicConfig } from "./open_workspace.ts";
import { isSealed } from "./prepare_credentials.ts";
import { startDeadline } from "./start_deadline.ts";
import type { SyncPorts } from "./sync_agent.ts";
import { unbindNumber } from "./unbind_number.ts";

export type UndoPorts = SyncPorts & { connect: Connect };

const DEADLINE_MILLISECONDS = 30_000;

export type Undone = {
  released: boolean;
  unsubscribed: boolean;
  warnings: { provider: ProviderName; detail: string }[];
};

/**
 * Takes back what a save set up with a provider: the number's binding at Vapi, or the webhook's
 * subscription at Meta. Changes nothing of ours.
 * @throws AppError `provider_failed` when the provider can't be reached, unless `force`
 */
export async function undoConnection(
  ports: UndoPorts,
  { orgId, provider, force, held }: {
    orgId: string;
    provider: ProviderName;
    force: boolean;
    held: HeldWorkspace;
  },
): Promise<Undone> {
  const deadline = startDeadline(DEADLINE_MILLISECONDS);
  const undone: Undone = { released: false, unsubscribed: false, warnings: [] };
  try {
    if (provider === "whatsapp") {
      undone.unsubscribed = await unsubscribe(ports, { orgId, held, signal: deadline.signal });
    } else {
      undone.released = await release(ports, { orgId, held, signal: deadline.signal });
    }
  } catch (error) {
    if (!force && !isDead(error)) {
      if (!(error instanceof ProviderError)) throw error;
      throw new AppError(
        "provider_failed",
        `Cannot disconnect "${provider}": ${error.provider}: ${error.reason}; nothing was changed, ?force=true goes on regardless`,
        {
          cause: error,
          extensions: { provider: error.provider, orgId },
          ...(error.retryAfterSeconds === undefined
            ? {}
            : { retryAfterSeconds: error.retryAfterSeconds }),
        },
      );
    }
    const blamed = provider === "whatsapp" ? provider : "vapi";
    const reason = error instanceof ProviderError || error instanceof AppError
      ? error.message
      : "unexpected error, logged";
    ports.logger.warn("Provider left as it is", { provider: blamed, error });
    undone.warnings.push({ provider: blamed, detail: reason });
  } finally {
    deadline.end();
  }
  return undone;
}

/** Whether the provider will never let us take anything back. */
function isDead(error: unknown): boolean {
  return error instanceof ProviderError &&
    ["unauthorized", "not_found"].includes(error.failure);
}

async function release(
  ports: UndoPorts,
  { orgId, held, signal }: {
    orgId: string;
    held: HeldWorkspace;
    signal: AbortSignal;
  },
): Promise<boolean> {
  const row = held.integrations.find(({ provider }) => provider === "vapi");
  const { number }: VapiPublicConfig = readPublicConfig(held.integrations, "vapi");
  if (row === undefined || !isSealed(row) || number === undefined) return false;
  const { vapi: credentials } = await openCredentials(ports.cipher, orgId, row);
  if (credentials === undefined) return false;
  const vapi = ports.connect.vapi(credentials, held.record, { signal });
  await unbindNumber({ vapi, webhook: ports.webhook }, {
    recorded: number,
    assistantIds: listAssistantIds(held.agents),
  });
  return true;
}

async function unsubscribe(
  ports: UndoPorts,
  { orgId, held, signal }: {
    orgId: string;
    held: HeldWorkspace;
    signal: AbortSignal;
  },
): Promise<boolean> {
  const row = held.integrations.find(({ provider }) => provider === "whatsapp");
  if (row === undefined || !isSealed(row)) return false;
  const { whatsapp: credentials } = await openCredentials(ports.cipher, orgId, row);
  if (credentials === undefined) return false;
  await ports.connect.whatsapp(credentials, held.record, { signal })
    .unsubscribe(credentials.business_account_id);
  return true;
}
