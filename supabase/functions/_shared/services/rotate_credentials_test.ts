import assert from "node:assert/strict";
import type { CredentialStore, ProviderName, Sealed } from "../ports.ts";
import { createCredentialCipher } from "../providers/supabase/credential_cipher.ts";
import { rotateCredentials } from "./rotate_credentials.ts";

const older = { id: "2026-01", key: new Uint8Array(32).fill(1) };
const newer = { id: "2026-11", key: new Uint8Array(32).fill(2) };
const lost = { id: "2025-01", key: new Uint8Array(32).fill(3) };

type Row = { org_id: string; provider: ProviderName } & Sealed;

/** As the SQL functions: pages in order, and a row replaced only where it is the one expected. */
function createStore(rows: Row[]) {
  const log = { lists: 0, replaced: 0 };
  const key = (row: { org_id: string; provider: string }) => `${row.org_id} ${row.provider}`;
  const unused = () => Promise.reject(new Error("not used"));
  const store: CredentialStore = {
    readCredential: unused,
    recordCredentialCheck: unused,
    listCredentials({ after, limit, except_key_id }) {
      log.lists += 1;
      return Promise.resolve(
        rows.filter((row) =>
          row.key_id !== except_key_id &&
          (after === null || key(row) > key(after))
        ).toSorted((one, other) => key(one) < key(other) ? -1 : 1).slice(
          0,
          limit,
        )
          .map((row) => ({ ...row })),
      );
    },
    replaceCredential(
      { org_id, provider, expected_ciphertext, ciphertext, key_id },
    ) {
      const row = rows.find((each) => each.org_id === org_id && each.provider === provider);
      if (row?.ciphertext !== expected_ciphertext) {
        return Promise.resolve({ code: "changed" });
      }
      log.replaced += 1;
      Object.assign(row, { ciphertext, key_id });
      return Promise.resolve({ code: "replaced" });
    },
  };
  return { store, log };
}

async function seal(count: number, with_: typeof older): Promise<Row[]> {
  const cipher = createCredentialCipher([with_]);
  return await Promise.all(Array.from({ length: count }, async (_, index) => {
    const org_id = `${with_.id}-org-${String(index).padStart(4, "0")}`;
    const sealed = await cipher.seal(org_id, "vapi", {
      api_key: `key-${index}`,
    });
    return { org_id, provider: "vapi" as const, ...sealed };
  }));
}

Deno.test("everything is under the current key afterwards, and opens as before", async () => {
  const rows = [...await seal(230, older), ...await seal(3, newer)];
  const { store, log } = createStore(rows);
  const cipher = createCredentialCipher([newer, older]);
  const result = await rotateCredentials({ credentials: store, cipher });
  assert.deepEqual(result, { rotated: 230, superseded: 0, failed: [] });
  assert.ok(rows.every(({ key_id }) => key_id === newer.id));
  const only = createCredentialCipher([newer]);
  for (const [index, row] of rows.slice(0, 230).entries()) {
    assert.deepEqual(await only.open(row.org_id, "vapi", row), {
      api_key: `key-${index}`,
    });
  }
  assert.equal(log.lists, 3);
  assert.deepEqual(await rotateCredentials({ credentials: store, cipher }), {
    rotated: 0,
    superseded: 0,
    failed: [],
  });
});

Deno.test("a rotation that stopped in the middle goes on where it was", async () => {
  const rows = await seal(5, older);
  const { store, log } = createStore(rows);
  const cipher = createCredentialCipher([newer, older]);
  const stopping: CredentialStore = {
    ...store,
    replaceCredential: (input) =>
      log.replaced === 2 ? Promise.reject(new Error("stopped")) : store.replaceCredential(input),
  };
  await assert.rejects(rotateCredentials({ credentials: stopping, cipher }));
  assert.equal(
    (await rotateCredentials({ credentials: store, cipher })).rotated,
    3,
  );
});

Deno.test("a dry run opens everything and changes nothing", async () => {
  const rows = await seal(2, older);
  const before = structuredClone(rows);
  const { store } = createStore(rows);
  const cipher = createCredentialCipher([newer, older]);
  const result = await rotateCredentials({ credentials: store, cipher }, {
    dryRun: true,
  });
  assert.equal(result.rotated, 2);
  assert.deepEqual(rows, before);
});

Deno.test("what a save stored meanwhile stays", async () => {
  const rows = await seal(1, older);
  const { store } = createStore(rows);
  const saved: CredentialStore = {
    ...store,
    replaceCredential: (input) => {
      Object.assign(rows[0] ?? {}, { ciphertext: "saved", key_id: newer.id });
      return store.replaceCredential(input);
    },
  };
  const cipher = createCredentialCipher([newer, older]);
  const result = await rotateCredentials({ credentials: saved, cipher });
  assert.deepEqual(result, { rotated: 0, superseded: 1, failed: [] });
  assert.equal(rows[0]?.ciphertext, "saved");
});

Deno.test("what no key opens is named and left, the rest is done", async () => {
  const rows = [...await seal(1, lost), ...await seal(2, older)];
  const { store } = createStore(rows);
  const cipher = createCredentialCipher([newer, older]);
  const result = await rotateCredentials({ credentials: store, cipher });
  assert.equal(result.rotated, 2);
  assert.deepEqual(
    result.failed.map(({ org_id, reason }) => [org_id, reason]),
    [[
      "2025-01-org-0000",
      `Cannot open the credentials of "vapi": CREDENTIAL_KEYS has no key "2025-01"`,
    ]],
  );
});
