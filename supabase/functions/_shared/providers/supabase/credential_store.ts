import * as z from "zod";
import type { CredentialStore } from "../../ports.ts";
import type { Database } from "./create_database.ts";
import { credential, onlyCode, providerName } from "./rows.ts";

const readCredentialResult = z.discriminatedUnion("code", [
  z.object({ code: z.literal("read"), ...credential.shape }),
  z.object({ code: z.literal("not_connected") }),
]);
const listed = z.object({
  code: z.literal("listed"),
  credentials: z.array(z.object({
    org_id: z.string(),
    provider: providerName,
    ciphertext: z.string(),
    key_id: z.string(),
  })),
});

export function createCredentialStore(database: Database): CredentialStore {
  return {
    readCredential: (input) =>
      database.callFunction("read_credential", input, readCredentialResult, { idempotent: true }),
    recordCredentialCheck: (input) =>
      database.callFunction(
        "record_credential_check",
        input,
        onlyCode("recorded", "superseded"),
      ),
    async listCredentials(input) {
      const { credentials } = await database.callFunction("list_credentials", input, listed, {
        idempotent: true,
      });
      return credentials;
    },
    replaceCredential: (input) =>
      database.callFunction("replace_credential", input, onlyCode("replaced", "changed"), {
        idempotent: true,
      }),
  };
}
