import assert from "node:assert/strict";
import { AppError } from "../_shared/errors.ts";
import { createApp } from "../_shared/http/create_app.ts";
import { createSecretKeyCheck } from "../_shared/http/require_secret_key.ts";
import { createLogger } from "../_shared/log.ts";
import { createCallMessages } from "../_shared/providers/vapi/create_call_messages.ts";
import { addDeadLetterRoutes } from "./dead_letter_routes.ts";
import { addTimelineRoutes } from "./timeline_routes.ts";

const ORG = "11111111-1111-4111-8111-111111111111";
const OTHER = "22222222-2222-4222-8222-222222222222";
const USER = "aaaaaaaa-0000-4000-8000-000000000001";
const CONTACT = "cccccccc-0000-4000-8000-000000000001";
const OPERATOR = { apikey: "sb_secret_test" };
const OWNER = { authorization: "Bearer owner" };
const MEMBER = { authorization: "Bearer member" };
type Asked = { org_id: string | null; user_id?: string | null };

function open() {
  const asked: Asked[] = [];
  const app = createApp({
    name: "ops",
    logger: createLogger({ functionName: "ops", write: () => {} }),
    version: "1.2.3",
    dashboardOrigins: ["*"],
    readHealth: () => Promise.reject(new Error("not asked")),
  });
  let role = "owner";
  const reader = {
    requests: {
      authorizeRequest: ({ org_id }: { org_id: string | null }) =>
        Promise.resolve(
          org_id === OTHER
            ? { code: "forbidden" as const, reason: "not_member" as const }
            : role === "owner"
            ? { code: "authorized" as const, org_id: ORG, role: "owner" as const }
            : { code: "forbidden" as const, reason: "role_too_low" as const },
        ),
    },
    verifyUser: (request: Request) => {
      role = request.headers.get("authorization")?.slice(7) ?? "";
      return role === ""
        ? Promise.reject(new AppError("unauthenticated", "Cannot accept the token: there is none"))
        : Promise.resolve({ user_id: USER });
    },
    requireSecretKey: createSecretKeyCheck({ secretKeys: ["sb_secret_test"] }),
  };
  addTimelineRoutes(app, {
    ...reader,
    supervision: {
      readContactTimeline: ({ org_id, user_id, contact_id }) => {
        asked.push({ org_id, user_id });
        return Promise.resolve(
          contact_id === CONTACT
            ? { code: "read", contact: { id: CONTACT, name: "Ann" }, items: [] }
            : { code: "not_found" },
        );
      },
    },
  });
  addDeadLetterRoutes(app, {
    ...reader,
    deadLetters: {
      listDeadLetters: ({ org_id }) => {
        asked.push({ org_id });
        return Promise.resolve([]);
      },
      replayDeadLetter: () => Promise.reject(new Error("not asked")),
      recordReplay: () => Promise.reject(new Error("not asked")),
      dismissDeadLetter: () => Promise.reject(new Error("not asked")),
    },
    calls: { ingest: () => Promise.reject(new Error("not asked")) },
    messages: createCallMessages(),
  });
  return { app, asked };
}

Deno.test("operators read anybody's, owners their own, nobody else", async (test) => {
  const timeline = `/timeline?contact=${CONTACT}`;
  const letters = "/dead-letters";
  const cases: [string, Record<string, string>, number, Asked | null][] = [
    [timeline, {}, 401, null],
    [timeline, MEMBER, 403, null],
    [timeline, OPERATOR, 200, { org_id: null, user_id: null }],
    [`${timeline}&org_id=${OTHER}`, OPERATOR, 200, { org_id: OTHER, user_id: null }],
    [timeline, OWNER, 200, { org_id: ORG, user_id: USER }],
    [`${timeline}&org_id=${OTHER}`, OWNER, 403, null],
    [`/timeline?contact=${ORG}`, OPERATOR, 404, { org_id: null, user_id: null }],
    ["/timeline", OPERATOR, 400, null],
    ["/timeline?contact=ann", OPERATOR, 400, null],
    [letters, {}, 401, null],
    [letters, MEMBER, 403, null],
    [letters, OPERATOR, 200, { org_id: null }],
    [`${letters}?org_id=${OTHER}`, OPERATOR, 200, { org_id: OTHER }],
    [letters, OWNER, 200, { org_id: ORG }],
    [`${letters}?org_id=${OTHER}`, OWNER, 403, null],
  ];
  for (const [path, headers, status, expected] of cases) {
    await test.step(`${path} ${JSON.stringify(headers)}`, async () => {
      const { app, asked } = open();
      const response = await app.request(`/ops${path}`, { headers });
      assert.equal(response.status, status, await response.text());
      assert.deepEqual(asked, expected === null ? [] : [expected]);
    });
  }
});

Deno.test("what died is run again by operators alone", async () => {
  const response = await open().app.request(`/ops/events/${CONTACT}/replay`, {
    method: "POST",
    headers: OWNER,
  });
  assert.equal(response.status, 401);
});
