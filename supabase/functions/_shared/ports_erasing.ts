import type { JsonObject } from "./ports.ts";

/** Whose data is meant: an organization's, or a person's of it, by one of the three. */
export type Subject = {
  org_id: string;
  contact_id?: string;
  /** However it is written. */
  phone?: string;
  bsuid?: string;
};

export type KeptPlace = {
  place: number;
  /** With its schema. */
  table: string;
  /** Of somebody else, who was told of the person: changed when they are erased, never exported. */
  told: boolean;
  rows: number;
};

/** What is kept outside the database. */
export type KeptOutside = {
  /** Calls that go on. */
  in_progress: number;
  calls: { id: string; vapi_call_id: string; recording_storage_path: string | null }[];
  /** Of the next page; null at the end. */
  last: string | null;
  /** Calls back of which nobody knows whether they were made; with the first page. */
  call_requests: {
    id: string;
    intended_at: string;
    intent: { assistant_id: string; fingerprint: string } | null;
  }[];
  /** Paths of documents in Storage. */
  files: string[];
  assistant_ids: string[];
  knowledge_tool_ids: string[];
  knowledge_file_ids: string[];
};

/** What audit_log keeps of an erasure or an export, which says nothing of whom. */
export type DataRequest = {
  request_id: string;
  /** Who asked; the system where it isn't known. */
  actor?: string;
  /** Rows of each table so far. */
  rows: { [table: string]: number };
};

export type ErasePage =
  | { code: "erased"; counts: { [table: string]: number }; done: boolean }
  | { code: "erasable" | "not_found" | "name_differs" | "has_children" | "calls_in_progress" };

/** A file of Storage; null where there is none of that path. */
export type ReadStoredFile = (
  kind: "recordings" | "documents",
  path: string,
) => Promise<ReadableStream<Uint8Array> | null>;

export type ErasureStore = {
  listKeptData(subject: Subject): Promise<
    { code: "listed"; name: string; places: KeptPlace[] } | { code: "not_found" }
  >;
  /** A page of one place, without secrets; `last` is the next page's `after`. */
  readKeptData(input: Subject & { place: number; after: unknown; limit: number }): Promise<
    { rows: JsonObject[]; last: unknown }
  >;
  /** A page of calls; what is no call comes with an organization's first page only. */
  listKeptOutside(input: Subject & { after: string | null; limit: number }): Promise<KeptOutside>;
  /** One page of rows; nothing but the checks in a dry run. The last one records what was erased. */
  eraseRows(
    input: Subject & DataRequest & {
      name: string;
      force: boolean;
      limit: number;
      dry_run: boolean;
    },
  ): Promise<ErasePage>;
  recordExport(
    input: DataRequest & { org_id: string; is_person: boolean },
  ): Promise<{ code: "recorded" | "not_found" }>;
};
