import { callFunction } from "../../support/call_function.ts";
import { queryDatabase } from "../../support/query_database.ts";
import { readStack } from "../../support/read_stack.ts";
import { eventually } from "../../support/whatsapp.ts";

type Body = Record<string, unknown>;

/** Asks `ops` as an operator, e.g. `GET /flags`. */
export function askOps<Answer = Body>(
  route: string,
  { body, headers = {} }: { body?: unknown; headers?: Record<string, string> } = {},
) {
  const [method = "GET", path = ""] = route.split(" ");
  return callFunction<Answer>(`ops${path}`, {
    method,
    apiKey: readStack().secret_key,
    headers,
    ...(body === undefined ? {} : { body }),
  });
}

/** Flags and plan are everybody's: as they were, whatever a test did to them. */
export async function keepConfig(work: () => Promise<void>): Promise<void> {
  const keys = "('unified_service_flags', 'unified_service_rollout_plan')";
  const kept = await queryDatabase<{ key: string; value: string }>(
    `select key, value::text as value from public.app_config where key in ${keys}`,
  );
  try {
    await work();
  } finally {
    for (const { key, value } of kept) {
      await queryDatabase(
        `insert into public.app_config (key, value) values ($1, $2::text::jsonb)
         on conflict (key) do update set value = excluded.value`,
        [key, value],
      );
    }
  }
}

/** One member of the flags, by plain SQL as an operator writes it. */
export async function setFlag(path: string, value: unknown): Promise<void> {
  await queryDatabase(
    `update public.app_config set value = jsonb_set(value, $1::text::text[], $2::text::jsonb)
     where key = 'unified_service_flags'`,
    [path, JSON.stringify(value)],
  );
}

/** Runs a job kind as the schedule does, and waits for its end. */
export async function runWorker(kind: string): Promise<void> {
  const requestId = crypto.randomUUID();
  await callFunction("worker/run", {
    apiKey: readStack().secret_key,
    headers: { "x-request-id": requestId },
    body: { kind },
  });
  await eventually(
    () =>
      queryDatabase<{ phase: string }>(
        "select phase from public.worker_heartbeats where kind = $1 and request_id = $2",
        [kind, requestId],
      ),
    ([beat]) => beat?.phase === "completed",
  );
}
