import * as z from "zod";
import { patchObject, type VapiAccount, type VapiObject } from "./store.ts";

const planting = z.strictObject({
  account: z.string(),
  call: z.looseObject({ id: z.string().min(1) }),
});

/** Makes a call exist, or changes one, as though somebody had phoned; null without the account. */
export function plantCall(
  body: unknown,
  accountOf: (name: string) => VapiAccount | undefined,
): VapiObject | null {
  const { account: name, call } = planting.parse(body);
  const account = accountOf(name);
  if (account === undefined) return null;
  const now = new Date().toISOString();
  const known = account.calls.get(call.id) ??
    { id: call.id, orgId: account.id, createdAt: now, updatedAt: now };
  return patchObject(account, "calls", known, call);
}
