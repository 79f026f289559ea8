import assert from "node:assert/strict";
import { member, send, withSimulators } from "../with_simulators.ts";

const KEY = "vapi-demo-key";
const MISSING = "99999999-9999-4999-8999-999999999999";

const upload = async (vapi: string, name: string, fields: Record<string, string> = {}) => {
  const form = new FormData();
  form.set("file", new File(["Opening hours: 9 to 5."], name, { type: "text/markdown" }));
  for (const [field, value] of Object.entries(fields)) form.set(field, value);
  const response = await fetch(`${vapi}/file`, {
    method: "POST",
    headers: { authorization: `Bearer ${KEY}` },
    body: form,
  });
  return { status: response.status, body: await response.json() as Record<string, unknown> };
};

Deno.test("a file is processing, then done; one that was told to fail is failed", async () => {
  await withSimulators(async ({ vapi }) => {
    const { status, body } = await upload(vapi, "hours.md", { metadata: '{"hash":"1"}' });
    assert.equal(status, 201);
    assert.equal(body["status"], "processing");
    assert.deepEqual(body["metadata"], { hash: "1" });
    const read = async (id: unknown) =>
      member((await send(`${vapi}/file/${id}`, { key: KEY })).body, "status");
    assert.equal(await read(body["id"]), "processing");
    assert.equal(await read(body["id"]), "done");

    await send(`${vapi}/__simulator/settings`, {
      method: "PUT",
      body: { account: KEY, failFiles: 1, filePolls: 0 },
    });
    const { body: failing } = await upload(vapi, "hours.md");
    assert.equal(await read(failing["id"]), "failed");
    const { body: next } = await upload(vapi, "hours.md");
    assert.equal(await read(next["id"]), "done");
    assert.equal((await send(`${vapi}/file`, { key: KEY })).status, 400, "a list names a purpose");
    await upload(vapi, "listed.md", { purpose: "assistant" });
    const listed = await send(`${vapi}/file?purpose=assistant`, { key: KEY });
    assert.deepEqual((listed.body as { status: string }[]).map(({ status }) => status), ["done"]);
  });
});

Deno.test("a file of an unknown kind, a field too many or no file at all is refused", async () => {
  await withSimulators(async ({ vapi }) => {
    assert.equal((await upload(vapi, "virus.exe")).status, 400);
    assert.equal((await upload(vapi, "a.md", { unknown: "x" })).status, 400);
    assert.equal((await upload(vapi, "a.md", { purpose: "fun" })).status, 400);
    assert.equal((await upload(vapi, "a.md", { metadata: "x".repeat(4097) })).status, 400);
    assert.equal((await send(`${vapi}/file`, { key: KEY, body: {} })).status, 400);
    const { body } = await upload(vapi, `${"x".repeat(60)}.md`);
    assert.equal(String(body["name"]).length, 40);
  });
});

Deno.test("a query tool is made of existing files, changed without its type, and deleted", async () => {
  await withSimulators(async ({ vapi }) => {
    const { body: file } = await upload(vapi, "hours.md");
    const base = {
      provider: "google",
      name: "hours",
      description: "Opening hours.",
      fileIds: [file["id"]],
    };
    const create = (body: unknown) => send(`${vapi}/tool`, { key: KEY, body });
    const tool = { type: "query", function: { name: "ask_clinic" }, knowledgeBases: [base] };
    const made = await create(tool);
    assert.equal(made.status, 201, JSON.stringify(made.body));

    const refused: unknown[] = [
      { ...tool, type: "nothing" },
      { ...tool, unknown: true },
      { ...tool, function: { name: "with spaces" } },
      { ...tool, knowledgeBases: [{ ...base, provider: "other" }] },
      { ...tool, knowledgeBases: [{ ...base, description: "x".repeat(1001) }] },
      { ...tool, knowledgeBases: [{ ...base, fileIds: [MISSING] }] },
    ];
    for (const body of refused) {
      assert.equal((await create(body)).status, 400, JSON.stringify(body));
    }

    const url = `${vapi}/tool/${member<string>(made.body, "id")}`;
    const patch = (body: unknown) => send(url, { method: "PATCH", key: KEY, body });
    const withType = await patch({ type: "query", knowledgeBases: [base] });
    assert.deepEqual(
      [withType.status, member(withType.body, "message")],
      [400, ["property type should not exist"]],
    );
    assert.equal((await patch({ knowledgeBases: [{ ...base, name: "new" }] })).status, 200);

    const model = { provider: "openai", model: "gpt-4o" };
    const toolRefs = [{ toolId: member(made.body, "id"), version: "1" }];
    const { body: holder } = await send(`${vapi}/assistant`, {
      key: KEY,
      body: { model: { ...model, toolRefs } },
    });
    const pinned = await send(url, { method: "DELETE", key: KEY });
    assert.deepEqual([pinned.status, member(pinned.body, "error")], [409, "tool_pinned"]);
    await send(`${vapi}/assistant/${member<string>(holder, "id")}`, {
      method: "PATCH",
      key: KEY,
      body: { model },
    });
    assert.equal((await send(url, { method: "DELETE", key: KEY })).status, 200);
  });
});

Deno.test("an outbound call needs an assistant, a number and somebody to call", async () => {
  await withSimulators(async ({ vapi }) => {
    const { body: assistant } = await send(`${vapi}/assistant`, { key: KEY, body: { name: "A" } });
    const { body: number } = await send(`${vapi}/phone-number`, {
      key: KEY,
      body: {
        provider: "twilio",
        number: "+15005550100",
        twilioAccountSid: "AC00000000000000000000000000000001",
        twilioAuthToken: "0123456789abcdef0123456789abcdef",
      },
    });
    const call = {
      assistantId: member<string>(assistant, "id"),
      phoneNumberId: member<string>(number, "id"),
      customer: { number: "+15005550123" },
    };
    const create = (body: unknown) => send(`${vapi}/call`, { key: KEY, body });
    const made = await create(call);
    assert.equal(made.status, 201, JSON.stringify(made.body));
    assert.equal(member(made.body, "status"), "queued");
    for (const name of Object.keys(call)) {
      assert.equal((await create({ ...call, [name]: undefined })).status, 400, name);
    }
    assert.equal((await create({ ...call, assistantId: MISSING })).status, 400);
    assert.equal((await create({ ...call, unknown: 1 })).status, 400);
    const id = member<string>(made.body, "id");
    assert.deepEqual((await send(`${vapi}/call/${id}`, { key: KEY })).body, made.body);
    const listed = await send(`${vapi}/call?assistantId=${call.assistantId}`, { key: KEY });
    assert.deepEqual(listed.body, [made.body]);
  });
});
