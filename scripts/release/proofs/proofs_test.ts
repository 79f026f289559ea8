import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { createOps } from "../ops/create_ops.ts";
import { proveHealth } from "./prove_health.ts";
import { ensureCanary, proveReply } from "./prove_reply.ts";
import {
  proveDelivery,
  proveHandshake,
  proveRefusals,
  writeCanaryDelivery,
} from "./prove_webhook.ts";

const PROJECT_URL = "http://127.0.0.1:9";

/** Time passes only where somebody waits. */
function answering(answer: (request: Request) => Response | Promise<Response>) {
  let now = 0;
  const asked: Request[] = [];
  return {
    asked,
    waited: () => now,
    fetch: async (input: RequestInfo | URL, init?: RequestInit) => {
      const request = new Request(input as string, init);
      asked.push(request.clone());
      return await answer(request);
    },
    clock: () => now,
    pause: (milliseconds: number) => Promise.resolve(void (now += milliseconds)),
  };
}

Deno.test("a function is ready when it says so itself, at its version, in time", async (test) => {
  const failed = (name: string) => ({
    version: "1.0.0",
    ready: false,
    checks: [
      { name: "database", state: "passed", detail: "it answers" },
      { name, state: "failed", detail: "it isn't there" },
    ],
  });
  const cases: [string, unknown, number, string | null, RegExp, number][] = [
    ["ready", { version: "1.0.0", ready: true }, 200, "1.0.0", /^ready, version 1\.0\.0/, 0],
    ["not ready", failed("vault"), 503, "1.0.0", /ready: vault: it isn't there$/, 3_000],
    ["no heartbeat yet", failed("heartbeats"), 503, "1.0.0", /heartbeats/, 180_000],
    ["another version", { version: "0.9.0", ready: true }, 200, "1.0.0", /0\.9\.0, not 1/, 3_000],
    ["not asked for", { version: "0.9.0", status: "healthy" }, 200, null, /^alive, version 0/, 0],
    ["too old to say", { version: "1.0.0" }, 200, "1.0.0", /doesn't say whether/, 3_000],
    ["doesn't boot", { code: "BOOT_ERROR" }, 503, "1.0.0", /503 \{"code":"BOOT_ERROR"\}/, 3_000],
  ];
  for (const [name, body, status, version, expected, waited] of cases) {
    await test.step(name, async () => {
      const world = answering(() => Response.json(body, { status }));
      const words = await proveHealth({
        projectUrl: PROJECT_URL,
        secretKey: "sb_secret_x",
        slug: "ops",
        version,
        limitMilliseconds: 3_000,
      }, world).catch((error) => error.message);
      assert.match(words, expected);
      assert.equal(world.waited(), waited);
      assert.equal(world.asked[0]?.url, `${PROJECT_URL}/functions/v1/ops/health?ready=1`);
      assert.equal(world.asked[0]?.headers.get("apikey"), "sb_secret_x");
    });
  }
});

Deno.test("Meta's handshake must give the challenge back", async () => {
  const echo = answering((request) => {
    const query = new URL(request.url).searchParams;
    assert.equal(query.get("hub.verify_token"), "token");
    return new Response(query.get("hub.challenge"));
  });
  await proveHandshake(echo, { projectUrl: PROJECT_URL, verifyToken: "token" });
  const other = answering(() => Response.json({}, { status: 403 }));
  await assert.rejects(
    proveHandshake(other, { projectUrl: PROJECT_URL, verifyToken: "token" }),
    /WA_VERIFY_TOKEN is another one there/,
  );
  const page = answering(() => new Response("hello"));
  await assert.rejects(proveHandshake(page, { projectUrl: PROJECT_URL, verifyToken: "token" }));
});

const canary = {
  code: "ready",
  phone_number_id: "canary",
  business_account_id: "canary",
  display_phone_number: "999000000000",
  from: "99910000000001",
  text: "What services do you have?",
};

Deno.test("the canary's delivery is signed over its own bytes, and acknowledged", async () => {
  const { wamid, body } = writeCanaryDelivery(canary, { now: 1_700_000_000_500 });
  const value = JSON.parse(body).entry[0].changes[0].value;
  assert.equal(value.metadata.phone_number_id, "canary");
  assert.deepEqual(value.messages, [{
    from: canary.from,
    id: wamid,
    timestamp: "1700000000",
    type: "text",
    text: { body: canary.text },
  }]);
  const world = answering(async (request) => {
    const expected = createHmac("sha256", "secret").update(await request.text()).digest("hex");
    const isSigned = request.headers.get("x-hub-signature-256") === `sha256=${expected}`;
    return Response.json({}, { status: isSigned ? 200 : 401 });
  });
  const webhook = { projectUrl: PROJECT_URL, body };
  await proveDelivery(world, { ...webhook, appSecret: "secret" });
  await assert.rejects(
    proveDelivery(world, { ...webhook, appSecret: "other" }),
    /WHATSAPP_APP_SECRET is another one there/,
  );
});

Deno.test("what isn't signed must be refused, wherever it comes from", async (test) => {
  const refuses = (trusted: (request: Request) => boolean) =>
    answering((request) => Response.json({}, { status: trusted(request) ? 200 : 401 }));
  const prove = (world: ReturnType<typeof refuses>) =>
    proveRefusals(world, { projectUrl: PROJECT_URL, body: "{}" });
  const all = refuses(() => false);
  await prove(all);
  assert.deepEqual(all.asked.map(({ url }) => url.split("/").at(-1)), [
    "whatsapp",
    "whatsapp",
    "vapi",
  ]);
  const cases: [string, (request: Request) => boolean, RegExp][] = [
    ["a wrong signature", ({ headers }) => headers.has("x-hub-signature-256"), /wrongly signed/],
    [
      "no signature",
      ({ url, headers }) => url.endsWith("whatsapp") && !headers.has("x-hub-signature-256"),
      /unsigned delivery was answered 200/,
    ],
    ["a Vapi event", ({ url }) => url.endsWith("vapi"), /without its secret was answered 200/],
  ];
  for (const [name, trusted, message] of cases) {
    await test.step(name, () => assert.rejects(prove(refuses(trusted)), message));
  }
});

Deno.test("the canary is proven when its answer is in the sink", async (test) => {
  const read = (fields: Record<string, unknown>) => ({
    code: "read",
    answered: false,
    is_switched_off: false,
    delivery: { wamid: "wamid.1" },
    turn: { state: "received", error: null },
    sink: [],
    milliseconds: null,
    ...fields,
  });
  const cases: [string, unknown[], RegExp][] = [
    ["at the third look", [
      read({ delivery: null, turn: null }),
      read({}),
      read({ answered: true, milliseconds: 730 }),
    ], /^answered into the sink after 730 ms$/],
    ["switched off", [
      read({ is_switched_off: true, turn: { state: "ignored", error: null } }),
    ], /SWITCHED OFF/],
    [
      "not stored",
      [read({ delivery: null, turn: null })],
      /Cannot see an answer.*it wasn't stored/,
    ],
    ["a turn that fails", [read({ turn: { state: "received", error: "no" } })], /canary: no$/],
    ["another answer", [{ code: "no_canary" }], /isn't understood/],
  ];
  for (const [name, answers, expected] of cases) {
    await test.step(name, async () => {
      const world = answering(() =>
        Response.json(answers.length > 1 ? answers.shift() : answers[0])
      );
      const ops = createOps({ projectUrl: PROJECT_URL, secretKey: "sb_secret_x" }, world.fetch);
      const words = await proveReply({ ...world, ops }, {
        wamid: "wamid.1",
        limitMilliseconds: 2_000,
      })
        .catch((error) => error.message);
      assert.match(words, expected);
      assert.deepEqual(await world.asked[0]?.json(), { request: { wamid: "wamid.1" } });
    });
  }
});

Deno.test("ops is asked with the secret key, and its refusals have their codes", async (test) => {
  await test.step("the canary", async () => {
    const world = answering(() => Response.json(canary));
    const ops = createOps({ projectUrl: PROJECT_URL, secretKey: "eyJ.older" }, world.fetch);
    assert.equal((await ensureCanary(ops)).phone_number_id, "canary");
    const [request] = world.asked;
    assert.equal(request?.url, `${PROJECT_URL}/rest/v1/rpc/ensure_canary_organization`);
    assert.equal(request?.headers.get("apikey"), "eyJ.older");
    assert.equal(request?.headers.get("authorization"), "Bearer eyJ.older");
  });
  const cases: [number, string][] = [
    [401, "unauthorized"],
    [404, "not_found"],
    [409, "refused"],
    [503, "unreachable"],
  ];
  for (const [status, code] of cases) {
    await test.step(code, async () => {
      const world = answering(() => Response.json({ detail: "no" }, { status }));
      const ops = createOps({ projectUrl: PROJECT_URL, secretKey: "sb_secret_x" }, world.fetch);
      await assert.rejects(ops.setRollout({ percent: 5, reason: "because" }), {
        code,
        message: `Cannot set the rollout to "5": answered ${status} no`,
      });
      assert.equal(world.asked[0]?.headers.get("authorization"), null);
      assert.deepEqual(await world.asked[0]?.json(), {
        action: "set",
        percent: 5,
        reason: "because",
      });
    });
  }
});
