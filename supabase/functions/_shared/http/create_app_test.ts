import assert from "node:assert/strict";
import { AppError } from "../errors.ts";
import { createLogger } from "../log.ts";
import type { HealthSnapshot } from "../ports.ts";
import { type AppOptions, createApp } from "./create_app.ts";

type Line = Record<string, unknown>;

function build(options: Partial<AppOptions> = {}) {
  const lines: Line[] = [];
  const app = createApp({
    name: "demo",
    logger: createLogger({ functionName: "demo", write: (line) => lines.push(JSON.parse(line)) }),
    dashboardOrigins: ["*"],
    version: "1.2.3",
    ...options,
  });
  app.get("/", (context) => context.json({ requestId: context.var.requestId }));
  app.post("/items/:id", (context) => context.json({ id: context.req.param("id") }, 201));
  app.get("/refused", () => {
    throw new AppError("conflict", `Cannot save "x": busy`, { retryAfterSeconds: 3 });
  });
  app.get("/broken", () => {
    throw new TypeError("a detail nobody may see");
  });
  app.get("/foreign", () => fetch("data:application/json,{}"));
  return { app, lines };
}

Deno.test("a request id is taken where it is sane, made where it isn't, and always returned", async (test) => {
  const { app } = build();
  for (const id of ["r-1", "0193:ab.c_d", "x".repeat(128)]) {
    await test.step(`${id.slice(0, 20)} is taken`, async () => {
      const response = await app.request("/demo", { headers: { "x-request-id": id } });
      assert.equal(response.headers.get("x-request-id"), id);
      assert.deepEqual(await response.json(), { requestId: id });
    });
  }
  for (const id of ["", "a b", 'a"b', "ä", "x".repeat(129)]) {
    await test.step(`"${id.slice(0, 20)}" is not`, async () => {
      const response = await app.request("/demo", { headers: { "x-request-id": id } });
      assert.match(response.headers.get("x-request-id")!, /^[0-9a-f-]{36}$/);
    });
  }
  for (
    const path of [
      "/demo/refused",
      "/demo/broken",
      "/demo/nowhere",
      "/demo/health",
      "/demo/foreign",
    ]
  ) {
    await test.step(`${path} returns it`, async () => {
      const response = await app.request(path, { headers: { "x-request-id": "r-9" } });
      assert.equal(response.headers.get("x-request-id"), "r-9");
      await response.body?.cancel();
    });
  }
});

Deno.test("whatever goes wrong is a problem document", async (test) => {
  const { app } = build();
  const cases: [string, string, number, string][] = [
    ["GET", "/demo/refused", 409, "conflict"],
    ["GET", "/demo/broken", 500, "internal"],
    ["GET", "/demo/nowhere", 404, "not_found"],
    ["GET", "/other", 404, "not_found"],
    ["GET", "/", 404, "not_found"],
    ["DELETE", "/demo", 405, "method_not_allowed"],
    ["GET", "/demo/items/7", 405, "method_not_allowed"],
    ["POST", "/demo/health", 405, "method_not_allowed"],
  ];
  for (const [method, path, status, code] of cases) {
    await test.step(`${method} ${path}`, async () => {
      const response = await app.request(path, { method, headers: { "x-request-id": "r-1" } });
      assert.equal(response.status, status);
      assert.equal(response.headers.get("content-type"), "application/problem+json");
      const body = await response.json();
      assert.deepEqual([body.status, body.code, body.requestId], [status, code, "r-1"]);
      assert.ok(!JSON.stringify(body).includes("nobody may see"));
    });
  }
  await test.step("405 says what is allowed", async () => {
    const of = async (path: string, method: string) =>
      (await app.request(path, { method })).headers.get("allow");
    assert.equal(await of("/demo/items/7", "GET"), "POST");
    assert.equal(await of("/demo", "DELETE"), "GET, HEAD");
  });
  await test.step("a refusal says when to come back", async () => {
    assert.equal((await app.request("/demo/refused")).headers.get("retry-after"), "3");
  });
});

Deno.test("what was pasted into a path is neither logged nor answered", async (test) => {
  const key = "5e0c9a1e-77aa-4c1d-9f0e-6a4d2f1b3c5d";
  const cases: [string, string, number, string][] = [
    ["POST", `/demo/items/${key}`, 201, "/items/:id"],
    ["HEAD", "/demo", 200, "/"],
    ["DELETE", `/demo/items/${key}`, 405, "/items/:id"],
    ["GET", `/demo/${key}`, 404, "unknown path"],
    ["GET", `/demo/items/${key}/more`, 404, "unknown path"],
    ["GET", `/${key}`, 404, "unknown path"],
  ];
  for (const [method, path, status, logged] of cases) {
    await test.step(`${method} ${path.replace(key, "{key}")}`, async () => {
      const { app, lines } = build();
      const response = await app.request(path, { method });
      assert.equal(response.status, status);
      const text = await response.text();
      if (status >= 400) assert.ok(!text.includes(key), text);
      assert.deepEqual(lines.map((line) => line.path), [logged]);
      assert.ok(!JSON.stringify(lines).includes(key));
    });
  }
});

Deno.test("an unexpected error is logged whole, once, with the request's id", async () => {
  const { app, lines } = build();
  await app.request("/demo/broken", { headers: { "x-request-id": "r-1" } });
  const errors = lines.filter(({ level }) => level === "ERROR");
  assert.equal(errors.length, 1);
  assert.equal(errors[0]!.request_id, "r-1");
  assert.match(JSON.stringify(errors[0]), /TypeError.*a detail nobody may see/);
});

Deno.test("each request writes one access line, probes and preflights none at this level", async () => {
  const { app, lines } = build({ clock: steps(0, 10, 10, 35) });
  await app.request("/demo/refused?token=abc", { headers: { "x-request-id": "r-1" } });
  await app.request("/demo/health?live=1");
  await app.request("/demo", { method: "OPTIONS" });
  assert.deepEqual(
    lines.map(({ timestamp: _timestamp, ...line }) => line),
    [{
      level: "INFO",
      message: "Request answered",
      function: "demo",
      request_id: "r-1",
      problem: "conflict",
      method: "GET",
      path: "/refused",
      status: 409,
      duration_ms: 0,
    }],
  );
});

function steps(...times: number[]) {
  let index = 0;
  return () => times[Math.min(index++, times.length - 1)]!;
}

Deno.test("a function answers under its aliases too", async () => {
  const { app } = build({ aliases: ["older-name"] });
  for (const path of ["/demo", "/demo/", "/older-name", "/older-name/"]) {
    assert.equal((await app.request(path)).status, 200, path);
  }
  assert.equal((await app.request("/older-names")).status, 404);
});

Deno.test("HEAD is answered like GET without a body", async () => {
  const { app } = build();
  const response = await app.request("/demo", { method: "HEAD" });
  assert.equal(response.status, 200);
  assert.equal(await response.text(), "");
});

Deno.test("pages of the dashboard's origins may call and read, others may not", async (test) => {
  const cases: [string[], string | null, string | null][] = [
    [["*"], "https://any.test", "*"],
    [["*"], null, "*"],
    [["https://a.test"], "https://a.test", "https://a.test"],
    [["https://a.test", "https://b.test"], "https://b.test", "https://b.test"],
    [["https://a.test"], "https://evil.test", null],
    [["https://a.test"], "https://a.test.evil.test", null],
    [["https://a.test"], "null", null],
  ];
  for (const [dashboardOrigins, origin, allowed] of cases) {
    await test.step(`${dashboardOrigins} from ${origin}`, async () => {
      const { app } = build({ dashboardOrigins });
      const headers: HeadersInit = origin === null ? {} : { origin };
      for (const path of ["/demo", "/demo/refused", "/demo/nowhere", "/demo/foreign"]) {
        const response = await app.request(path, { headers });
        await response.body?.cancel();
        assert.equal(response.headers.get("access-control-allow-origin"), allowed, path);
        assert.equal(response.headers.get("access-control-allow-credentials"), null);
        if (!dashboardOrigins.includes("*")) assert.match(response.headers.get("vary")!, /origin/);
      }
      const preflight = await app.request("/demo", {
        method: "OPTIONS",
        headers: {
          ...headers,
          "access-control-request-method": "POST",
          "access-control-request-headers": "authorization, x-new-header",
        },
      });
      assert.equal(preflight.status, 204);
      assert.equal(preflight.headers.get("access-control-allow-origin"), allowed);
      assert.equal(
        preflight.headers.get("access-control-allow-headers"),
        allowed === null ? null : "authorization, x-new-header",
      );
      assert.equal(
        preflight.headers.get("access-control-allow-methods")?.includes("DELETE"),
        allowed === null ? undefined : true,
      );
      assert.ok(preflight.headers.get("x-request-id"));
    });
  }
});

Deno.test("health reads the store, live=1 doesn't", async () => {
  const snapshot: HealthSnapshot = {
    database_size_mb: 12,
    background_jobs: {
      last_heartbeat_at: "2026-11-20T10:00:00Z",
      seconds_since_heartbeat: 20,
      queued: 0,
      oldest_queued_seconds: null,
      dead_lettered: 0,
    },
    flags_valid: true,
  };
  let reads = 0;
  let answer = () => Promise.resolve(snapshot);
  let now = 0;
  const { app } = build({
    clock: () => now,
    readHealth: () => {
      reads += 1;
      return answer();
    },
  });
  const live = await app.request("/demo/health?live=1");
  assert.equal(live.status, 200);
  assert.equal((await live.json()).status, "healthy");
  assert.equal(reads, 0);

  const healthy = await app.request("/demo/health");
  assert.equal(healthy.status, 200);
  assert.equal(healthy.headers.get("cache-control"), "no-store");
  assert.equal((await healthy.json()).database_size_mb, 12);

  now = 5_000;
  answer = () => Promise.reject(new Error("no database"));
  const down = await app.request("/demo/health", { headers: { "x-request-id": "r-1" } });
  assert.equal(down.status, 503);
  assert.equal(down.headers.get("x-request-id"), "r-1");
  assert.equal((await down.json()).status, "down");
});
