import { callFunction, type FunctionAnswer } from "../../support/call_function.ts";
import { readStack } from "../../support/read_stack.ts";

export type Document = {
  id: string;
  title: string;
  state: string;
  version: number | null;
  revision: number;
  preparing: { version: number; pagesRead: number; pageCount: number | null } | null;
  error: { code: string; detail: string | null } | null;
};
export type DocumentAnswer = {
  document: Document & { content?: string };
  duplicate: boolean;
  code: string;
  detail: string;
};

export function createDocument(
  token: string,
  body: Record<string, unknown>,
): Promise<FunctionAnswer<DocumentAnswer>> {
  return callFunction<DocumentAnswer>("kb-sync/documents", { token, body });
}

/** A form with one file, to a new document or to one that is there. */
export async function uploadFile(
  token: string,
  { name, bytes, fields = {}, id }: {
    name: string;
    bytes: Uint8Array | string;
    fields?: Record<string, string>;
    id?: string;
  },
): Promise<{ status: number; body: DocumentAnswer }> {
  const form = new FormData();
  for (const [field, value] of Object.entries(fields)) form.set(field, value);
  form.set("file", new File([bytes as BlobPart], name));
  const path = id === undefined ? "documents" : `documents/${id}`;
  const response = await fetch(`${readStack().url}/functions/v1/kb-sync/${path}`, {
    method: id === undefined ? "POST" : "PATCH",
    headers: { authorization: `Bearer ${token}` },
    body: form,
  });
  return { status: response.status, body: await response.json() };
}

/** The titles found, best first. */
export async function search(token: string, query: string): Promise<string[]> {
  const { status, body, text } = await callFunction<{ results: { title: string }[] }>(
    "kb-sync/search",
    { token, body: { query, limit: 20 } },
  );
  if (status !== 200) throw new Error(`Cannot search "${query}": ${text}`);
  return body.results.map(({ title }) => title);
}
