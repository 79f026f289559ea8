import assert from "node:assert/strict";
import { AppError } from "../_shared/errors.ts";
import { createSecretKeyCheck } from "../_shared/http/require_secret_key.ts";
import { createLogger } from "../_shared/log.ts";
import type { DeadLetterRow, ReplayResult } from "../_shared/ports_dead_letters.ts";
import { createRolloutStore } from "../../../tests/in_memory/create_rollout_store.ts";
import type { HandOverStore, SupervisionStore } from "../_shared/ports_supervision.ts";
import { createCallMessages } from "../_shared/providers/vapi/create_call_messages.ts";
import { createOps } from "./app.ts";

const ORG = "11111111-1111-4111-8111-111111111111";
const LETTERS: DeadLetterRow[] = ["a", "b", "c"].map((name) => ({
  id: `eeeeeeee-0000-4000-8000-00000000000${name}`,
  org_id: ORG,
  source: "vapi",
  source_id: `vapi:${name}`,
  reason: "It broke",
  attempts: 5,
  dead_lettered_at: `2026-11-20T10:00:00+00:00`,
  replayed_at: null,
  dismissed_at: null,
  dismissal_reason: null,
}));
const letterId = (place: number) => `eeeeeeee-0000-4000-8000-00000000000${place}`;
const keptCall = (id: string): ReplayResult => ({
  code: "to_process",
  source: "vapi",
  source_id: `vapi:${id}:hang`,
  org_id: ORG,
  payload: { body: { message: { type: "hang", call: { id } } } },
});
const REPLAYS: Record<string, ReplayResult> = {
  [letterId(1)]: { code: "replayed", source: "outbox", source_id: "m1" },
  [letterId(2)]: { code: "already_replayed", source: "outbox", source_id: "m2" },
  [letterId(3)]: { code: "gone", source: "outbox", source_id: "m3" },
  [letterId(4)]: keptCall("call-1"),
  [letterId(5)]: keptCall("call-2"),
};

const dismissals: string[][] = [];

const app = createOps({
  logger: createLogger({ functionName: "ops", write: () => {} }),
  version: "1.2.3",
  dashboardOrigins: ["*"],
  readHealth: () =>
    Promise.resolve({
      database_size_mb: 12,
      background_jobs: {
        last_heartbeat_at: "2026-11-20T10:00:00Z",
        seconds_since_heartbeat: 20,
        queued: 0,
        oldest_queued_seconds: null,
        dead_lettered: 0,
      },
      flags_valid: true,
    }),
  deadLetters: {
    requireSecretKey: createSecretKeyCheck({ secretKeys: ["sb_secret_test"] }),
    deadLetters: {
      listDeadLetters: ({ limit, before }) => {
        const isLast = ({ id, dead_lettered_at }: DeadLetterRow) =>
          typeof before === "object" && before?.id === id && before.at === dead_lettered_at;
        const start = before === null ? 0 : LETTERS.findIndex(isLast) + 1;
        return Promise.resolve(LETTERS.slice(start, start + limit));
      },
      replayDeadLetter: ({ id }) => Promise.resolve(REPLAYS[id] ?? { code: "not_found" }),
      recordReplay: () => Promise.resolve(),
      dismissDeadLetter: ({ id, user_id, reason }) => {
        const known = REPLAYS[id] ?? { code: "not_found" };
        if (known.code === "not_found") return Promise.resolve(known);
        const { source, source_id } = known;
        if (known.code === "already_replayed") {
          return Promise.resolve({ code: known.code, source, source_id });
        }
        dismissals.push([source_id, user_id, reason]);
        return Promise.resolve({ code: "dismissed", source, source_id });
      },
    },
    calls: {
      ingest: ({ call }) =>
        call?.id === "call-1"
          ? Promise.resolve({ code: "ingested", org_id: ORG, context: null })
          : Promise.reject(new AppError("internal", "Cannot call: it was refused")),
    },
    messages: createCallMessages(),
  },
  recordings: {
    requests: {
      authorizeRequest: () => Promise.resolve({ code: "authorized", org_id: ORG, role: "member" }),
    },
    verifyUser: () => Promise.resolve({ user_id: "aaaaaaaa-0000-4000-8000-000000000003" }),
    recordings: {
      readRecording: ({ vapi_call_id }) =>
        Promise.resolve(
          vapi_call_id === "stored"
            ? { code: "read", storage_path: `${ORG}/stored` }
            : vapi_call_id === "queued"
            ? { code: "not_stored", state: "queued" }
            : { code: "not_found" },
        ),
    },
    recordingStorage: { createSignedUrl: (path) => Promise.resolve(`https://x.test/${path}`) },
  },
  supervision: {
    requests: {
      authorizeRequest: () => Promise.resolve({ code: "authorized", org_id: ORG, role: "owner" }),
      completeRequest: () => Promise.resolve(),
    },
    verifyUser: () => Promise.resolve({ user_id: "aaaaaaaa-0000-4000-8000-000000000003" }),
    // Nothing here gets so far: what these do is shown on the stack.
    handOvers: {} as HandOverStore,
    supervision: {} as SupervisionStore,
  },
  alerts: {
    requests: { authorizeRequest: () => Promise.reject(new Error("not asked")) },
    verifyUser: () => Promise.reject(new Error("not asked")),
    requireSecretKey: createSecretKeyCheck({ secretKeys: ["sb_secret_test"] }),
    alerts: {
      listAlerts: () => Promise.resolve({ code: "forbidden" }),
      acknowledgeAlert: () => Promise.resolve({ code: "forbidden" }),
    },
  },
  metrics: {
    requests: { authorizeRequest: () => Promise.reject(new Error("not asked")) },
    verifyUser: () => Promise.reject(new Error("not asked")),
    requireSecretKey: createSecretKeyCheck({ secretKeys: ["sb_secret_test"] }),
    metrics: {
      readMetrics: () => Promise.resolve({ code: "forbidden" }),
      readServiceLevels: () => Promise.resolve({ code: "forbidden" }),
      listEvents: () => Promise.resolve({ code: "forbidden" }),
      readCosts: () => Promise.resolve({ code: "forbidden" }),
    },
    clock: Date.now,
  },
  rollout: {
    requests: { authorizeRequest: () => Promise.reject(new Error("not asked")) },
    verifyUser: () => Promise.reject(new Error("not asked")),
    requireSecretKey: createSecretKeyCheck({ secretKeys: ["sb_secret_test"] }),
    ...createRolloutStore(),
    contacts: { findContacts: () => Promise.resolve([]) },
  },
});

Deno.test("GET /health says how the function is", async () => {
  const response = await app.request("/ops/health");
  assert.equal(response.status, 200);
  const { status, service, version } = await response.json();
  assert.deepEqual([status, service, version], ["healthy", "ops", "1.2.3"]);
});

Deno.test("any other path is not found", async (test) => {
  const routes: [string, string][] = [["GET", "/"], ["POST", "/"], ["GET", "/flagged"]];
  for (const [method, path] of routes) {
    await test.step(`${method} ${path}`, async () => {
      const response = await app.request(`/ops${path}`, { method });
      assert.equal(response.status, 404);
      assert.equal((await response.json()).code, "not_found");
    });
  }
});

Deno.test("dead letters are listed and run again by whoever has a secret key", async (test) => {
  const key = { apikey: "sb_secret_test" };
  const cases: [string, string, Record<string, string>, number, string | undefined][] = [
    ["GET", "/dead-letters", {}, 401, "unauthenticated"],
    ["GET", "/dead-letters", { apikey: "sb_secret_other" }, 401, "unauthenticated"],
    ["GET", "/dead-letters", key, 200, undefined],
    ["GET", "/dead-letters?source=pigeon", key, 400, "invalid_input"],
    ["GET", "/dead-letters?color=blue", key, 400, "invalid_input"],
    ["POST", `/events/${letterId(1)}/replay`, {}, 401, "unauthenticated"],
    ["POST", `/events/${letterId(1)}/replay`, key, 200, undefined],
    ["POST", `/events/${letterId(2)}/replay`, key, 409, "conflict"],
    ["POST", `/events/${letterId(3)}/replay`, key, 409, "conflict"],
    ["POST", `/events/${letterId(4)}/replay`, key, 200, undefined],
    ["POST", `/events/${letterId(5)}/replay`, key, 422, "check_failed"],
    ["POST", `/events/${letterId(9)}/replay`, key, 404, "not_found"],
    ["POST", "/events/nonsense/replay", key, 404, "not_found"],
  ];
  for (const [method, path, headers, status, code] of cases) {
    await test.step(`${method} ${path} ${status}`, async () => {
      const response = await app.request(`/ops${path}`, { method, headers });
      const body = await response.json();
      assert.equal(response.status, status, JSON.stringify(body));
      assert.equal(body.code, code);
    });
  }
  await test.step("page by page", async () => {
    const page = async (limit: number, more = "") =>
      await (await app.request(`/ops/dead-letters?limit=${limit}${more}`, { headers: key })).json();
    const first = await page(2);
    assert.equal(first.before, LETTERS[1]!.id);
    const second = await page(2, `&cursor=${encodeURIComponent(first.nextCursor)}`);
    assert.deepEqual(second.deadLetters.map(({ id }: DeadLetterRow) => id), [LETTERS[2]!.id]);
    const all = await page(5);
    assert.deepEqual([all.before, all.nextCursor, second.nextCursor], [null, null, null]);
    assert.equal((await page(2, "&cursor=x")).code, "invalid_input");
  });
});

Deno.test("a dead letter is dismissed by whoever has a secret key and says why", async (test) => {
  const key = { apikey: "sb_secret_test" };
  const path = (place: number) => `/events/${letterId(place)}/dismiss`;
  const because = { reason: "a test of ours" };
  const cases: [string, object, Record<string, string>, number][] = [
    [path(1), because, {}, 401],
    [path(1), {}, key, 400],
    [path(1), { reason: " x " }, key, 400],
    [path(1), { ...because, replay: true }, key, 400],
    [`${path(1)}?force=true`, because, key, 400],
    [path(1), because, key, 200],
    [path(2), because, key, 409],
    [path(3), { ...because, actor: "Ada" }, key, 200],
    [path(9), because, key, 404],
    ["/events/nonsense/dismiss", because, key, 404],
  ];
  for (const [path, body, headers, status] of cases) {
    await test.step(`${path} ${JSON.stringify(body)} ${status}`, async () => {
      const response = await app.request(`/ops${path}`, {
        method: "POST",
        headers: { ...headers, "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      assert.equal(response.status, status, await response.text());
    });
  }
  assert.deepEqual(dismissals, [
    ["m1", "operator", "a test of ours"],
    ["m3", "operator:Ada", "a test of ours"],
  ]);
});

Deno.test("a member gets an address for a call's recording", async () => {
  const get = async (id: string) => {
    const response = await app.request(`/ops/calls/${id}/recording`);
    return [response.status, await response.json()] as const;
  };
  const [status, body] = await get("stored");
  assert.equal(status, 200);
  assert.deepEqual(body, { url: `https://x.test/${ORG}/stored`, expiresInSeconds: 900 });
  const [waits, waiting] = await get("queued");
  assert.deepEqual([waits, waiting.state], [404, "queued"]);
  assert.equal((await get("unknown"))[0], 404);
});

Deno.test("what is asked wrongly is refused before anybody is asked", async (test) => {
  const id = "eeeeeeee-0000-4000-8000-000000000001";
  const key = { "idempotency-key": "k" };
  const text = (value: unknown) => ({ text: value });
  const cases: [string, string, object | null, Record<string, string>, number][] = [
    ["GET", "/hand-overs?state=released", null, {}, 400],
    ["GET", "/hand-overs?limit=101", null, {}, 400],
    ["GET", "/hand-overs?cursor=x", null, {}, 400],
    ["GET", "/hand-overs/nonsense", null, {}, 404],
    ["POST", "/hand-overs/nonsense/take", null, {}, 404],
    ["POST", `/hand-overs/${id}/take`, { force: true }, {}, 400],
    ["POST", `/hand-overs/${id}/reply`, text("Hello"), {}, 400],
    ["POST", `/hand-overs/${id}/reply`, text(" "), key, 400],
    ["POST", `/hand-overs/${id}/reply`, text("x".repeat(4097)), key, 400],
    ["POST", `/hand-overs/${id}/reply`, text("a\0b"), key, 400],
    ["POST", `/hand-overs/${id}/reply`, text(7), key, 400],
    ["POST", `/hand-overs/${id}/release`, { to: "agent" }, {}, 400],
    ["GET", "/agents?on=true", null, {}, 400],
    ["POST", "/agents/pirate/switch", { on: true, reason: "x" }, {}, 404],
    ["POST", "/agents/jobs/switch", { on: true }, {}, 400],
    ["POST", "/agents/jobs/switch", { on: "yes", reason: "x" }, {}, 400],
    ["GET", "/failed-conversations?state=new", null, {}, 400],
    ["POST", `/failed-conversations/${id}/review`, { note: "" }, {}, 400],
    ["POST", "/failed-conversations/nonsense/replay", null, {}, 404],
    ["GET", `/contacts/${id}/timeline?before=now`, null, {}, 400],
    ["GET", "/contacts/nonsense/timeline", null, {}, 404],
    ["DELETE", `/hand-overs/${id}`, null, {}, 405],
  ];
  for (const [method, path, body, headers, status] of cases) {
    await test.step(`${method} ${path} ${JSON.stringify(body)?.slice(0, 40)}`, async () => {
      const response = await app.request(`/ops${path}`, {
        method,
        headers: { "content-type": "application/json", ...headers },
        ...(body === null ? {} : { body: JSON.stringify(body) }),
      });
      assert.equal(response.status, status, await response.clone().text());
      assert.ok((await response.json()).requestId);
    });
  }
});
