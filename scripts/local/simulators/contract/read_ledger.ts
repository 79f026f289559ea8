import { readFile } from "node:fs/promises";
import type { RecordedRequest } from "./check_requests.ts";

/**
 * Reads recorded requests from a simulator's address or from a JSON file that holds what its
 * `/__simulator/requests` answered. Throws one clear sentence when that can't be done.
 */
export async function readLedger(source: string): Promise<RecordedRequest[]> {
  const isAddress = /^https?:\/\//.test(source);
  const entries = isAddress ? await fetchLedger(source) : await readJsonFile(source);
  if (!Array.isArray(entries) || !entries.every(isRecordedRequest)) {
    throw new Error(`Cannot read ledger "${source}": it is not a list of recorded requests`);
  }
  return entries;
}

/** Reads a JSON file. Throws one clear sentence when it is missing or not JSON. */
export async function readJsonFile(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    const reason = missing ? "no such file" : (error as Error).message;
    throw new Error(`Cannot read "${path}": ${reason}`);
  }
}

async function fetchLedger(address: string): Promise<unknown> {
  const url = `${address.replace(/\/+$/, "")}/__simulator/requests`;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
    const text = await response.text();
    if (!response.ok) throw new Error(`it answered ${response.status}`);
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`Cannot read ledger "${address}": ${reasonOf(error)}`);
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof SyntaxError) return "it did not answer with JSON";
  if (error instanceof TypeError) return "nothing answers there";
  return error instanceof Error ? error.message : String(error);
}

function isRecordedRequest(entry: unknown): entry is RecordedRequest {
  const { method, path, query } = (entry ?? {}) as Partial<RecordedRequest>;
  return typeof method === "string" && typeof path === "string" && typeof query === "object";
}
