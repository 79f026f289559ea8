import assert from "node:assert/strict";
import { createRolloutSnapshot } from "../../../tests/in_memory/create_rollout_snapshot.ts";
import { createRolloutStore } from "../../../tests/in_memory/create_rollout_store.ts";
import { AppError } from "../_shared/errors.ts";
import { createApp } from "../_shared/http/create_app.ts";
import { createSecretKeyCheck } from "../_shared/http/require_secret_key.ts";
import { createLogger } from "../_shared/log.ts";
import type { JsonObject } from "../_shared/ports.ts";
import type { RolloutContactRow } from "../_shared/ports_rollout.ts";
import { addConfigRoutes } from "./config_routes.ts";
import { addFlagRoutes } from "./flag_routes.ts";
import { addRolloutRoutes } from "./rollout_routes.ts";

const ORG = "11111111-1111-4111-8111-111111111111";
const OTHER = "22222222-2222-4222-8222-222222222222";
/** In bucket 23. */
const KEY = "16505551234";
const CONTACT: RolloutContactRow = {
  org_id: ORG,
  contact_id: "cccccccc-0000-4000-8000-000000000001",
  rollout_key: KEY,
  name: "Ada",
  phone: "+250788123456",
  bsuid: null,
  names: ["250788123456"],
};

function setUp(percent = 10) {
  const store = createRolloutStore(createRolloutSnapshot({ percent, turns: 1_000 }));
  const looked: unknown[] = [];
  const dependencies = {
    ...store,
    requireSecretKey: createSecretKeyCheck({ secretKeys: ["sb_secret_test"] }),
    verifyUser: () => Promise.resolve({ user_id: "aaaaaaaa-0000-4000-8000-000000000001" }),
    requests: {
      authorizeRequest: (
        { minimum_role, org_id }: { minimum_role: string; org_id: string | null },
      ) =>
        org_id === OTHER
          ? Promise.resolve({ code: "forbidden" as const, reason: "not_member" as const })
          : minimum_role === "owner"
          ? Promise.resolve({ code: "authorized" as const, org_id: ORG, role: "owner" as const })
          : Promise.reject(new AppError("internal", "Cannot happen")),
    },
    contacts: {
      findContacts(
        input: { phone: string | null; contact_id: string | null; bsuid: string | null },
      ) {
        looked.push(input);
        const isKnown = input.phone === "250788123456" || input.contact_id === CONTACT.contact_id;
        return Promise.resolve(isKnown ? [CONTACT] : []);
      },
    },
  };
  const app = createApp({
    name: "ops",
    logger: createLogger({ functionName: "ops", write: () => {} }),
    dashboardOrigins: ["*"],
    version: "0",
  });
  addFlagRoutes(app, dependencies);
  addRolloutRoutes(app, dependencies);
  addConfigRoutes(app, dependencies);
  const ask = async (
    route: string,
    { body, headers = { apikey: "sb_secret_test" } }: {
      body?: unknown;
      headers?: Record<string, string>;
    } = {},
  ) => {
    const [method = "", path = ""] = route.split(" ");
    const response = await app.request(`/ops${path}`, {
      method,
      headers: { "content-type": "application/json", ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return {
      status: response.status,
      etag: response.headers.get("etag"),
      body: await response.json(),
    };
  };
  return { ...store, ask, looked };
}
const token = { authorization: "Bearer a-token", apikey: "sb_publishable_x" };

Deno.test("only operators change anything, and see what is all organizations'", async (test) => {
  const routes = [
    "GET /rollout",
    "POST /rollout",
    "PATCH /flags",
    "GET /config/history",
    "POST /config/history/eeeeeeee-0000-4000-8000-000000000001/revert",
  ];
  const { ask } = setUp();
  for (const route of routes) {
    for (const headers of [{}, { apikey: "sb_secret_other" }, token]) {
      await test.step(`${route} with ${JSON.stringify(headers)}`, async () => {
        assert.equal((await ask(route, { headers })).status, 401);
      });
    }
  }
  await test.step("nobody reads flags without saying who", async () => {
    assert.equal((await ask("GET /flags", { headers: {} })).status, 401);
  });
});

Deno.test("an operator reads the flags, an owner what holds for the own organization", async () => {
  const { ask, snapshot } = setUp();
  const read = await ask("GET /flags");
  assert.deepEqual([read.status, read.etag, read.body.isValid], [200, '"3"', true]);
  assert.equal(read.body.flags.unifiedServiceRolloutPercent, 10);
  const own = await ask("GET /flags", { headers: token });
  assert.deepEqual([own.body.orgId, own.body.enabled, own.body.percent], [ORG, true, 10]);
  assert.equal("flags" in own.body, false);

  snapshot.flags.value = { unifiedServiceEnabled: "yes" };
  snapshot.flags.is_valid = false;
  const malformed = await ask("GET /flags");
  assert.equal(malformed.body.isValid, false);
  assert.ok(malformed.body.errors.length > 0);
  assert.equal(malformed.body.inForce.unifiedServiceRolloutPercent, 10);
});

Deno.test("a change of the flags is validated, compared and signed", async (test) => {
  const flags = { agentFlags: { jobs: false } };
  const reason = "jobs is broken";
  const cases: [string, unknown, Record<string, string>, number, string | null][] = [
    ["without if-match", { flags, reason }, {}, 400, "if-match"],
    ["with a strange if-match", { flags, reason }, { "if-match": "new" }, 400, "if-match"],
    ["of an older revision", { flags, reason }, { "if-match": '"2"' }, 412, null],
    ["without a reason", { flags }, { "if-match": '"3"' }, 400, "reason"],
    ["with hardly a reason", { flags, reason: " x " }, { "if-match": '"3"' }, 400, "reason"],
    ["with a strange name", { flags, reason, actor: "a\nb" }, { "if-match": '"3"' }, 400, "actor"],
    ["misspelt", { flags: { agentFlag: {} }, reason }, { "if-match": '"3"' }, 400, "flags"],
    [
      "malformed",
      { flags: { agentFlags: { jobs: "no" } }, reason },
      { "if-match": '"3"' },
      400,
      "flags.agentFlags.jobs",
    ],
    [
      "taking away what must be there",
      { flags: { agentFlags: null }, reason },
      { "if-match": '"3"' },
      400,
      "flags.agentFlags",
    ],
    ["good", { flags, reason, actor: "ada" }, { "if-match": '"3"' }, 200, null],
  ];
  for (const [name, body, headers, status, field] of cases) {
    await test.step(name, async () => {
      const { ask, changes } = setUp();
      const answer = await ask("PATCH /flags", {
        body,
        headers: { apikey: "sb_secret_test", ...headers },
      });
      assert.equal(answer.status, status, JSON.stringify(answer.body));
      if (field !== null) assert.equal(answer.body.errors[0].field, field);
      assert.equal(changes.length, status === 200 ? 1 : 0);
      if (status !== 200) return;
      assert.deepEqual([answer.etag, answer.body.revision], ['"4"', 4]);
      const [change] = changes;
      assert.deepEqual([change?.actor, change?.reason], ["operator:ada", reason]);
      const after = change?.value_after as JsonObject;
      const agents = after["agentFlags"] as JsonObject;
      assert.deepEqual([agents["jobs"], agents["rides"]], [false, true]);
    });
  }
});

Deno.test("a deleted row of the flags is stored anew, from what holds", async (test) => {
  const body = { flags: { agentFlags: { jobs: false } }, reason: "it was deleted" };
  const patch = { body, headers: { apikey: "sb_secret_test", "if-match": "*" } };
  await test.step("where there is none", async () => {
    const { ask, snapshot, changes } = setUp();
    Object.assign(snapshot.flags, { value: null, revision: null, is_valid: false });
    const named = { ...patch, headers: { ...patch.headers, "if-match": '"3"' } };
    assert.equal((await ask("PATCH /flags", named)).status, 412);
    const repaired = await ask("PATCH /flags", patch);
    assert.deepEqual([repaired.status, repaired.etag], [200, '"1"']);
    const after = changes[0]?.value_after as JsonObject;
    assert.equal(after["unifiedServiceRolloutPercent"], 10, "as it was in force");
    assert.equal((after["agentFlags"] as JsonObject)["jobs"], false);
  });
  await test.step("whatever is stored", async () => {
    const { ask } = setUp();
    assert.deepEqual((await ask("PATCH /flags", patch)).etag, '"4"');
  });
  await test.step("not over what somebody else stored meanwhile", async () => {
    const { ask, snapshot, config, changes } = setUp();
    const { changeConfig } = config;
    config.changeConfig = (input) => {
      snapshot.flags.revision = 9;
      return changeConfig(input);
    };
    const late = await ask("PATCH /flags", patch);
    assert.deepEqual([late.status, late.body.revision, changes.length], [412, 9, 0]);
  });
});

Deno.test("somebody is explained by number, id or name", async (test) => {
  const { ask, looked } = setUp();
  const explain = async (contact: string, headers?: Record<string, string>) =>
    (await ask(
      `GET /flags/explain?contact=${encodeURIComponent(contact)}`,
      headers === undefined ? {} : { headers },
    )).body;
  for (const contact of ["+250 788 123 456", "250788123456", CONTACT.contact_id.toUpperCase()]) {
    await test.step(contact, async () => {
      const { contacts: [found] } = await explain(contact);
      assert.deepEqual(
        [found.orgId, found.inside, found.reason, found.bucket, found.rolloutKey],
        [ORG, false, "outside_percent", 23, KEY],
      );
      assert.equal(found.because, "bucket 23 is above 10 %");
      assert.equal("name" in found, false);
    });
  }
  await test.step("whoever never wrote", async () => {
    const { contacts, wouldBe } = await explain("+1 (650) 555-1234");
    assert.deepEqual(contacts, []);
    assert.deepEqual([wouldBe.rolloutKey, wouldBe.bucket], [KEY, 23]);
  });
  await test.step("a BSUID", async () => {
    await explain("US.13491208655302741918");
    assert.deepEqual(looked.at(-1), {
      contact_id: null,
      phone: null,
      bsuid: "US.13491208655302741918",
      org_id: null,
    });
  });
  await test.step("an owner looks at the own organization", async () => {
    await explain("250788123456", token);
    assert.equal((looked.at(-1) as { org_id: string }).org_id, ORG);
    assert.equal((await explain("250788123456", token)).contacts.length, 1);
    // Else the allow and deny lists, which name people of all organizations, could be felt out.
    const unknown = await ask("GET /flags/explain?contact=16505551234", { headers: token });
    assert.deepEqual([unknown.status, unknown.body.wouldBe], [404, undefined]);
    const refused = await ask(`GET /flags/explain?contact=1&org_id=${OTHER}`, { headers: token });
    assert.equal(refused.status, 403);
  });
});

Deno.test("the rollout shows where it stands and what the guard would do", async () => {
  const { body } = await setUp().ask("GET /rollout");
  assert.deepEqual(
    [body.percent, body.mode, body.paused, body.nextPercent, body.lastGoodPercent],
    [10, "automatic", false, 50, 0],
  );
  assert.deepEqual([body.verdict.kind, body.verdict.to], ["advance", 50]);
  assert.equal(body.measures.sinceEntered.turns, 1_000);
  assert.equal(body.stages.length, 1);
});

Deno.test("an operator's hand moves the rollout", async (test) => {
  const reason = "it looks well";
  const moves: [JsonObject, number, unknown][] = [
    [{ action: "set", percent: 25 }, 25, { outcome: null, pause: false }],
    [{ action: "set", percent: 0 }, 0, { outcome: null, pause: false }],
    [{ action: "advance" }, 50, { outcome: "advanced", pause: false }],
    [{ action: "rollback" }, 0, { outcome: "rolled_back", pause: true }],
  ];
  for (const [action, percent, expected] of moves) {
    await test.step(JSON.stringify(action), async () => {
      const { ask, moves } = setUp();
      const { status, body } = await ask("POST /rollout", { body: { ...action, reason } });
      assert.deepEqual([status, body.success, body.percent], [200, true, percent]);
      const [{ outcome, pause, actor, reason: written } = moves[0]!] = moves;
      assert.deepEqual({ outcome, pause }, expected);
      assert.deepEqual([actor, written], ["operator", reason]);
    });
  }
  await test.step("a rollback under a malformed plan writes the one in use, paused", async () => {
    const { ask, snapshot, moves } = setUp();
    snapshot.plans.unshift({ mode: "automatisch" });
    await ask("POST /rollout", { body: { action: "rollback", reason: "enough" } });
    assert.deepEqual([moves[0]?.plan?.value.paused, moves[0]?.plan?.revision], [true, 2]);
  });
  await test.step("pause, resume, and another plan", async () => {
    const { ask } = setUp();
    const act = async (action: JsonObject) =>
      (await ask("POST /rollout", { body: { ...action, reason } })).body;
    assert.equal((await act({ action: "pause" })).paused, true);
    assert.equal((await act({ action: "resume" })).paused, false);
    const { plan } = await act({ action: "pause" });
    const advised = await act({ action: "plan", plan: { ...plan, mode: "advise", paused: false } });
    assert.deepEqual([advised.mode, advised.paused, advised.planRevision], ["advise", false, 6]);
  });
  const refused: [string, JsonObject, number, string][] = [
    ["behind the last stage", { action: "advance", reason }, 409, "conflict"],
    ["without a reason", { action: "pause" }, 400, "invalid_input"],
    ["over all", { action: "set", percent: 101, reason }, 400, "invalid_input"],
    ["without a percentage", { action: "set", reason }, 400, "invalid_input"],
    ["of an unknown kind", { action: "restart", reason }, 400, "invalid_input"],
    ["by a malformed plan", { action: "plan", plan: { mode: "x" }, reason }, 400, "invalid_input"],
  ];
  for (const [name, body, status, code] of refused) {
    await test.step(name, async () => {
      const { ask, moves, changes } = setUp(100);
      const answer = await ask("POST /rollout", { body });
      assert.deepEqual([answer.status, answer.body.code], [status, code]);
      assert.deepEqual([moves, changes], [[], []]);
    });
  }
  await test.step("back from nobody", async () => {
    const answer = await setUp(0).ask("POST /rollout", { body: { action: "rollback", reason } });
    assert.equal(answer.status, 409);
  });
});

Deno.test("every change is listed and can be taken back", async () => {
  const { ask } = setUp();
  await ask("POST /rollout", { body: { action: "pause", reason: "weekend" } });
  const { body: { changes, before } } = await ask("GET /config/history?limit=1");
  assert.deepEqual([changes.length, changes[0].reason, before], [1, "weekend", changes[0].id]);
  assert.equal((await ask("GET /config/history?key=Not%20a%20key")).status, 400);
  const revert = (id: string, body: unknown = { reason: "on with it" }) =>
    ask(`POST /config/history/${id}/revert`, { body });
  const reverted = await revert(changes[0].id);
  assert.deepEqual(
    [reverted.status, reverted.body.changed, reverted.body.value.paused],
    [200, true, false],
  );
  assert.equal((await revert(changes[0].id, {})).status, 400);
  assert.equal((await revert("nonsense")).status, 404);
  assert.equal((await revert("eeeeeeee-0000-4000-8000-000000000999")).status, 404);
});

Deno.test("an operator's hand moves a tier, by its plan or to any share", async (test) => {
  const reason = "it looks well";
  const path = "/rollout?tier=workspace";
  await test.step("where it stands", async () => {
    const { status, body } = await setUp().ask(`GET ${path}`);
    assert.equal(status, 200);
    assert.deepEqual(
      [body.tier, body.percent, body.due, body.nextPercent, body.entered.by],
      ["workspace", 10, true, 50, "operator"],
    );
    assert.equal((await setUp().ask(`GET ${path}`, { headers: {} })).status, 401);
    assert.equal((await setUp().ask("GET /rollout?tier=rides")).status, 400);
  });
  const moves: [JsonObject, number][] = [
    [{ action: "set", percent: 25 }, 25],
    [{ action: "advance" }, 50],
    [{ action: "rollback" }, 0],
  ];
  for (const [action, percent] of moves) {
    await test.step(JSON.stringify(action), async () => {
      const { ask } = setUp();
      const { status, body } = await ask(`POST ${path}`, { body: { ...action, reason } });
      assert.deepEqual([status, body.percent, body.due], [200, percent, false]);
      assert.deepEqual([body.entered.by, body.entered.reason], ["operator", reason]);
    });
  }
  const refused: [string, JsonObject, number][] = [
    ["without a reason", { action: "advance" }, 400],
    ["what a tier has none of", { action: "pause", reason }, 400],
    ["over all", { action: "set", percent: 101, reason }, 400],
  ];
  for (const [name, body, status] of refused) {
    await test.step(name, async () => {
      assert.equal((await setUp().ask(`POST ${path}`, { body })).status, status);
    });
  }
  await test.step("behind the last stage", async () => {
    const { ask } = setUp();
    const body = { action: "advance", reason };
    await ask(`POST ${path}`, { body });
    assert.equal((await ask(`POST ${path}`, { body })).status, 409);
  });
});
