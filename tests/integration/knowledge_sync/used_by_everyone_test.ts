import { deepEqual, doesNotMatch, equal, match, ok } from "node:assert/strict";
import { at } from "../../in_memory/read_answer.ts";
import { callFunction } from "../../support/call_function.ts";
import { controlSimulator } from "../../support/control_simulator.ts";
import type { Tenant } from "../../support/create_tenant.ts";
import { queryDatabase } from "../../support/query_database.ts";
import {
  createWhatsappTenant,
  deliver,
  eventually,
  setRollout,
  writeDelivery,
  writeMessage,
} from "../../support/whatsapp.ts";
import { createCallTenant, describeCall, newCallId, sendMessage } from "../calls/support.ts";
import { runWorker } from "../agent_sync/agents.ts";
import {
  connectReader,
  listFaults,
  passMinute,
  raiseBudget,
  readVapiKnowledge,
  sync,
} from "./knowledge.ts";

const HOURS = {
  title: "Opening hours",
  text: "# Opening hours\n\nThe clinic opens at nine on weekdays. Parking costs two dollars.",
};

/** How to answer, which nobody who asks may read. */
const GUIDELINES = {
  title: "House rules",
  category: "ai_guidelines",
  text: "Never promise a zeppelin discount before the clinic opens.",
};

async function addText({ owner, orgId }: Tenant, text: object = HOURS): Promise<string> {
  const answer = await callFunction("kb-sync/documents", {
    token: owner.token,
    headers: { "x-org-id": orgId },
    body: text,
  });
  equal(answer.status, 201, answer.text);
  return String(at(answer.body, "document.id"));
}

const chooseMode = ({ orgId }: Tenant, mode: "query_tool" | "own_index") =>
  queryDatabase(
    "update public.organization_settings set phone_knowledge_mode = $2 where org_id = $1::text::uuid",
    [orgId, mode],
  );

const runNow = async ({ orgId }: Tenant) => {
  await queryDatabase(
    "update public.background_jobs set available_at = now() where org_id = $1::text::uuid and state = 'queued'",
    [orgId],
  );
  await runWorker("sync_knowledge");
};

Deno.test("a document over HTTP reaches search and, by the worker, Vapi; changed and deleted it is gone from both", async () => {
  const tenant = await connectReader();
  const { key } = tenant.accounts.vapi;
  const id = await addText(tenant);
  await runNow(tenant);
  const first = await readVapiKnowledge(key);
  deepEqual([first.files.length, first.tools.length], [1, 1]);

  const request = (method: string, body?: object) =>
    callFunction(`kb-sync/documents/${id}`, {
      method,
      token: tenant.owner.token,
      headers: { "x-org-id": tenant.orgId },
      ...(body === undefined ? {} : { body }),
    });
  const changed = await request("PATCH", { text: "The clinic opens at ten on weekdays." });
  ok(changed.status < 300, changed.text);
  await runNow(tenant);
  const second = await readVapiKnowledge(key);
  equal(second.files.length, 1);
  ok(second.files[0]?.id !== first.files[0]?.id);
  equal(second.tools[0]?.id, first.tools[0]?.id);

  const deleted = await request("DELETE");
  ok(deleted.status < 300, deleted.text);
  await runNow(tenant);
  deepEqual(listFaults(await readVapiKnowledge(key), []), []);
});

Deno.test("our own index on the phone: no tool, no file, and Vapi asks us; never both", async () => {
  const tenant = await connectReader();
  const { key } = tenant.accounts.vapi;
  await addText(tenant);
  equal((await sync(tenant)).status, 200);
  await chooseMode(tenant, "own_index");
  await runNow(tenant);
  const own = await readVapiKnowledge(key);
  deepEqual([own.files, own.tools], [[], []]);
  for (const { model } of own.assistants) {
    deepEqual(model.toolIds, []);
    match(model.knowledgeBase?.server.url ?? "", /\/unified-webhook\/vapi$/);
  }
  await passMinute(tenant);
  const answer = await sync(tenant);
  equal(at(answer.body, "success"), true, answer.text);
  deepEqual(at(answer.body, "documents.0.status"), "indexed");

  await chooseMode(tenant, "query_tool");
  await runNow(tenant);
  const tool = await readVapiKnowledge(key);
  deepEqual([tool.files.length, tool.tools.length], [1, 1]);
  for (const { model } of tool.assistants) {
    equal(model.knowledgeBase, undefined);
    deepEqual(model.toolIds, [tool.tools[0]?.id]);
  }
});

Deno.test("knowledge-base-request is answered from the call's organization, where the setting chose it", async () => {
  await raiseBudget();
  const [tenant, other] = [await createCallTenant(), await createCallTenant()];
  await addText(tenant);
  await addText(tenant, GUIDELINES);
  await addText(other, { title: "Other", text: "The market opens at six." });
  const ask = (content: string) =>
    sendMessage(tenant, {
      ...describeCall(newCallId()),
      type: "knowledge-base-request",
      messages: [{ role: "user", content }],
    });
  deepEqual((await ask("When does it open?")).body, { documents: [] });
  await chooseMode(tenant, "own_index");
  await chooseMode(other, "own_index");
  const answer = await ask("When does the clinic open?");
  equal(answer.status, 200, answer.text);
  const documents = at(answer.body, "documents") as { content: string; similarity: number }[];
  equal(documents.length, 1, answer.text);
  match(documents[0]!.content, /opens at nine/);
  equal(documents[0]!.similarity, 1);
  deepEqual((await ask("xylophone quartz")).body, { documents: [] });
  deepEqual((await ask("Is there a zeppelin discount?")).body, { documents: [] });
});

Deno.test("search_knowledge_base answers a caller with passages and their source, whatever the arguments claim", async () => {
  const [tenant, other] = [await createCallTenant(), await createCallTenant()];
  await addText(tenant);
  await addText(tenant, GUIDELINES);
  await addText(other, { title: "Other", text: "The market opens at six." });
  const id = newCallId();
  await sendMessage(tenant, { ...describeCall(id), type: "status-update", status: "in-progress" });
  const call = async (toolCallId: string, args: object) => {
    const answer = await sendMessage(tenant, {
      ...describeCall(id),
      type: "tool-calls",
      toolCallList: [{ id: toolCallId, name: "search_knowledge_base", arguments: args }],
    });
    equal(answer.status, 200, answer.text);
    return String(at(answer.body, "results.0.result") ?? at(answer.body, "results.0.error"));
  };
  const found = JSON.parse(await call("t1", { query: "when open", org_id: other.orgId }));
  deepEqual(found.passages.map(({ source }: { source: string }) => source), ["Opening hours"]);
  match(found.passages[0].text, /opens at nine/);
  const nothing = JSON.parse(await call("t2", { query: "xylophone" }));
  deepEqual(nothing.passages, []);
  const inside = JSON.parse(await call("t4", { query: "zeppelin discount" }));
  deepEqual(inside.passages, []);
  match(await call("t3", { query: "" }), /do not fit/);
});

Deno.test("a question on WhatsApp is answered from the documents with the source, anything else by the menu", async () => {
  const tenant = await createWhatsappTenant();
  await setRollout(tenant.orgId, 100);
  await addText(tenant);
  await addText(tenant, GUIDELINES);
  const say = async (text: string, number: string) => {
    await deliver(
      writeDelivery(tenant.phoneNumberId, { messages: [writeMessage({ text, from: number })] }),
    );
    const state = await eventually(
      () =>
        controlSimulator<
          { messages: { body: { to?: string; type: string; text?: { body: string } } }[] }
        >(
          "graph",
          "GET",
          { path: `state?account=${tenant.accounts.whatsapp.businessAccountId}` },
        ),
      ({ messages }) => messages.some(({ body }) => body.to === number),
    );
    return state.messages.find(({ body }) => body.to === number)!.body;
  };
  const answer = await say("When does the clinic open?", "250788000101");
  equal(answer.type, "text");
  match(answer.text?.body ?? "", /opens at nine[\s\S]*Source: Opening hours/);
  equal((await say("menu", "250788000102")).type, "interactive");
  equal((await say("How much is a xylophone?", "250788000103")).type, "interactive");
  equal((await say("hello", "250788000104")).type, "interactive");
  // Guidelines are for the agents: nobody is read them.
  const guarded = await say("Is there a zeppelin discount?", "250788000105");
  doesNotMatch(JSON.stringify(guarded), /never promise/i);
  const events = await queryDatabase<{ intent: string; agent: string }>(
    `select intent, agent from public.unified_agent_events
     where org_id = $1::text::uuid and intent = 'knowledge'`,
    [tenant.orgId],
  );
  deepEqual(events, [{ intent: "knowledge", agent: "support" }]);
});
