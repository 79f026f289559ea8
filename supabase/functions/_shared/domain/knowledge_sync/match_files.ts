import type { JsonObject } from "../../ports.ts";
import type { KnowledgeFile, VapiFile } from "../../ports_knowledge_sync.ts";

export type MatchedFiles = {
  /** Our files as they are there. */
  files: KnowledgeFile[];
  /** Those of them that differ from their rows. */
  changed: KnowledgeFile[];
  /** Rows of files that are gone, or in an account that is no longer connected. */
  forgotten: string[];
  /** Ids of files there that carry our mark and that no row is about. */
  orphans: string[];
};

/** What a file of ours carries: whose it is, and which row it belongs to. */
export function markFile(orgId: string, file: { id: string; content_hash: string }): JsonObject {
  return { org_id: orgId, knowledge_file_id: file.id, content_hash: file.content_hash };
}

/**
 * Brings our rows in step with a list of an account's files: finds by its mark a file whose id was
 * lost, or that was made when this account was connected before; forgets what isn't there. Of two with
 * one content everybody chooses the older.
 */
export function matchFiles(
  rows: readonly KnowledgeFile[],
  listed: readonly VapiFile[],
  { orgId, keyFingerprint }: { orgId: string; keyFingerprint: string },
): MatchedFiles {
  const ours = listed.filter(({ metadata }) => metadata.org_id === orgId)
    .toSorted((left, right) =>
      Date.parse(left.createdAt) - Date.parse(right.createdAt) || (left.id < right.id ? -1 : 1)
    );
  const matched: MatchedFiles = { files: [], changed: [], forgotten: [], orphans: [] };
  const used = new Set<string>();
  for (const row of rows) {
    const found = listed.find(({ id }) => id === row.vapi_file_id) ??
      ours.find(({ metadata }) => metadata.content_hash === row.content_hash);
    if (found === undefined) {
      if (row.vapi_file_id !== null) matched.forgotten.push(row.id);
      // An upload that is on its way still finds its row.
      else matched.files.push(row);
      continue;
    }
    used.add(found.id);
    const file: KnowledgeFile = {
      ...row,
      vapi_file_id: found.id,
      key_fingerprint: keyFingerprint,
      state: found.status,
    };
    matched.files.push(file);
    if (
      row.vapi_file_id !== file.vapi_file_id || row.state !== file.state ||
      row.key_fingerprint !== file.key_fingerprint
    ) matched.changed.push(file);
  }
  matched.orphans = ours.filter(({ id }) => !used.has(id)).map(({ id }) => id);
  return matched;
}

/** Whether the account has to be asked what it has before anything is made there. */
export function isUncertain(rows: readonly KnowledgeFile[], keyFingerprint: string): boolean {
  return rows.some((row) => row.vapi_file_id === null || row.key_fingerprint !== keyFingerprint);
}
