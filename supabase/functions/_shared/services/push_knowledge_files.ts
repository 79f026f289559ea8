import { findServing } from "../domain/knowledge_sync/find_serving.ts";
import { isUncertain, markFile, matchFiles } from "../domain/knowledge_sync/match_files.ts";
import { type FilesPlan, planFiles } from "../domain/knowledge_sync/plan_files.ts";
import { ProviderError } from "../errors.ts";
import type { KnowledgeFile, WantedDocument } from "../ports_knowledge_sync.ts";
import {
  AT_ONCE,
  awaitCalls,
  type HeldKnowledge,
  loseLease,
  recordFiles,
} from "./hold_knowledge.ts";
import { mapConcurrently } from "./map_concurrently.ts";
import { waitForFiles } from "./wait_for_files.ts";

export type PushedFiles = {
  files: KnowledgeFile[];
  /** What nobody wants any more, for after the swap. */
  remove: KnowledgeFile[];
  /** Ids at Vapi that carry our mark and that no row is about. */
  orphans: string[];
  /** Contents uploaded by this sync. */
  uploaded: Set<string>;
  /** By content hash: what Vapi said of an upload that it refused. */
  refused: Map<string, string>;
  /** What else went wrong, for people. */
  problems: string[];
};

/** What one batch of contents may weigh in memory, and how many there are in it. */
const BATCH_BYTES = 4_000_000;
const BATCH_FILES = 20;

/**
 * Brings Vapi's files in step with the documents, but for what has to go: uploads what isn't there,
 * within the budget of calls, and waits until each is ready or has failed.
 * @param documents what Vapi is to have
 * @param verify asks first what is there; anyway done where that isn't certain
 */
export async function pushKnowledgeFiles(
  held: HeldKnowledge,
  { documents, rows, verify }: {
    documents: WantedDocument[];
    rows: KnowledgeFile[];
    verify: boolean;
  },
): Promise<PushedFiles> {
  const { keyFingerprint } = held;
  const pushed: PushedFiles = {
    files: rows,
    remove: [],
    orphans: [],
    uploaded: new Set(),
    refused: new Map(),
    problems: [],
  };
  if (rows.length > 0 && (verify || isUncertain(rows, keyFingerprint))) {
    await matchListed(held, pushed);
  }
  const plan = planFiles(documents, pushed.files, { retryFailed: verify });
  pushed.remove = plan.remove;
  const left = await deleteFailed(held, plan, pushed);
  const upload = plan.upload.filter(({ content_hash }) => !left.has(content_hash));
  const lost = await uploadAll(held, upload, pushed);
  // An upload whose answer was lost may have been made; a second one is never tried blindly.
  if (lost && held.stopped === null) await matchListed(held, pushed);
  await waitForFiles(held, pushed);
  // What still answers for a document goes once its new text's file does.
  const serving = new Set([...findServing(documents, pushed.files).values()].map(({ id }) => id));
  pushed.remove = pushed.remove.filter(({ id }) => !serving.has(id));
  return pushed;
}

async function matchListed(held: HeldKnowledge, pushed: PushedFiles): Promise<void> {
  if (await awaitCalls(held, 1) === 0) return;
  const matched = matchFiles(pushed.files, await held.vapi.listFiles(), held);
  pushed.files = matched.files;
  pushed.orphans = matched.orphans;
  await recordFiles(held, { files: matched.changed, forgotten: matched.forgotten });
}

/**
 * A failed file is in no tool; its row stays until the new one is intended. What could not be deleted
 * is not made a second time.
 * @returns the hashes of those that stay failed
 */
async function deleteFailed(
  held: HeldKnowledge,
  plan: FilesPlan,
  pushed: PushedFiles,
): Promise<Set<string>> {
  const left = new Set<string>();
  await mapConcurrently(plan.replace, AT_ONCE, async ({ vapi_file_id: id, content_hash }) => {
    if (id === null) return;
    if (held.stopped !== null || await awaitCalls(held, 1) === 0) {
      return void left.add(content_hash);
    }
    try {
      await held.vapi.deleteFile(id);
    } catch (error) {
      if (!(error instanceof ProviderError) || error.failure === "unauthorized") throw error;
      pushed.problems.push(error.reason);
      left.add(content_hash);
    }
  });
  const gone = new Set(
    plan.replace.flatMap(({ content_hash }) => left.has(content_hash) ? [] : [content_hash]),
  );
  pushed.files = pushed.files.filter(({ content_hash }) => !gone.has(content_hash));
  return left;
}

/** @returns whether the answer to an upload was lost */
async function uploadAll(
  held: HeldKnowledge,
  documents: WantedDocument[],
  pushed: PushedFiles,
): Promise<boolean> {
  let lost = false;
  let next = 0;
  while (next < documents.length && held.stopped === null && held.clock() < held.until) {
    const batch = takeBatch(documents, next);
    const granted = await awaitCalls(held, batch.length);
    if (granted === 0) break;
    const now = batch.slice(0, granted);
    next += now.length;
    lost = await uploadBatch(held, now, pushed) || lost;
  }
  return lost;
}

function takeBatch(documents: WantedDocument[], from: number): WantedDocument[] {
  const batch: WantedDocument[] = [];
  let bytes = 0;
  for (const document of documents.slice(from, from + BATCH_FILES)) {
    bytes += document.bytes;
    if (batch.length > 0 && bytes > BATCH_BYTES) break;
    batch.push(document);
  }
  return batch;
}

async function uploadBatch(
  held: HeldKnowledge,
  batch: WantedDocument[],
  pushed: PushedFiles,
): Promise<boolean> {
  const intended = await held.store.intendKnowledgeFiles({
    org_id: held.orgId,
    fencing_token: held.token,
    key_fingerprint: held.keyFingerprint,
    content_hashes: batch.map(({ content_hash }) => content_hash),
  });
  if (intended.code === "lease_lost") throw loseLease(held.orgId);
  const changed: KnowledgeFile[] = [];
  const forgotten: string[] = [];
  let lost = false;
  await mapConcurrently(intended.files, AT_ONCE, async ({ id, content_hash, title, content }) => {
    const row: KnowledgeFile = {
      id,
      content_hash,
      vapi_file_id: null,
      key_fingerprint: held.keyFingerprint,
      state: "intended",
      error: null,
    };
    // What isn't begun any more is intended all the same: the next sync asks what is there.
    if (held.stopped !== null) return void changed.push(row);
    try {
      const file = await held.vapi.uploadFile({
        name: nameFile(title),
        content,
        mimeType: "text/markdown",
        metadata: markFile(held.orgId, row),
      });
      changed.push({ ...row, vapi_file_id: file.id, state: file.status });
      pushed.uploaded.add(content_hash);
    } catch (error) {
      if (!(error instanceof ProviderError) || error.failure === "unauthorized") throw error;
      if (error.failure === "refused" || error.failure === "not_found") {
        forgotten.push(id);
        pushed.refused.set(content_hash, error.reason);
        return;
      }
      changed.push({ ...row, error: error.reason });
      lost ||= error.ambiguous;
      // One lost answer is one file's matter; a limit or an open circuit is everybody's.
      if (!error.ambiguous) held.stopped = { reason: error.reason };
    }
  });
  const hashes = new Set(batch.map(({ content_hash }) => content_hash));
  pushed.files = [
    ...pushed.files.filter(({ content_hash }) => !hashes.has(content_hash)),
    ...changed,
  ];
  await recordFiles(held, {
    files: changed,
    forgotten,
    progress: { phase: "uploading", uploaded: pushed.uploaded.size },
  });
  return lost;
}

/** A name for people, at most 40 characters, of letters that any system takes. */
function nameFile(title: string): string {
  const plain = title.normalize("NFKD").replace(/[^\w .-]+/g, "").replace(/\s+/g, "-");
  return `${plain.slice(0, 36).replace(/^[.-]+|[.-]+$/g, "") || "document"}.md`;
}
