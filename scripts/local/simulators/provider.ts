/** Who sent a request: the account it belongs to, as far as its credential is known. */
export type Caller = { account: string | null; credential: string | null };

/** What a simulated provider is to the machinery around it (control, faults, ledger). */
export type SimulatedProvider = {
  name: "vapi" | "twilio" | "graph" | "gemini" | "legacy";
  /** Answers one request as the real service would. */
  handle: (request: Request) => Response | Promise<Response>;
  /** Reads the credential, without judging it. */
  identify: (request: Request) => Caller;
  /** The provider's own error shape for an injected fault. */
  errorBody: (status: number, path: string) => unknown;
  /** Registers or changes an account. Throws `ControlError` when the body is malformed. */
  register: (body: unknown) => { account: string };
  /** Takes a credential out of use; the account's objects stay. */
  revoke: (credential: string) => boolean;
  /** The account that a credential opens or opened; an account's own id is returned as it is. */
  resolveAccount: (accountOrCredential: string) => string | null;
  /** Everything stored, of one account or all; credentials masked by the caller. */
  state: (account: string | null) => unknown;
  /** Forgets an account's objects, keeps its credentials. */
  clear: (account: string | null) => void;
  /** Settings of one account, or of all when `account` is null. Throws `ControlError`. */
  configure: (account: string | null, settings: Record<string, unknown>) => void;
  /** Further control routes, e.g. to plant media; null = not one of them. */
  control?: (request: Request, path: string) => Promise<Response | null>;
  snapshot: () => unknown;
  restore: (snapshot: unknown) => void;
};

/** A control request that can't be understood; answered as 400. */
export class ControlError extends Error {
  override readonly name = "ControlError";
}
