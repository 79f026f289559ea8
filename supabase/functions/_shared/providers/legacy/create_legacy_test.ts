import assert from "node:assert/strict";
import type { ProviderCall } from "../../ports.ts";
import { createPolicy } from "../resilience/create_policy.ts";
import { createLegacy } from "./create_legacy.ts";

const BODY = new TextEncoder().encode('{ "object":  "x" }\n');
const DELIVERY = { id: "d1", attempt: 2, body: BODY, signature: "sha256=1" };

type Options = {
  url?: string;
  answer?: () => Promise<Response>;
  addresses?: string[];
  testOrigins?: string[];
  resolve?: () => Promise<string[]>;
};

async function post(options: Options, times = 1) {
  const requests: { url: string; init: RequestInit }[] = [];
  const calls: ProviderCall[] = [];
  const postDelivery = createLegacy({
    policy: createPolicy({ attempts: 1, attemptTimeoutMilliseconds: 50 }),
    resolve: options.resolve ??
      (() => Promise.resolve(options.addresses ?? ["93.184.215.14"])),
    testOrigins: options.testOrigins ?? [],
    clock: () => 0,
  }, (url, init) => {
    requests.push({ url: url.href, init });
    return (options.answer ?? (() => Promise.resolve(new Response("ok"))))();
  });
  const outcomes = [];
  for (let time = 0; time < times; time += 1) {
    const url = options.url ?? "https://legacy.test/hook";
    outcomes.push(await postDelivery({ ...DELIVERY, url }, (call) => calls.push(call)));
  }
  return { outcomes, requests, calls };
}

Deno.test("a delivery is posted byte for byte, with its signature and its id", async () => {
  const { outcomes, requests, calls } = await post({});
  assert.deepEqual(outcomes, [{ kind: "accepted", status: 200 }]);
  const { url, init } = requests[0]!;
  assert.equal(url, "https://legacy.test/hook");
  assert.deepEqual(init.body, BODY);
  assert.equal(init.redirect, "manual");
  assert.deepEqual(init.headers, {
    "content-type": "application/json",
    "x-hub-signature-256": "sha256=1",
    "x-switchboard-delivery-id": "d1",
    "x-switchboard-attempt": "2",
  });
  assert.deepEqual(calls.map(({ provider, outcome }) => [provider, outcome]), [
    ["legacy", "succeeded"],
  ]);
});

const REFUSED: [name: string, options: Options, reason: RegExp][] = [
  ["http", { url: "http://legacy.test/" }, /not https/],
  ["a port", { url: "https://legacy.test:8443/" }, /port/],
  ["an address", { url: "https://127.0.0.1/" }, /address/],
  ["credentials", { url: "https://a:b@legacy.test/" }, /password/],
  ["no URL", { url: "legacy" }, /no URL/],
  ["a private host", { addresses: ["10.0.0.1"] }, /public internet/],
  ["a host that is also private", { addresses: ["93.184.215.14", "::1"] }, /public internet/],
  ["metadata", { addresses: ["169.254.169.254"] }, /public internet/],
  ["an unknown host", { addresses: [] }, /not known/],
  ["another test origin", { url: "http://127.0.0.2/", testOrigins: ["http://127.0.0.1:*"] }, /./],
];
for (const [name, options, reason] of REFUSED) {
  Deno.test(`nothing is posted to ${name}`, async () => {
    const { outcomes: [outcome], requests } = await post(options);
    assert.ok(outcome?.kind === "failed" && outcome.status === null);
    assert.match(outcome.reason, reason);
    assert.deepEqual(requests, []);
  });
}

Deno.test("a test origin needs be neither https nor public", async () => {
  const { outcomes } = await post({
    url: "http://127.0.0.1:9999/hook",
    addresses: ["127.0.0.1"],
    testOrigins: ["http://127.0.0.1:*"],
  });
  assert.equal(outcomes[0]?.kind, "accepted");
});

Deno.test("anything but 2xx is a failure; redirects are not followed", async () => {
  const status = (code: number, headers: Record<string, string> = {}) => () =>
    Promise.resolve(new Response(null, { status: code, headers }));
  for (const code of [301, 307, 400, 401, 404, 500, 503]) {
    const { outcomes: [outcome], requests } = await post({
      answer: status(code, { location: "https://elsewhere.test/" }),
    });
    assert.ok(outcome?.kind === "failed" && outcome.status === code, String(code));
    assert.equal(requests.length, 1);
  }
  const { outcomes: [busy] } = await post({ answer: status(503, { "retry-after": "7" }) });
  assert.ok(busy?.kind === "failed" && busy.retryAfterSeconds === 7);
});

Deno.test("who doesn't answer is not waited for, and given a rest after five times", async () => {
  const { outcomes, requests } = await post({
    answer: () => new Promise<Response>(() => {}),
  }, 7);
  assert.deepEqual(outcomes.map(({ kind }) => kind), [
    ...Array(5).fill("failed"),
    ...Array(2).fill("not_sent"),
  ]);
  assert.equal(requests.length, 5);
  assert.ok(outcomes[0]?.kind === "failed" && /in time/.test(outcomes[0].reason));
});

Deno.test("whose host isn't found in time is not waited for either, and nothing is posted", async () => {
  const { outcomes, requests, calls } = await post({
    resolve: () => new Promise<string[]>(() => {}),
  }, 6);
  assert.deepEqual(outcomes.map(({ kind }) => kind), [...Array(5).fill("failed"), "not_sent"]);
  assert.deepEqual(requests, []);
  assert.deepEqual(calls.map(({ outcome }) => outcome), ["rejected_by_breaker"]);
});
