import assert from "node:assert/strict";
import { queryDatabase } from "../../support/query_database.ts";
import { readStack } from "../../support/read_stack.ts";

async function createBucket(): Promise<string> {
  const bucket = `trial-${crypto.randomUUID()}`;
  await queryDatabase("insert into storage.buckets (id, name) values ($1, $1)", [bucket]);
  return bucket;
}

async function ask(
  method: string,
  path: string,
  { key = readStack().secret_key, body }: { key?: string | null; body?: BodyInit } = {},
): Promise<Response> {
  return await fetch(`${readStack().url}/storage/v1/${path}`, {
    method,
    headers: { "content-type": "audio/wav", ...(key === null ? {} : { apikey: key }) },
    ...(body === undefined ? {} : { body }),
  });
}

const statusOf = async (response: Response) => {
  await response.body?.cancel();
  return response.status;
};

Deno.test("an object comes back byte for byte, with its type, until it is deleted", async () => {
  const bucket = await createBucket();
  const path = `object/${bucket}/calls/one.wav`;
  const bytes = crypto.getRandomValues(new Uint8Array(60_000));
  assert.equal(await statusOf(await ask("POST", path, { body: bytes })), 200);
  assert.equal(await statusOf(await ask("POST", path, { body: "x" })), 409);
  const read = await ask("GET", path);
  assert.equal(read.headers.get("content-type"), "audio/wav");
  assert.deepEqual(await read.bytes(), bytes);
  assert.equal(await statusOf(await ask("DELETE", path)), 200);
  assert.equal(await statusOf(await ask("GET", path)), 404);
});

Deno.test("a signed URL reads its object without a key, and no other object", async () => {
  const bucket = await createBucket();
  for (const name of ["one", "two"]) {
    await statusOf(await ask("POST", `object/${bucket}/${name}.wav`, { body: name }));
  }
  const answer = await ask("POST", `object/sign/${bucket}/one.wav`, { body: '{"expiresIn":60}' });
  const { signedURL } = await answer.json() as { signedURL: string };
  const one = await ask("GET", signedURL.slice(1), { key: null });
  assert.equal(await one.text(), "one");
  const other = signedURL.slice(1).replace("one.wav", "two.wav");
  assert.equal(await statusOf(await ask("GET", other, { key: null })), 400);
});

Deno.test("without the secret key nothing is read or written", async () => {
  const bucket = await createBucket();
  const path = `object/${bucket}/one.wav`;
  await statusOf(await ask("POST", path, { body: "x" }));
  assert.equal(await statusOf(await ask("GET", path, { key: null })), 401);
  const { publishable_key: key } = readStack();
  assert.equal(await statusOf(await ask("GET", path, { key })), 403);
  assert.equal(await statusOf(await ask("DELETE", path, { key })), 403);
});

Deno.test("a bucket that nobody made doesn't exist", async () => {
  assert.equal(await statusOf(await ask("POST", "object/nowhere/x", { body: "x" })), 404);
});
