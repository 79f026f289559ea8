import assert from "node:assert/strict";
import { type Answer, serveAnswers } from "../../../../../tests/http/serve_answers.ts";
import { ProviderError } from "../../errors.ts";
import { createPolicy } from "../resilience/create_policy.ts";
import { createVapi } from "./create_vapi.ts";

function connect(baseUrl: string) {
  return createVapi({
    baseUrl,
    secrets: { api_key: "vapi-key-0123456789" },
    policy: createPolicy({ attempts: 1 }),
    record: () => {},
  });
}

async function serveOne<T>(answer: Answer, use: (vapi: ReturnType<typeof connect>) => Promise<T>) {
  await using server = serveAnswers(answer);
  const result = await use(connect(server.url));
  return { result, request: server.received[0] };
}

const assistant = {
  id: "a1",
  orgId: "vapi-org",
  createdAt: "2026-11-20T10:00:00.000Z",
  metadata: { agent_id: "x" },
  name: "Reception",
  transcriber: { provider: "deepgram" },
};

Deno.test("the key is checked by the cheapest call that a bad key can't make", async () => {
  const { request } = await serveOne({ status: 200, body: [] }, (vapi) => vapi.verifyKey());
  assert.equal(request?.path, "/assistant?limit=1");
  assert.equal(request?.headers.get("authorization"), "Bearer vapi-key-0123456789");
});

Deno.test("an assistant keeps the members that are not known", async () => {
  const { result } = await serveOne(
    { status: 200, body: assistant },
    (vapi) => vapi.getAssistant("a1"),
  );
  assert.deepEqual(result, assistant);
});

Deno.test("an assistant without metadata is one", async () => {
  const { result } = await serveOne(
    { status: 200, body: { ...assistant, metadata: null } },
    (vapi) => vapi.getAssistant("a1"),
  );
  assert.ok(result !== null && !("metadata" in result));
});

Deno.test("what is not there is null, or gone already", async () => {
  const gone = { status: 404, body: { message: "Not found", statusCode: 404 } };
  assert.equal((await serveOne(gone, (vapi) => vapi.getAssistant("a1"))).result, null);
  assert.equal((await serveOne(gone, (vapi) => vapi.updateAssistant("a1", {}))).result, null);
  assert.equal((await serveOne(gone, (vapi) => vapi.updatePhoneNumber("n1", {}))).result, null);
  await serveOne(gone, (vapi) => vapi.deletePhoneNumber("n1"));
});

Deno.test("ids from outside can't leave their place in the address", async () => {
  const id = "../phone-number?x=1#";
  for (
    const [method, use] of [
      ["GET", (vapi) => vapi.getAssistant(id)],
      ["PATCH", (vapi) => vapi.updateAssistant(id, {})],
    ] satisfies [string, (vapi: ReturnType<typeof connect>) => Promise<unknown>][]
  ) {
    const { request } = await serveOne({ status: 200, body: assistant }, use);
    assert.equal(request?.method, method);
    assert.equal(request?.path, "/assistant/..%2Fphone-number%3Fx%3D1%23");
  }
  const { request } = await serveOne(
    { status: 200, body: {} },
    (vapi) => vapi.deletePhoneNumber(id),
  );
  assert.equal(request?.path, "/phone-number/..%2Fphone-number%3Fx%3D1%23");
});

Deno.test("a page of assistants begins after a time", async () => {
  const { result, request } = await serveOne(
    { status: 200, body: [assistant] },
    (vapi) => vapi.listAssistants({ createdAtGt: "2026-11-20T09:00:00.000Z", limit: 5_000 }),
  );
  assert.equal(result[0]?.id, "a1");
  assert.equal(
    request?.path,
    "/assistant?limit=1000&createdAtGt=2026-11-20T09%3A00%3A00.000Z",
  );
});

Deno.test("phone numbers are reduced to what is used: Vapi repeats Twilio's secrets", async () => {
  const { result } = await serveOne({
    status: 200,
    body: [{
      id: "n1",
      orgId: "vapi-org",
      number: "+15005550100",
      provider: "twilio",
      twilioAccountSid: "AC1",
      twilioAuthToken: "twilio-secret",
      credentialId: "c1",
    }],
  }, (vapi) => vapi.listPhoneNumbers());
  assert.deepEqual(result, [{
    id: "n1",
    number: "+15005550100",
    provider: "twilio",
    assistantId: null,
    server: null,
    fallbackDestination: null,
  }]);
});

Deno.test("a refusal is told in Vapi's words", async () => {
  const CASES: [number, unknown, string, string][] = [
    [
      401,
      { message: "Invalid Key", error: "Unauthorized", statusCode: 401 },
      "unauthorized",
      "Invalid Key",
    ],
    [
      400,
      { message: ["property x should not exist", "name is long"] },
      "refused",
      "property x should not exist; name is long",
    ],
    [403, {}, "refused", "it answered with status 403"],
    [429, { message: "ThrottlerException" }, "rate_limited", "ThrottlerException"],
    [500, undefined, "unavailable", "it answered with status 500"],
  ];
  for (const [status, body, failure, reason] of CASES) {
    await using server = serveAnswers({ status, body });
    await assert.rejects(connect(server.url).verifyKey(), (error: ProviderError) => {
      assert.deepEqual([error.failure, error.reason, error.status], [failure, reason, status]);
      return true;
    });
  }
});

Deno.test("an assistant that was made but can't be read is an ambiguous create", async () => {
  await using server = serveAnswers({ status: 201, body: { name: "no id" } });
  await assert.rejects(
    connect(server.url).createAssistant({ name: "Reception" }),
    (error: ProviderError) =>
      error.failure === "invalid_response" && error.ambiguous && error.reason.includes("id"),
  );
});

Deno.test("a refusal that repeats what was sent is told without the secrets in it", async () => {
  const token = "0123456789abcdef0123456789abcdef";
  const header = "v1.org.1.5ec2e7";
  const echo = {
    status: 400,
    body: { message: `bad ${token} and ${header} and vapi-key-0123456789`, statusCode: 400 },
  };
  const server = { url: "https://u", headers: { "X-Vapi-Secret": header } };
  for (
    const act of [
      (vapi: ReturnType<typeof connect>) =>
        vapi.importPhoneNumber({ twilioAuthToken: token, server }),
      (vapi: ReturnType<typeof connect>) =>
        vapi.createAssistant({ twilioAuthToken: token, server }),
      (vapi: ReturnType<typeof connect>) =>
        vapi.updatePhoneNumber("n1", { twilioAuthToken: token, server }),
    ]
  ) {
    await serveOne(echo, async (vapi) => {
      const error = await act(vapi).then(() => null, (thrown: unknown) => thrown);
      assert.ok(error instanceof ProviderError);
      assert.equal(error.reason, "bad [redacted] and [redacted] and [redacted]");
    });
  }
});

const file = { id: "f1", status: "processing", createdAt: "2026-11-20T10:00:00.000Z" };
const tool = {
  id: "t1",
  type: "query",
  createdAt: "2026-11-20T10:00:00.000Z",
  function: { name: "search" },
  knowledgeBases: [{ provider: "google", name: "general", description: "d", fileIds: ["f1"] }],
};

Deno.test("a text is uploaded as a file with its mark, and listed by its purpose", async () => {
  const { result, request } = await serveOne(
    { status: 201, body: { ...file, metadata: { org_id: "o" }, name: "hours.md" } },
    (vapi) =>
      vapi.uploadFile({
        name: "hours.md",
        content: "Open from nine — always.",
        mimeType: "text/markdown",
        metadata: { org_id: "o" },
      }),
  );
  assert.deepEqual(result, { ...file, metadata: { org_id: "o" } });
  assert.match(request?.headers.get("content-type") ?? "", /^multipart\/form-data; boundary=/);
  const sent = request?.body ?? "";
  assert.match(sent, /name="file"; filename="hours\.md"/);
  assert.match(sent, /Open from nine — always\./);
  assert.match(sent, /name="metadata"\r\n\r\n\{"org_id":"o"\}/);
  const listed = await serveOne({ status: 200, body: [file] }, (vapi) => vapi.listFiles());
  assert.equal(listed.request?.path, "/file?purpose=assistant");
  assert.deepEqual(listed.result, [{ ...file, metadata: {} }]);
});

Deno.test("a tool is what its knowledge bases say; what is gone is null, or gone already", async () => {
  const { result } = await serveOne({ status: 200, body: tool }, (vapi) => vapi.getTool("t1"));
  assert.deepEqual(result, {
    id: "t1",
    type: "query",
    createdAt: tool.createdAt,
    name: "search",
    knowledgeBases: [{ name: "general", fileIds: ["f1"] }],
  });
  const page = await serveOne(
    { status: 200, body: [{ ...tool, function: null, knowledgeBases: undefined }] },
    (vapi) => vapi.listTools({ createdAtGt: tool.createdAt, limit: 5_000 }),
  );
  assert.equal(page.request?.path, "/tool?limit=1000&createdAtGt=2026-11-20T10%3A00%3A00.000Z");
  assert.deepEqual(page.result[0]?.knowledgeBases, []);
  const gone = { status: 404, body: { message: "Not found", statusCode: 404 } };
  assert.equal((await serveOne(gone, (vapi) => vapi.getTool("t1"))).result, null);
  assert.equal((await serveOne(gone, (vapi) => vapi.updateTool("t1", {}))).result, null);
  assert.equal((await serveOne(gone, (vapi) => vapi.getFile("f1"))).result, null);
  await serveOne(gone, (vapi) => vapi.deleteTool("t1"));
  await serveOne(gone, (vapi) => vapi.deleteFile("f1"));
});

Deno.test("an upload without an answer may have been made, one that was refused was not", async () => {
  const upload = (vapi: ReturnType<typeof connect>) =>
    vapi.uploadFile({ name: "a.md", content: "a", mimeType: "text/markdown", metadata: {} });
  for (
    const [answer, ambiguous] of [
      [{ status: 500, body: {} }, true],
      [{ status: 201, body: { unknown: true } }, true],
      [{ status: 400, body: { message: "no", statusCode: 400 } }, false],
      [{ status: 429, body: { message: "slow", statusCode: 429 } }, false],
    ] satisfies [Answer, boolean][]
  ) {
    await assert.rejects(
      serveOne(answer, upload),
      (error) => error instanceof ProviderError && error.ambiguous === ambiguous,
    );
  }
});
