import assert from "node:assert/strict";
import * as z from "zod";
import { serveAnswers } from "../../../../../tests/http/serve_answers.ts";
import type { AppError } from "../../errors.ts";
import { createDatabase } from "./create_database.ts";

const answer = z.object({ code: z.literal("read"), value: z.number() });
const good = { status: 200, body: { code: "read", value: 1, added: "later" } };
const down = { status: 503, body: { code: "PGRST001", message: "no connection", details: null } };

/** Whoever answers is waited for on any machine. */
function connect(
  supabaseUrl: string,
  secretKey = "sb_secret_local_demo_key",
  timeoutMilliseconds = 20_000,
) {
  return createDatabase({
    supabaseUrl,
    secretKey,
    timeoutMilliseconds,
    retryBaseMilliseconds: 1,
  });
}

function isUnavailable(error: AppError): boolean {
  return error.code === "unavailable" && error.retryAfterSeconds === 5;
}

Deno.test("calls a function with one argument and reads what is known of its answer", async () => {
  await using server = serveAnswers(good);
  const result = await connect(server.url).callFunction("read_thing", { org_id: "o" }, answer);
  assert.deepEqual(result, { code: "read", value: 1 });
  const [request] = server.received;
  assert.equal(
    `${request?.method} ${request?.path}`,
    "POST /rest/v1/rpc/read_thing?columns=request",
  );
  assert.deepEqual(JSON.parse(request?.body ?? ""), { request: { org_id: "o" } });
});

Deno.test("an argument without a name is the body as it is", async () => {
  await using server = serveAnswers(good);
  await connect(server.url).callFunction("take", { a: 1 }, answer, { unnamed: true });
  assert.deepEqual(JSON.parse(server.received[0]?.body ?? ""), { a: 1 });
});

Deno.test("what the database says of a refused row stays out of the error", async () => {
  const row = "Failing row contains (… what a person wrote …)";
  const body = { code: "23514", message: "violates check", details: row, hint: row };
  await using server = serveAnswers({ status: 400, body }, { status: 503, body });
  for (let call = 0; call < 2; call += 1) {
    await assert.rejects(
      connect(server.url).callFunction("write", {}, answer),
      (error: AppError) => {
        assert.deepEqual(error.cause, { code: "23514", message: "violates check" });
        return !error.message.includes("person");
      },
    );
  }
});

Deno.test("a secret key travels as apikey alone, a service role's token as both", async () => {
  await using server = serveAnswers(good);
  await connect(server.url).callFunction("read_thing", {}, answer);
  await connect(server.url, "eyJ.legacy.token").callFunction("read_thing", {}, answer);
  const [modern, legacy] = server.received;
  assert.equal(modern?.headers.get("apikey"), "sb_secret_local_demo_key");
  assert.equal(modern?.headers.get("authorization"), null);
  assert.equal(legacy?.headers.get("apikey"), "eyJ.legacy.token");
  assert.equal(legacy?.headers.get("authorization"), "Bearer eyJ.legacy.token");
});

Deno.test("only what may be done twice is tried again", async () => {
  await using twice = serveAnswers(down, down, good);
  await connect(twice.url).callFunction("read_thing", {}, answer, { idempotent: true });
  assert.equal(twice.received.length, 3);
  await using once = serveAnswers(down, good);
  await assert.rejects(connect(once.url).callFunction("write", {}, answer), isUnavailable);
  assert.equal(once.received.length, 1);
});

Deno.test("gives up after three attempts", async () => {
  await using server = serveAnswers(down);
  await assert.rejects(
    connect(server.url).callFunction("read_thing", {}, answer, { idempotent: true }),
    isUnavailable,
  );
  assert.equal(server.received.length, 3);
});

Deno.test("a database that does not answer in time, or hangs up, is not available", async () => {
  for (const behaviour of ["hang", "drop"] as const) {
    await using server = serveAnswers(behaviour);
    const database = connect(server.url, undefined, 200);
    await assert.rejects(database.callFunction("write", {}, answer), isUnavailable);
  }
  await assert.rejects(
    connect("http://127.0.0.1:1").callFunction("write", {}, answer),
    isUnavailable,
  );
});

Deno.test("a caller that gives up is not kept waiting", async () => {
  await using server = serveAnswers(down);
  const deadline = new AbortController();
  const database = createDatabase({
    supabaseUrl: server.url,
    secretKey: "sb_secret_local_demo_key",
    retryBaseMilliseconds: 60_000,
  });
  const call = database.callFunction("read_thing", {}, answer, {
    idempotent: true,
    signal: deadline.signal,
  });
  while (server.received.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  deadline.abort();
  await assert.rejects(call, isUnavailable);
});

Deno.test("what a function raises, and an answer of another shape, are our mistakes", async () => {
  await using raising = serveAnswers({
    status: 400,
    body: { code: "22023", message: "Cannot record a sync", details: null, hint: null },
  });
  await assert.rejects(
    connect(raising.url).callFunction("write", {}, answer, { idempotent: true }),
    (error: AppError) =>
      error.code === "internal" && error.message === 'Cannot call "write": Cannot record a sync',
  );
  assert.equal(raising.received.length, 1);
  await using other = serveAnswers({ status: 200, body: { code: "read" } });
  await assert.rejects(
    connect(other.url).callFunction("read_thing", {}, answer),
    (error: AppError) => error.code === "internal" && error.message.includes("value"),
  );
});
