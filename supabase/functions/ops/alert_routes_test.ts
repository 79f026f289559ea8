import assert from "node:assert/strict";
import { AppError } from "../_shared/errors.ts";
import { createApp } from "../_shared/http/create_app.ts";
import { createSecretKeyCheck } from "../_shared/http/require_secret_key.ts";
import { createLogger } from "../_shared/log.ts";
import type { AlertRow, AlertStore } from "../_shared/ports_alerts.ts";
import { addAlertRoutes } from "./alert_routes.ts";

const ORG = "11111111-1111-4111-8111-111111111111";
const OTHER = "22222222-2222-4222-8222-222222222222";
const USER = "aaaaaaaa-0000-4000-8000-000000000001";
const OPERATOR = { apikey: "sb_secret_test" };
const OWNER = { authorization: "Bearer owner" };
const alertId = (place: number) => `eeeeeeee-0000-4000-8000-00000000000${place}`;

const row = (place: number): AlertRow => ({
  id: alertId(place),
  org_id: ORG,
  rule: "slow_sync",
  dedupe_key: "agent_sync",
  severity: "warning",
  message: "Slow",
  details: {},
  state: "raised",
  occurrences: 1,
  raised_at: "2026-11-21T10:00:00.123456+00:00",
  last_raised_at: "2026-11-21T10:00:00.123456+00:00",
  acknowledged_at: null,
  acknowledged_by: null,
  resolved_at: null,
});

function open() {
  const asked: object[] = [];
  const alerts: AlertStore = {
    listAlerts: (input) => {
      asked.push(input);
      return Promise.resolve({ code: "listed", alerts: [row(1), row(2)].slice(0, input.limit) });
    },
    acknowledgeAlert: (input) => {
      asked.push(input);
      if (input.id === alertId(1)) {
        return Promise.resolve({
          code: "acknowledged",
          alert: { ...row(1), state: "acknowledged" },
        });
      }
      if (input.id === alertId(2)) return Promise.resolve({ code: "resolved", alert: row(2) });
      return Promise.resolve({ code: "not_found" });
    },
  };
  const app = createApp({
    name: "ops",
    logger: createLogger({ functionName: "ops", write: () => {} }),
    version: "1.2.3",
    dashboardOrigins: ["*"],
  });
  addAlertRoutes(app, {
    requests: {
      authorizeRequest: ({ minimum_role, org_id }) =>
        Promise.resolve(
          minimum_role === "owner" && org_id !== OTHER
            ? { code: "authorized", org_id: ORG, role: "owner" }
            : { code: "forbidden", reason: org_id === OTHER ? "not_member" : "role_too_low" },
        ),
    },
    verifyUser: (request) =>
      request.headers.get("authorization") === OWNER.authorization
        ? Promise.resolve({ user_id: USER })
        : Promise.reject(new AppError("unauthenticated", "Cannot verify")),
    requireSecretKey: createSecretKeyCheck({ secretKeys: ["sb_secret_test"] }),
    alerts,
  });
  const send = async (method: string, path: string, headers: Record<string, string>) => {
    const response = await app.request(`/ops${path}`, { method, headers });
    return { status: response.status, body: await response.json() };
  };
  return { send, asked };
}

Deno.test("who may see and acknowledge which alerts", async (test) => {
  const cases: [string, string, Record<string, string>, number, object | null][] = [
    ["GET", "/alerts", {}, 401, null],
    ["GET", "/alerts", { authorization: "Bearer other" }, 401, null],
    ["GET", "/alerts", OPERATOR, 200, { org_id: null, user_id: null, limit: 50 }],
    ["GET", "/alerts", OWNER, 200, { org_id: ORG, user_id: USER, limit: 50 }],
    ["GET", `/alerts?org_id=${OTHER}`, OWNER, 403, null],
    [
      "GET",
      `/alerts?org_id=${OTHER}&state=open&severity=critical&rule=slow_sync&limit=1`,
      OPERATOR,
      200,
      {
        org_id: OTHER,
        user_id: null,
        state: "open",
        severity: "critical",
        rule: "slow_sync",
        limit: 1,
      },
    ],
    ["GET", "/alerts?state=broken", OPERATOR, 400, null],
    ["GET", "/alerts?colour=blue", OPERATOR, 400, null],
    ["GET", "/alerts?cursor=x", OPERATOR, 400, null],
    ["POST", `/alerts/${alertId(1)}/ack`, {}, 401, null],
    ["POST", `/alerts/${alertId(1)}/ack`, OPERATOR, 200, { org_id: null, user_id: null }],
    ["POST", `/alerts/${alertId(1)}/ack`, OWNER, 200, { org_id: ORG, user_id: USER }],
    ["POST", `/alerts/${alertId(2)}/ack`, OPERATOR, 409, { id: alertId(2) }],
    ["POST", `/alerts/${alertId(3)}/ack`, OPERATOR, 404, { id: alertId(3) }],
    ["POST", "/alerts/nonsense/ack", OPERATOR, 404, null],
  ];
  for (const [method, path, headers, status, expected] of cases) {
    await test.step(`${method} ${path} ${status}`, async () => {
      const { send, asked } = open();
      const answer = await send(method, path, headers);
      assert.equal(answer.status, status, JSON.stringify(answer.body));
      if (expected === null) assert.deepEqual(asked, []);
      else assert.deepEqual({ ...asked[0], ...expected }, asked[0]);
    });
  }
});

Deno.test("pages go on where the last one ended", async () => {
  const { send, asked } = open();
  const first = await send("GET", "/alerts?limit=2", OPERATOR);
  assert.equal(first.body.alerts.length, 2);
  assert.equal(first.body.alerts[1].raisedAt, row(2).raised_at);
  await send(
    "GET",
    `/alerts?limit=2&cursor=${encodeURIComponent(first.body.nextCursor)}`,
    OPERATOR,
  );
  const behind = { before: row(2).raised_at, before_id: row(2).id };
  assert.deepEqual({ ...asked[1], ...behind }, asked[1]);
  assert.equal((await send("GET", "/alerts?limit=5", OPERATOR)).body.nextCursor, null);
});
