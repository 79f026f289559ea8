import { deepEqual, equal, match, ok } from "node:assert/strict";
import { at } from "../../in_memory/read_answer.ts";
import { createTenant } from "../../support/create_tenant.ts";
import { queryDatabase } from "../../support/query_database.ts";
import { askVapi, readAgent, readAssistant } from "../agent_sync/agents.ts";
import { clearRequests } from "../support/workspace.ts";
import {
  addDocuments,
  changeDocument,
  connectReader,
  countCalls,
  deleteDocuments,
  listFaults,
  passMinute,
  readStatus,
  readVapiKnowledge,
  sync,
} from "./knowledge.ts";

Deno.test("a sync brings documents to Vapi, one tool to both assistants, and says so", async () => {
  const tenant = await connectReader();
  const { key } = tenant.accounts.vapi;
  const ids = await addDocuments(tenant, [
    { title: "Hours", content: "Open from nine.", category: "operations" },
    { title: "Prices", content: "A filling is 40.", category: "products_services" },
  ]);
  const answer = await sync(tenant);
  equal(answer.status, 200, answer.text);
  equal(at(answer.body, "success"), true, answer.text);
  deepEqual((at(answer.body, "documents") as { id: string }[]).map(({ id }) => id), ids.toSorted());
  const state = await readVapiKnowledge(key);
  deepEqual(listFaults(state, ["Open from nine.", "A filling is 40."]), []);
  equal(at(answer.body, "toolId"), state.tools[0]?.id);
  deepEqual(at(answer.body, "assistants"), [
    { role: "inbound", status: "synced" },
    { role: "outbound", status: "synced" },
  ]);
  const [row] = await queryDatabase<{ vapi_file_id: string; files: number }>(
    `select vapi_file_id, (select count(*)::int from public.kb_sync_log as log
       where log.org_id = document.org_id and log.state = 'succeeded') as files
     from public.knowledge_base as document where id = $1::text::uuid`,
    [ids[0]],
  );
  ok(state.files.some(({ id }) => id === row?.vapi_file_id), "the document says which file it is");
  equal(row?.files, 1, "one sync in the log");
  const status = await readStatus(tenant);
  equal(at(status.body, "sync.state"), "synced", status.text);
  equal(at(status.body, "sync.changed"), false);
});
