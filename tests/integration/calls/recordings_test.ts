import assert from "node:assert/strict";
import { callFunction } from "../../support/call_function.ts";
import { createMember } from "../../support/create_tenant.ts";
import { queryDatabase } from "../../support/query_database.ts";
import { readStack } from "../../support/read_stack.ts";
import { waitUntil } from "../support/workspace.ts";
import { createCallTenant, describeReport, newCallId, runWorker, sendMessage } from "./support.ts";

const AUDIO = new TextEncoder().encode("RIFF".padEnd(100_000, "audio"));
const tenant = await createCallTenant();
const other = await createCallTenant();

/** A host of recordings: what each path does, and how often it was asked. */
function serveRecordings() {
  const asked = new Map<string, number>();
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
    const { pathname, port } = new URL(request.url);
    const count = (asked.get(pathname) ?? 0) + 1;
    asked.set(pathname, count);
    const audio = (headers: Record<string, string> = {}) =>
      new Response(AUDIO, { headers: { "content-type": "audio/wav", ...headers } });
    const redirect = (location: string) =>
      new Response(null, { status: 302, headers: { location } });
    switch (pathname) {
      case "/good.wav":
        return audio();
      case "/flaky.wav":
        return count < 3 ? new Response("later", { status: 503 }) : audio();
      case "/moved.wav":
        return redirect("/good.wav");
      case "/moved-away.wav":
        return redirect(`http://localhost:${port}/good.wav`);
      case "/round.wav":
        return redirect("/round.wav");
      case "/page.wav":
        return new Response("<html>", { headers: { "content-type": "text/html" } });
      case "/huge.wav":
        // Announced, never sent.
        return new Response(new ReadableStream(), {
          headers: { "content-type": "audio/wav", "content-length": String(300 * 1024 * 1024) },
        });
      default:
        return new Response("no", { status: 404 });
    }
  });
  const { port } = server.addr;
  return {
    asked,
    url: (path: string, host = "127.0.0.1") => `http://${host}:${port}${path}`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** A host that hangs up in the middle of what it promised. */
function serveHalf() {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const serving = (async () => {
    for await (const connection of listener) {
      await connection.read(new Uint8Array(4096));
      await connection.write(new TextEncoder().encode(
        `HTTP/1.1 200 OK\r\ncontent-type: audio/wav\r\ncontent-length: 200000\r\n\r\nRIFF`,
      ));
      connection.close();
    }
  })();
  return {
    url: `http://127.0.0.1:${listener.addr.port}/half.wav`,
    async [Symbol.asyncDispose]() {
      listener.close();
      await serving;
    },
  };
}

type Upload = {
  state: string;
  attempts: number;
  last_error: string | null;
  storage_path: string | null;
  size: number | null;
};
async function readUpload(id: string): Promise<Upload> {
  const [row] = await queryDatabase<Upload>(
    `select state, attempts, last_error, storage_path, size_bytes::int as size
     from public.recording_upload_queue where vapi_call_id = $1`,
    [id],
  );
  assert.ok(row);
  return row;
}

/** As if every backoff had ended. */
const letTimePass = () =>
  queryDatabase("update public.recording_upload_queue set due_at = now() where state = 'queued'");

async function report(recordingUrl: string): Promise<string> {
  const id = newCallId();
  const answer = await sendMessage(tenant, describeReport(id, { recordingUrl }));
  assert.equal(answer.status, 200);
  return id;
}

Deno.test("a recording is copied, and a member gets an address for it", async () => {
  await using host = serveRecordings();
  const id = await report(host.url("/good.wav"));
  const get = (token: string, orgId = tenant.orgId) =>
    callFunction(`ops/calls/${id}/recording`, { token, headers: { "x-org-id": orgId } });
  const waiting = await get(tenant.owner.token);
  assert.equal(waiting.status, 404);
  assert.equal(waiting.body.state, "queued");

  await runWorker("upload_recordings");
  assert.deepEqual(await readUpload(id), {
    state: "uploaded",
    attempts: 1,
    last_error: null,
    storage_path: `${tenant.orgId}/${id}`,
    size: AUDIO.byteLength,
  });
  await runWorker("upload_recordings");
  assert.equal(host.asked.get("/good.wav"), 1);

  const signed = await get(tenant.owner.token);
  assert.equal(signed.status, 200, signed.text);
  const played = await fetch(String(signed.body.url));
  assert.equal(played.headers.get("content-type"), "audio/wav");
  assert.deepEqual(new Uint8Array(await played.arrayBuffer()), AUDIO);
  const unsigned = await fetch(
    `${readStack().url}/storage/v1/object/call-recordings/${tenant.orgId}/${id}`,
  );
  assert.ok(unsigned.status >= 400);
  await unsigned.body?.cancel();

  const viewer = await createMember(tenant.orgId, "viewer");
  assert.equal((await get(viewer.token)).status, 403);
  assert.equal((await get(other.owner.token)).status, 403);
  assert.equal((await get(other.owner.token, other.orgId)).status, 404);
});

Deno.test("what may not be fetched is given up at once, with its reason", async (test) => {
  await using host = serveRecordings();
  const cases: [string, string, RegExp][] = [
    ["another host", host.url("/good.wav", "localhost"), /not plain https/],
    ["another host by https", "https://example.com/a.wav", /not on the list/],
    ["the cloud's metadata", "http://169.254.169.254/latest/meta-data", /not plain https/],
    ["a host that only looks like one", "https://storage.vapi.ai.example.com/a", /not on the list/],
    ["credentials in it", host.url("/good.wav").replace("//", "//user:secret@"), /credentials/],
    ["a redirect off the list", host.url("/moved-away.wav"), /not plain https/],
    ["redirects without end", host.url("/round.wav"), /redirects without end/],
    ["a page", host.url("/page.wav"), /no recording/],
    ["too large", host.url("/huge.wav"), /larger than/],
  ];
  const ids = new Map<string, string>();
  for (const [name, url] of cases) ids.set(name, await report(url));
  await runWorker("upload_recordings");
  for (const [name, , reason] of cases) {
    await test.step(name, async () => {
      const upload = await readUpload(ids.get(name)!);
      assert.equal(upload.state, "dead_lettered");
      assert.equal(upload.attempts, 1);
      assert.match(upload.last_error ?? "", reason);
      assert.ok(!upload.last_error?.includes("secret"));
    });
  }
  assert.equal(host.asked.get("/good.wav"), undefined);
  const letters = await queryDatabase(
    "select 1 from public.dead_letters where source = 'job' and org_id = $1::text::uuid",
    [tenant.orgId],
  );
  assert.equal(letters.length, cases.length);
});

Deno.test("what may work later is tried again, eight times at most", async () => {
  await using host = serveRecordings();
  await using half = serveHalf();
  const flaky = await report(host.url("/flaky.wav"));
  const moved = await report(host.url("/moved.wav"));
  const broken = await report(half.url);
  await runWorker("upload_recordings");
  assert.equal((await readUpload(moved)).state, "uploaded");
  assert.equal((await readUpload(flaky)).state, "queued");
  assert.match((await readUpload(flaky)).last_error ?? "", /503/);
  await runWorker("upload_recordings");
  assert.equal(host.asked.get("/flaky.wav"), 1, "its backoff is kept to");
  for (let run = 0; run < 7; run++) {
    await letTimePass();
    await runWorker("upload_recordings");
  }
  const { state, attempts } = await readUpload(flaky);
  assert.deepEqual([state, attempts], ["uploaded", 3]);
  const end = await readUpload(broken);
  assert.deepEqual([end.state, end.attempts], ["dead_lettered", 8]);
});

Deno.test("several workers at once copy each recording once", async () => {
  await using host = serveRecordings();
  const ids = await Promise.all(Array.from({ length: 9 }, () => report(host.url("/good.wav"))));
  const kind = "upload_recordings";
  await Promise.all(
    Array.from(
      { length: 4 },
      () => callFunction("worker/run", { apiKey: readStack().secret_key, body: { kind } }),
    ),
  );
  await waitUntil("every recording copied", async () => {
    const uploads = await Promise.all(ids.map(readUpload));
    return uploads.every(({ state }) => state === "uploaded");
  });
  assert.equal(host.asked.get("/good.wav"), 9);
});

Deno.test("a call older than its retention goes, its recording first", async () => {
  await using host = serveRecordings();
  const id = await report(host.url("/good.wav"));
  await runWorker("upload_recordings");
  const { body } = await callFunction(`ops/calls/${id}/recording`, { token: tenant.owner.token });
  await queryDatabase(
    `update public.call_tracking set created_at = now() - interval '400 days'
     where vapi_call_id = $1`,
    [id],
  );
  await runWorker("expire_calls");
  const left = await queryDatabase(
    "select 1 from public.call_tracking where vapi_call_id = $1",
    [id],
  );
  assert.equal(left.length, 0);
  const played = await fetch(String(body.url));
  assert.equal(played.status, 404);
  await played.body?.cancel();
});
