import { ProviderError } from "../../supabase/functions/_shared/errors.ts";
import type {
  Assistant,
  Connect,
  JsonObject,
  ProviderCall,
  ProviderName,
  RecordProviderCall,
  VapiPhoneNumber,
} from "../../supabase/functions/_shared/ports.ts";

/** One Vapi account's objects. */
export type FakeVapiAccount = {
  assistants: Map<string, Assistant>;
  numbers: Map<string, VapiPhoneNumber>;
};

/** What exists at the providers, by the credentials that reach it. */
export type FakeProviders = {
  vapiAccounts: Map<string, FakeVapiAccount>;
  /** `${sid}:${token}` */
  twilioAccounts: Map<
    string,
    { status: string; numbers: Map<string, { voice: boolean }> }
  >;
  /** By access token: business account id → its phone number ids. */
  whatsappTokens: Map<string, Map<string, string[]>>;
  subscriptions: Set<string>;
  /** Makes calls fail: `vapi.createAssistant`, `twilio.*`. */
  faults: Map<string, () => ProviderError>;
  /** `provider.operation`, in the order in which they began. */
  calls: string[];
};

export function createFakeProviders(): FakeProviders {
  return {
    vapiAccounts: new Map(),
    twilioAccounts: new Map(),
    whatsappTokens: new Map(),
    subscriptions: new Set(),
    faults: new Map(),
    calls: [],
  };
}

/** A `Connect` onto objects in memory; every call is asynchronous, counted and can be made to fail. */
export function createFakeConnect(world: FakeProviders): Connect {
  const call = async <T>(
    record: RecordProviderCall,
    provider: ProviderName,
    operation: string,
    act: () => T,
  ): Promise<T> => {
    world.calls.push(`${provider}.${operation}`);
    const counted: ProviderCall = {
      provider,
      operation,
      outcome: "succeeded",
      status: 200,
      duration_ms: 1,
    };
    await Promise.resolve();
    try {
      const fault = world.faults.get(`${provider}.${operation}`) ??
        world.faults.get(`${provider}.*`);
      if (fault !== undefined) throw fault();
      return act();
    } catch (error) {
      const failed = error instanceof ProviderError &&
        error.failure !== "unauthorized";
      counted.outcome = failed ? "failed" : "refused";
      throw error;
    } finally {
      record(counted);
    }
  };
  const found = <T>(provider: ProviderName, value: T | undefined): T => {
    if (value === undefined) {
      throw new ProviderError(provider, "unauthorized", "Invalid credentials", { status: 401 });
    }
    return value;
  };

  return {
    vapi({ api_key }, record) {
      const account = () => found("vapi", world.vapiAccounts.get(api_key));
      const run = <T>(operation: string, act: () => T) => call(record, "vapi", operation, act);
      return {
        verifyKey: () => run("verifyKey", () => void account()),
        getAssistant: (id) =>
          run("getAssistant", () => structuredClone(account().assistants.get(id) ?? null)),
        listAssistants: ({ createdAtGt, createdAtLe, limit }) =>
          run(
            "listAssistants",
            () =>
              [...account().assistants.values()].filter(({ createdAt }) =>
                (createdAtGt === undefined || createdAt > createdAtGt) &&
                (createdAtLe === undefined || createdAt <= createdAtLe)
              ).sort((left, right) => left.createdAt < right.createdAt ? 1 : -1).slice(0, limit),
          ),
        createAssistant: (body) =>
          run("createAssistant", () => {
            const id = crypto.randomUUID();
            const assistant = { ...body, id, createdAt: new Date().toISOString() } as Assistant;
            account().assistants.set(id, structuredClone(assistant));
            return assistant;
          }),
        updateAssistant: (id, body) =>
          run("updateAssistant", () => {
            const known = account().assistants.get(id);
            if (known === undefined) return null;
            const updated = { ...known, ...structuredClone(body) } as Assistant;
            account().assistants.set(id, updated);
            return updated;
          }),
        deleteAssistant: (id) => run("deleteAssistant", () => void account().assistants.delete(id)),
        listPhoneNumbers: () => run("listPhoneNumbers", () => [...account().numbers.values()]),
        importPhoneNumber: (body) =>
          run("importPhoneNumber", () => {
            const number = toPhoneNumber(crypto.randomUUID(), body);
            account().numbers.set(number.id, number);
            return number;
          }),
        updatePhoneNumber: (id, body) =>
          run("updatePhoneNumber", () => {
            const known = account().numbers.get(id);
            if (known === undefined) return null;
            const updated = { ...known, ...body } as VapiPhoneNumber;
            account().numbers.set(id, updated);
            return updated;
          }),
        deletePhoneNumber: (id) =>
          run("deletePhoneNumber", () => {
            account().numbers.delete(id);
          }),
      };
    },

    twilio({ account_sid, auth_token }, record) {
      const account = () =>
        found("twilio", world.twilioAccounts.get(`${account_sid}:${auth_token}`));
      return {
        readAccount: () =>
          call(record, "twilio", "readAccount", () => ({
            sid: account_sid,
            status: account().status,
            friendly_name: "Demo account",
          })),
        findNumber: (number) =>
          call(record, "twilio", "findNumber", () => {
            const known = account().numbers.get(number);
            return known === undefined ? null : { phone_number: number, voice: known.voice };
          }),
      };
    },

    whatsapp({ access_token }, record) {
      const accounts = () => found("whatsapp", world.whatsappTokens.get(access_token));
      const run = <T>(operation: string, act: () => T) => call(record, "whatsapp", operation, act);
      const notFound = () =>
        new ProviderError("whatsapp", "not_found", "Unsupported get request", { status: 400 });
      const account = (id: string) => {
        const numbers = accounts().get(id);
        if (numbers === undefined) throw notFound();
        return numbers;
      };
      return {
        readPhoneNumber: (id) =>
          run("readPhoneNumber", () => {
            if (![...accounts().values()].flat().includes(id)) throw notFound();
            return {
              id,
              display_phone_number: "+1 415 555 0100",
              verified_name: "Demo",
              quality_rating: "GREEN",
            };
          }),
        readBusinessAccount: (id) =>
          run("readBusinessAccount", () => ({ id, phone_number_ids: account(id) })),
        subscribe: (id) =>
          run("subscribe", () => {
            account(id);
            world.subscriptions.add(id);
          }),
        readSubscriptions: (id) =>
          run("readSubscriptions", () => {
            account(id);
            return world.subscriptions.has(id) ? [{ app_id: "1" }] : [];
          }),
        unsubscribe: (id) =>
          run("unsubscribe", () => {
            account(id);
            world.subscriptions.delete(id);
          }),
      };
    },
  };
}

function toPhoneNumber(id: string, body: JsonObject): VapiPhoneNumber {
  return {
    id,
    number: String(body.number),
    provider: "twilio",
    assistantId: typeof body.assistantId === "string" ? body.assistantId : null,
    server: (body.server ?? null) as JsonObject | null,
    fallbackDestination: (body.fallbackDestination ?? null) as
      | JsonObject
      | null,
  };
}
