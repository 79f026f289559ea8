/** Any object of the API: what was sent, and what the service adds. */
export type VapiObject = {
  id: string;
  orgId: string;
  createdAt: string;
  updatedAt: string;
  [field: string]: unknown;
};

export const COLLECTIONS = ["assistants", "phoneNumbers", "tools", "files", "calls"] as const;
export type Collection = typeof COLLECTIONS[number];

/** One organization at Vapi. Objects are in the order of their creation. */
export type VapiAccount = Record<Collection, Map<string, VapiObject>> & {
  id: string;
  keys: Set<string>;
  /** How often a new file answers `processing` before it is done. */
  filePolls: number;
  /** How many of the next files end as `failed`. */
  failFiles: number;
  pendingFiles: Map<string, { polls: number; outcome: "done" | "failed" }>;
};

export function createAccount(id: string): VapiAccount {
  return {
    id,
    keys: new Set(),
    assistants: new Map(),
    phoneNumbers: new Map(),
    tools: new Map(),
    files: new Map(),
    calls: new Map(),
    filePolls: 1,
    failFiles: 0,
    pendingFiles: new Map(),
  };
}

/** Stores a new object with the members that the service gives every object. */
export function insertObject(
  account: VapiAccount,
  collection: Collection,
  fields: Record<string, unknown>,
): VapiObject {
  const now = new Date().toISOString();
  const object = {
    ...fields,
    id: crypto.randomUUID(),
    orgId: account.id,
    createdAt: now,
    updatedAt: now,
  };
  account[collection].set(object.id, object);
  return object;
}

/** Replaces the given top-level fields as wholes; null removes a field. */
export function patchObject(
  account: VapiAccount,
  collection: Collection,
  object: VapiObject,
  fields: Record<string, unknown>,
): VapiObject {
  const next: VapiObject = { ...object, ...fields, updatedAt: new Date().toISOString() };
  for (const [name, value] of Object.entries(fields)) if (value === null) delete next[name];
  account[collection].set(object.id, next);
  return next;
}

type Snapshot = { id: string; keys: string[] } & Record<Collection, VapiObject[]>;

export function snapshotAccount(account: VapiAccount): Snapshot {
  const list = (collection: Collection) => [...account[collection].values()];
  return {
    id: account.id,
    keys: [...account.keys],
    assistants: list("assistants"),
    phoneNumbers: list("phoneNumbers"),
    tools: list("tools"),
    files: list("files"),
    calls: list("calls"),
  };
}

export function restoreAccount(snapshot: Snapshot): VapiAccount {
  const account = createAccount(snapshot.id);
  for (const key of snapshot.keys) account.keys.add(key);
  for (const collection of COLLECTIONS) {
    for (const object of snapshot[collection]) account[collection].set(object.id, object);
  }
  return account;
}
