import { Buffer } from "node:buffer";
import { randomUUID } from "node:crypto";
import { callFunction } from "./call_function.ts";
import { controlSimulator } from "./control_simulator.ts";
import { queryDatabase } from "./query_database.ts";
import { readStack } from "./read_stack.ts";
import { APP_SECRET } from "./whatsapp.ts";

type Row = Record<string, unknown>;
export type Taken = { hook: string; deliveryId: string; attempt: string; body: string };

export type LegacyService = AsyncDisposable & {
  /** Its address, by the webhook's name. */
  urlOf(hook: string): string;
  /** What it took, byte for byte, oldest first. */
  readTaken(): Promise<Taken[]>;
  /** What it refused. */
  readRefused(): Promise<Row[]>;
  break(fault: Row): Promise<{ id: string }>;
  /** How often a fault struck. */
  countHits(id: string): Promise<number>;
  mend(): Promise<unknown>;
  redirectTo(url: string | null): Promise<unknown>;
};

/** An older service of this test's own. While it exists it is the whole installation's. */
export async function startLegacy(
  { appSecret = APP_SECRET, agents = {} }: {
    appSecret?: string;
    agents?: Record<string, string>;
  } = {},
): Promise<LegacyService> {
  const account = `legacy-${randomUUID()}`;
  await controlSimulator("legacy", "POST", { path: "accounts", body: { account, appSecret } });
  const urlOf = (hook: string) => `${readStack().simulators.legacy}/${account}/${hook}`;
  const readAccount = async () =>
    (await controlSimulator<
      { taken: (Omit<Taken, "body"> & { bodyBase64: string })[]; refused: Row[] }[]
    >("legacy", "GET", { path: `state?account=${account}` }))[0]!;
  await setWebhooks({
    default: urlOf("wa-webhook-ai-agents"),
    agents: Object.fromEntries(
      Object.entries(agents).map(([agent, hook]) => [agent, urlOf(hook)]),
    ),
  });
  return {
    urlOf,
    readTaken: async () =>
      (await readAccount()).taken.map(({ bodyBase64, ...rest }) => ({
        ...rest,
        body: Buffer.from(bodyBase64, "base64").toString("utf8"),
      })),
    readRefused: async () => (await readAccount()).refused,
    break: (fault) =>
      controlSimulator<{ id: string }>("legacy", "POST", {
        path: "faults",
        body: { path: "/:account/:hook", account, ...fault },
      }),
    countHits: async (id) =>
      (await controlSimulator<{ id: string; hits: number }[]>("legacy", "GET", { path: "faults" }))
        .find((fault) => fault.id === id)?.hits ?? 0,
    mend: () => controlSimulator("legacy", "DELETE", { path: `faults?account=${account}` }),
    redirectTo: (url) =>
      controlSimulator("legacy", "PUT", { path: "settings", body: { account, redirectTo: url } }),
    [Symbol.asyncDispose]: () => setWebhooks({ default: null, agents: {} }),
  };
}

export async function setWebhooks(value: Row): Promise<void> {
  await queryDatabase(
    "update public.app_config set value = $1::text::jsonb where key = 'legacy_webhooks'",
    [JSON.stringify(value)],
  );
}

/** Deliveries that name one of these numbers. */
export function readLegacyDeliveries(...phoneNumberIds: string[]): Promise<Row[]> {
  return queryDatabase<Row>(
    `select id, state, is_whole, attempts, agent, org_id, last_error, response_status, body is null as is_forgotten
     from public.legacy_deliveries
     where exists (
       select 1 from jsonb_array_elements(messages || statuses) as item
       where item.value ->> 'phone_number_id' = any (string_to_array($1, ','))
     )
     order by created_at, id`,
    [phoneNumberIds.join(",")],
  );
}

/** Leases and backoffs of what waits for the older service are over. */
export async function passLegacyTime(): Promise<void> {
  await queryDatabase(
    "update public.legacy_deliveries set due_at = now() - interval '1 second' where due_at is not null",
  );
}

export function runWorker(kind: string) {
  return callFunction("worker/run", { apiKey: readStack().secret_key, body: { kind } });
}
