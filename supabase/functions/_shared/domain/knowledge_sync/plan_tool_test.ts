import assert from "node:assert/strict";
import * as fc from "fast-check";
import type { KnowledgeFile, VapiTool, WantedDocument } from "../../ports_knowledge_sync.ts";
import { chooseTool, describeTool, isToolInStep, renderTool } from "./plan_tool.ts";

const ORG = "a1000000-0000-4000-8000-000000000000";
const OTHER = "b1000000-0000-4000-8000-000000000000";

const document = (hash: string, category: WantedDocument["category"] = "general") => ({
  id: hash,
  title: hash,
  category,
  content_hash: hash,
  served_hash: null as string | null,
  bytes: 1,
});
const file = (hash: string, state: KnowledgeFile["state"] = "done"): KnowledgeFile => ({
  id: hash,
  content_hash: hash,
  vapi_file_id: `file ${hash}`,
  key_fingerprint: "fp",
  state,
  error: null,
});
const render = (documents: WantedDocument[], files: KnowledgeFile[], toolName = "search") =>
  renderTool({ orgId: ORG, toolName, documents, files });

Deno.test("a tool has one knowledge base a category, of files that are ready alone", () => {
  const body = render(
    [document("a", "operations"), document("b"), document("c"), document("d")],
    [file("a"), file("b"), file("c", "processing"), file("d", "failed"), file("unwanted")],
  );
  assert.deepEqual(body?.function, { name: "search" });
  assert.deepEqual(body?.knowledgeBases.map(({ name, fileIds }) => [name, fileIds]), [
    [`operations (${ORG})`, ["file a"]],
    [`general (${ORG})`, ["file b"]],
  ]);
  for (const { description } of body?.knowledgeBases ?? []) assert.ok(description.length < 1000);
  assert.equal(render([document("c")], [file("c", "processing")]), null);
  const served = { ...document("new"), served_hash: "old" };
  const names = (files: KnowledgeFile[]) => render([served], files)?.knowledgeBases[0]?.fileIds;
  for (const state of ["intended", "processing", "failed"] as const) {
    const files = [file("old"), file("new", state)];
    assert.deepEqual(names(files), ["file old"], `the one before serves while its own is ${state}`);
  }
  assert.deepEqual(names([file("old"), file("new")]), ["file new"]);
  assert.equal(names([file("old", "processing"), file("new", "processing")]), undefined);
  assert.equal(render([], [file("a")]), null);
});

Deno.test("the order of documents and files changes nothing", () => {
  const hashes = fc.uniqueArray(fc.constantFrom(..."abcdef"), { minLength: 1 });
  fc.assert(fc.property(hashes, fc.infiniteStream(fc.nat()), (hashes, order) => {
    const shuffled = hashes.map((hash) => ({ hash, key: order.next().value as number }))
      .toSorted((left, right) => left.key - right.key).map(({ hash }) => hash);
    const body = render(hashes.map((hash) => document(hash)), hashes.map((hash) => file(hash)));
    const other = render(
      shuffled.map((hash) => document(hash)),
      shuffled.map((hash) => file(hash)),
    );
    assert.equal(describeTool(body!), describeTool(other!));
  }));
});

const tool = (id: string, minute: number, more: Partial<VapiTool> = {}): VapiTool => ({
  id,
  type: "query",
  createdAt: new Date(minute * 60_000).toISOString(),
  name: "search",
  knowledgeBases: [{ name: `general (${ORG})`, fileIds: [] }],
  ...more,
});

Deno.test("our tool is the oldest that is marked, else one of its name that nobody marked", () => {
  const foreign = tool("foreign", 0, {
    knowledgeBases: [{ name: `general (${OTHER})`, fileIds: [] }],
  });
  const unmarked = tool("unmarked", 0, { knowledgeBases: [{ name: "FAQ", fileIds: [] }] });
  const cases: [string, VapiTool[], string | null, string[]][] = [
    ["none", [], null, []],
    ["another organization's", [foreign], null, []],
    ["ours, with a twin", [tool("young", 2), tool("old", 1), foreign], "old", ["young"]],
    ["ours before one of its name", [unmarked, tool("ours", 3)], "ours", []],
    ["one of its name", [foreign, unmarked], "unmarked", []],
    ["one of another name", [{ ...unmarked, name: "other" }], null, []],
    ["no query tool", [{ ...unmarked, type: "function" }], null, []],
  ];
  for (const [name, tools, chosen, duplicates] of cases) {
    const choice = chooseTool(tools, { orgId: ORG, toolName: "search" });
    assert.equal(choice.tool?.id ?? null, chosen, name);
    assert.deepEqual(choice.duplicates.map(({ id }) => id), duplicates, name);
  }
});

Deno.test("a tool that was given other files is not in step", () => {
  const body = render([document("a"), document("b")], [file("a"), file("b")])!;
  const given = (fileIds: string[], name = "search") =>
    tool("t", 1, { name, knowledgeBases: [{ name: `general (${ORG})`, fileIds }] });
  assert.ok(isToolInStep(given(["file b", "file a"]), body));
  assert.ok(!isToolInStep(given(["file a"]), body));
  assert.ok(!isToolInStep(given(["file a", "file b"], "other"), body));
});
