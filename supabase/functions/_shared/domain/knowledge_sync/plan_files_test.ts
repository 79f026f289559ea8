import assert from "node:assert/strict";
import * as fc from "fast-check";
import type { KnowledgeFile, VapiFile, WantedDocument } from "../../ports_knowledge_sync.ts";
import { isUncertain, markFile, matchFiles } from "./match_files.ts";
import { planFiles } from "./plan_files.ts";

const ORG = "a1000000-0000-4000-8000-000000000000";
const KEY = "fp-1";

const wanted = (hash: string): WantedDocument => ({
  id: `document ${hash}`,
  title: hash,
  category: "general",
  content_hash: hash,
  served_hash: null,
  bytes: 10,
});
const hash = fc.constantFrom(..."abcdefgh");
const documents = fc.uniqueArray(hash).map((hashes) => hashes.map(wanted));
const file = fc.record({
  content_hash: hash,
  state: fc.constantFrom("intended", "processing", "done", "failed"),
  key_fingerprint: fc.constantFrom(KEY, "fp-2"),
}).map(({ state, ...rest }): KnowledgeFile => ({
  ...rest,
  id: `row ${rest.content_hash}`,
  vapi_file_id: state === "intended" ? null : `file ${rest.content_hash}`,
  state: state as KnowledgeFile["state"],
  error: null,
}));
const files = fc.uniqueArray(file, { selector: ({ content_hash }) => content_hash });

Deno.test("every wanted content has one place in the plan, and what nobody wants is removed", () => {
  fc.assert(
    fc.property(documents, files, fc.boolean(), (documents, files, retryFailed) => {
      const plan = planFiles(documents, files, { retryFailed });
      const hashes = new Set(documents.map(({ content_hash }) => content_hash));
      const failed = files.filter(({ state, content_hash }) =>
        state === "failed" && hashes.has(content_hash) && !retryFailed
      );
      const placed = [...plan.upload, ...plan.wait, ...plan.keep, ...failed]
        .map(({ content_hash }) => content_hash);
      assert.deepEqual(placed.toSorted(), [...hashes].toSorted());
      for (const { content_hash } of plan.remove) assert.ok(!hashes.has(content_hash));
      assert.equal(
        plan.remove.length,
        files.filter(({ content_hash }) => !hashes.has(content_hash)).length,
      );
      for (const { state } of plan.keep) assert.equal(state, "done");
    }),
  );
});

Deno.test("a plan that was carried out leaves nothing to do", () => {
  fc.assert(
    fc.property(documents, files, (documents, files) => {
      const plan = planFiles(documents, files, { retryFailed: true });
      const uploaded = plan.upload.map(({ content_hash }): KnowledgeFile => ({
        id: `row ${content_hash}`,
        content_hash,
        vapi_file_id: `new ${content_hash}`,
        key_fingerprint: KEY,
        state: "done",
        error: null,
      }));
      const after = [...plan.keep, ...plan.wait.map((row) => ({ ...row, state: "done" as const }))];
      const again = planFiles(documents, [...after, ...uploaded], { retryFailed: true });
      const { keep, ...rest } = again;
      assert.equal(keep.length, documents.length);
      assert.deepEqual(Object.values(rest).flat(), []);
    }),
  );
});

const listed = (row: KnowledgeFile, minute: number, orgId = ORG): VapiFile => ({
  id: row.vapi_file_id ?? `found ${row.content_hash}`,
  status: "done",
  createdAt: new Date(minute * 60_000).toISOString(),
  metadata: markFile(orgId, row),
});

Deno.test("whatever became of uploads, a list brings rows and files together", () => {
  fc.assert(
    fc.property(files, fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }), (rows, arrived) => {
      const there = rows.filter((_, index) => arrived[index]);
      const twins = there.map((row) => ({ ...listed(row, 9), id: `twin ${row.content_hash}` }));
      const foreign = rows.map((row) => ({
        ...listed(row, 1, "another"),
        id: `foreign ${row.id}`,
      }));
      const list = [...twins, ...foreign, ...there.map((row) => listed(row, 5))];
      const matched = matchFiles(rows, list, { orgId: ORG, keyFingerprint: KEY });
      for (const row of there) {
        const found = matched.files.find(({ id }) => id === row.id);
        assert.equal(found?.vapi_file_id, listed(row, 5).id, "the older of two");
        assert.equal(found?.state, "done");
        assert.equal(found?.key_fingerprint, KEY);
      }
      assert.deepEqual(matched.orphans.toSorted(), twins.map(({ id }) => id).toSorted());
      const gone = rows.filter((row) => !there.includes(row) && row.vapi_file_id !== null);
      assert.deepEqual(matched.forgotten.toSorted(), gone.map(({ id }) => id).toSorted());
      const lost = matched.files.filter(({ vapi_file_id }) => vapi_file_id === null);
      assert.equal(
        isUncertain(matched.files, KEY),
        lost.length > 0 ||
          matched.files.some(({ key_fingerprint }) => key_fingerprint !== KEY),
      );
    }),
  );
});
