import assert from "node:assert/strict";
import { parsePrometheus } from "../../../tests/support/parse_prometheus.ts";
import { AppError } from "../_shared/errors.ts";
import { createApp } from "../_shared/http/create_app.ts";
import { createSecretKeyCheck } from "../_shared/http/require_secret_key.ts";
import { createLogger } from "../_shared/log.ts";
import type { EventRow, MetricReader, MetricStore } from "../_shared/ports_metrics.ts";
import { addMetricRoutes } from "./metric_routes.ts";

const ORG = "11111111-1111-4111-8111-111111111111";
const OTHER = "22222222-2222-4222-8222-222222222222";
const USER = "aaaaaaaa-0000-4000-8000-000000000001";
const OPERATOR = { apikey: "sb_secret_test" };
const OWNER = { authorization: "Bearer owner" };
const MOMENT = "2026-11-21T10:00:00.123456+00:00";

const event = (place: number): EventRow => ({
  id: `eeeeeeee-0000-4000-8000-00000000000${place}`,
  source: "agents",
  org_id: ORG,
  type: "turn",
  outcome: "succeeded",
  agent: "jobs",
  contact_id: null,
  request_id: "r",
  duration_ms: 10,
  response_ms: 20,
  error: null,
  details: {},
  created_at: MOMENT,
});

type Asked = MetricReader & Record<string, unknown>;

function open() {
  const asked: Asked[] = [];
  const note = (input: MetricReader) => asked.push({ ...input });
  const metrics: MetricStore = {
    readMetrics: (input) => {
      note(input);
      return Promise.resolve({
        code: "read",
        generated_at: MOMENT,
        counted_until: MOMENT,
        measured_at: MOMENT,
        bounds: [5, 10],
        windows: [{ window: "5m", metrics: [] }],
        gauges: [{ gauge: "queue_depth", label: "jobs", value: 3 }],
      });
    },
    readServiceLevels: (input) => {
      note(input);
      return Promise.resolve({
        code: "read",
        generated_at: MOMENT,
        counted_until: MOMENT,
        levels: [],
        beside: [],
      });
    },
    listEvents: (input) => {
      note(input);
      return Promise.resolve({
        code: "listed",
        events: [event(1), event(2)].slice(0, input.limit),
        next: input.limit > 2 ? null : { at: MOMENT, id: event(input.limit).id },
      });
    },
    readCosts: (input) => {
      note(input);
      return Promise.resolve({ code: "read", costs: [], last_org_id: null });
    },
  };
  const app = createApp({
    name: "ops",
    logger: createLogger({ functionName: "ops", write: () => {} }),
    version: "1.2.3",
    dashboardOrigins: ["*"],
    readHealth: () => Promise.reject(new Error("not asked")),
  });
  addMetricRoutes(app, {
    requests: {
      authorizeRequest: ({ minimum_role, org_id }) =>
        Promise.resolve(
          minimum_role !== "owner"
            ? { code: "forbidden", reason: "role_too_low" }
            : org_id === OTHER
            ? { code: "forbidden", reason: "not_member" }
            : { code: "authorized", org_id: ORG, role: "owner" },
        ),
    },
    verifyUser: (request) =>
      request.headers.get("authorization") === OWNER.authorization
        ? Promise.resolve({ user_id: USER })
        : Promise.reject(new AppError("unauthenticated", "Cannot accept the token: it is not")),
    requireSecretKey: createSecretKeyCheck({ secretKeys: ["sb_secret_test"] }),
    metrics,
    clock: () => Date.parse("2026-11-30T23:30:00Z"),
  });
  const get = (path: string, headers: Record<string, string> = {}) =>
    app.request(`/ops${path}`, { headers });
  return { get, asked };
}

const ROUTES = ["/metrics", "/slo", "/events", "/costs"];

Deno.test("who may look, and at whom", async (test) => {
  const everybody = { org_id: null, user_id: null };
  const cases: [string, Record<string, string>, number, MetricReader | null][] = [
    ["", {}, 401, null],
    ["", { apikey: "sb_publishable" }, 401, null],
    ["", { authorization: "Bearer forged" }, 401, null],
    ["", OPERATOR, 200, everybody],
    [`?org_id=${OTHER}`, OPERATOR, 200, { org_id: OTHER, user_id: null }],
    ["", OWNER, 200, { org_id: ORG, user_id: USER }],
    ["", { ...OWNER, apikey: "sb_publishable" }, 200, { org_id: ORG, user_id: USER }],
    [`?org_id=${ORG}`, OWNER, 200, { org_id: ORG, user_id: USER }],
    [`?org_id=${OTHER}`, OWNER, 403, null],
    [`?org_id=${OTHER}`, { ...OWNER, "x-org-id": ORG }, 403, null],
    [`?org_id=${ORG}`, { ...OWNER, "x-org-id": OTHER }, 403, null],
    [`?org_id=${ORG}`, { ...OWNER, "x-org-id": ORG.toUpperCase() }, 200, {
      org_id: ORG,
      user_id: USER,
    }],
    ["?org_id=all", OPERATOR, 400, null],
    ["?colour=blue", OPERATOR, 400, null],
    ["?colour=blue", OWNER, 400, null],
  ];
  for (const route of ROUTES) {
    for (const [query, headers, status, reader] of cases) {
      await test.step(`${route}${query} ${JSON.stringify(headers)}`, async () => {
        const { get, asked } = open();
        const response = await get(`${route}${query}`, headers);
        assert.equal(response.status, status, await response.clone().text());
        assert.equal(asked.length, reader === null ? 0 : 1);
        if (reader === null) return;
        assert.deepEqual({ org_id: asked[0]?.org_id, user_id: asked[0]?.user_id }, reader);
        assert.equal(response.headers.get("cache-control"), "no-store");
      });
    }
  }
});

Deno.test("metrics come in the format that is asked for", async (test) => {
  const prometheus =
    "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.1";
  const cases: [string, string | null, "json" | "text"][] = [
    ["", null, "json"],
    ["", "*/*", "json"],
    ["", "application/json, text/plain, */*", "json"],
    ["", "text/html,application/xhtml+xml", "json"],
    ["", prometheus, "text"],
    ["", "text/plain", "text"],
    ["?format=json", prometheus, "json"],
    ["?format=prometheus", "application/json", "text"],
  ];
  for (const [query, accept, expected] of cases) {
    await test.step(`${query} ${accept}`, async () => {
      const headers = accept === null ? OPERATOR : { ...OPERATOR, accept };
      const response = await open().get(`/metrics${query}`, headers);
      const type = response.headers.get("content-type") ?? "";
      if (expected === "json") {
        assert.match(type, /^application\/json/);
        const { orgId, gauges } = await response.json();
        assert.deepEqual([orgId, gauges.length], [null, 1]);
        return;
      }
      assert.equal(type, "text/plain; version=0.0.4; charset=utf-8");
      const samples = parsePrometheus(await response.text());
      assert.ok(samples.some(({ name }) => name === "switchboard_queue_depth"));
    });
  }
});

Deno.test("events come page by page, by what is asked for", async () => {
  const { get, asked } = open();
  const first = await (await get("/events?limit=2&type=turn&outcome=failed&agent=jobs", OPERATOR))
    .json();
  assert.equal(first.events.length, 2);
  const { type, outcome, agent, limit, before } = asked[0] ?? ({} as Partial<Asked>);
  assert.deepEqual([type, outcome, agent, limit, before], ["turn", "failed", "jobs", 2, undefined]);
  await get(`/events?limit=2&cursor=${encodeURIComponent(first.nextCursor)}`, OPERATOR);
  assert.deepEqual([asked[1]?.before, asked[1]?.before_id], [MOMENT, event(2).id]);
  assert.equal((await (await get("/events?limit=3", OPERATOR)).json()).nextCursor, null);
  for (const query of ["cursor=x", "limit=101", "from=yesterday", "outcome=A%20B", "source=b"]) {
    assert.equal((await get(`/events?${query}`, OPERATOR)).status, 400, query);
  }
});

Deno.test("costs are of this month unless others are named", async () => {
  const { get, asked } = open();
  const { months } = await (await get("/costs", OPERATOR)).json();
  assert.deepEqual(months, { from: "2026-11", to: "2026-11" });
  await get("/costs?from=2026-01&to=2026-03", OPERATOR);
  assert.deepEqual([asked[1]?.from_month, asked[1]?.to_month], ["2026-01-01", "2026-03-01"]);
  for (const query of ["from=2026-13", "to=2026", "after=x"]) {
    assert.equal((await get(`/costs?${query}`, OPERATOR)).status, 400, query);
  }
});
