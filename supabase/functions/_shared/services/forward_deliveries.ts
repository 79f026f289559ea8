import { chooseWebhook, hasAgentWebhooks } from "../domain/legacy/choose_webhook.ts";
import { type LegacyWebhooks, parseWebhooks } from "../domain/legacy/parse_webhooks.ts";
import { readText } from "../domain/session/read_text.ts";
import type { Clock, Logger } from "../ports.ts";
import type {
  ForwardResult,
  LegacyDelivery,
  LegacyStore,
  PostDelivery,
  ReadAgent,
  SignDelivery,
  SplitDelivery,
} from "../ports_legacy.ts";
import type { ParseDelivery } from "../ports_messaging.ts";
import { type CallLog, createCallLog } from "./call_log.ts";
import type { FindOwnSecrets } from "./keep_webhook_secrets.ts";
import { mapConcurrently } from "./map_concurrently.ts";

export type ForwardPorts = {
  legacy: LegacyStore;
  postDelivery: PostDelivery;
  splitDelivery: SplitDelivery;
  signDelivery: SignDelivery;
  parseDelivery: ParseDelivery;
  /** Secrets of our Meta apps, newest first. */
  appSecrets: readonly string[];
  findOwnSecrets: FindOwnSecrets;
  /** The lexicon comes with the first delivery that it is needed for. */
  loadReadAgent: () => Promise<ReadAgent>;
  clock: Clock;
  logger: Logger;
};

const LIMIT = 50;
const CONCURRENCY = 25;
/** Two rounds of posts, each as long as one may take, and what is around them. */
const LEASE_SECONDS = 60;
/** The backoff doubles from 5 s up to an hour: about fifteen hours. */
export const MAX_FORWARD_ATTEMPTS = 24;

/**
 * Gives the older service what waits for it, until nothing is due or the time is over. At least once:
 * whoever dies between a post and its record leaves a lease that runs out, and the delivery goes again
 * under the same id. A round of which nothing could leave (the circuit is open, no usable address) is the
 * last.
 */
export async function forwardDeliveries(
  ports: ForwardPorts,
  { budgetMilliseconds }: { budgetMilliseconds: number },
): Promise<{ forwarded: number; failed: number }> {
  const began = ports.clock();
  const total = { forwarded: 0, failed: 0 };
  let hasMore = true;
  do {
    const { webhooks, deliveries } = await ports.legacy.claimLegacyDeliveries({
      limit: LIMIT,
      lease_seconds: LEASE_SECONDS,
      max_attempts: MAX_FORWARD_ATTEMPTS,
    });
    if (deliveries.length === 0) break;
    const parsed = parseWebhooks(webhooks);
    if (!parsed.ok) {
      ports.logger.critical("Malformed legacy_webhooks: what people outside write waits", {
        errors: parsed.errors,
      });
    }
    const calls = createCallLog();
    const results: ForwardResult[] = [];
    await mapConcurrently(deliveries, CONCURRENCY, async (delivery) => {
      const { id, fencing_token } = delivery;
      const end = parsed.ok
        ? await forward(ports, delivery, { webhooks: parsed.webhooks, calls })
        : held("Cannot forward the delivery: legacy_webhooks is malformed");
      results.push({ id, fencing_token, ...end });
    });
    const { lost, dead_lettered } = await ports.legacy.recordLegacyDeliveries({
      max_attempts: MAX_FORWARD_ATTEMPTS,
      results,
      provider_calls: calls.drain(),
    });
    if (lost.length > 0) ports.logger.warn("Leases of forwarded deliveries were lost", { lost });
    if (dead_lettered > 0) {
      ports.logger.error("Deliveries to the older service were given up", { dead_lettered });
    }
    total.forwarded += results.filter(({ outcome }) => outcome === "forwarded").length;
    total.failed += results.filter(({ outcome }) => outcome === "failed").length;
    // Where nothing can leave, what waits behind these is left alone: to claim it would only write it back.
    hasMore = results.some(({ outcome }) => outcome !== "held");
  } while (hasMore && ports.clock() - began < budgetMilliseconds);
  if (total.forwarded + total.failed > 0) ports.logger.info("Deliveries forwarded", total);
  return total;
}

type End = Omit<ForwardResult, "id" | "fencing_token">;

async function forward(
  ports: ForwardPorts,
  delivery: LegacyDelivery,
  { webhooks, calls }: { webhooks: LegacyWebhooks; calls: CallLog },
): Promise<End> {
  try {
    const content = await prepare(ports, delivery);
    const chosen = chooseWebhook(webhooks, {
      agents: await readAgents(ports, webhooks, content.body),
      recentAgent: delivery.recent_agent,
    });
    if (chosen === null) return { outcome: "ignored" };
    const { org_id, id, attempts } = delivery;
    const posted = await ports.postDelivery(
      { url: chosen.url, id, attempt: attempts, ...content },
      org_id === null ? () => {} : calls.recorderOf(org_id),
    );
    if (posted.kind === "accepted") {
      return { outcome: "forwarded", agent: chosen.agent, status: posted.status };
    }
    const { reason, retryAfterSeconds } = posted;
    ports.logger.warn("The older service did not take a delivery", { delivery_id: id, reason });
    return {
      outcome: posted.kind === "failed" ? "failed" : "held",
      status: posted.kind === "failed" ? posted.status : null,
      error: `Cannot forward the delivery: ${reason}`,
      retry_after_seconds: retryAfterSeconds,
    };
  } catch (error) {
    ports.logger.error("A delivery could not be forwarded", { delivery_id: delivery.id, error });
    return failure(error instanceof Error ? error.message.slice(0, 500) : "unknown error");
  }
}

/** The bytes that go out and their signature: as they came, or the part that is to go, signed anew. */
async function prepare(
  ports: ForwardPorts,
  delivery: LegacyDelivery,
): Promise<{ body: Uint8Array; signature: string }> {
  const { is_whole, body, signature, messages, statuses, signed_by_org_id } = delivery;
  if (is_whole && signature !== null) return { body, signature };
  const part = ports.splitDelivery(body, { messages, statuses });
  if (part === null) throw new Error("Cannot split the delivery: none of its parts is found");
  const secrets = signed_by_org_id === null
    ? ports.appSecrets
    : await readOwnSecrets(ports, delivery, signed_by_org_id);
  const like = signature === null ? null : { body, signature };
  return { body: part, signature: ports.signDelivery(part, { secrets, like }) };
}

async function readOwnSecrets(
  { findOwnSecrets }: ForwardPorts,
  { messages, statuses }: LegacyDelivery,
  orgId: string,
): Promise<string[]> {
  const found = await findOwnSecrets({
    phone_number_ids: [...messages, ...statuses].map(({ phone_number_id }) => phone_number_id),
    business_account_ids: [],
  });
  return found.filter(({ org_id }) => org_id === orgId).map(({ secret }) => secret);
}

async function readAgents(
  { loadReadAgent, parseDelivery }: ForwardPorts,
  webhooks: LegacyWebhooks,
  body: Uint8Array,
) {
  if (!hasAgentWebhooks(webhooks)) return [];
  const parsed = parseDelivery(body);
  if (!parsed.ok) return [];
  const readAgent = await loadReadAgent();
  return parsed.messages.map((message) => {
    const text = readText(message);
    return text === "" ? null : readAgent(text);
  });
}

/** Nothing left this process: no attempt is counted. */
function held(reason: string): End {
  return { outcome: "held", error: reason, retry_after_seconds: 30 };
}

function failure(reason: string): End {
  return { outcome: "failed", error: reason };
}
