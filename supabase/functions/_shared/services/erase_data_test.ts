import assert from "node:assert/strict";
import { createFakeCipher } from "../../../../tests/in_memory/create_fake_cipher.ts";
import { ProviderError } from "../errors.ts";
import type { ErasePage, KeptOutside } from "../ports_erasing.ts";
import { eraseData, type EraseDataPorts } from "./erase_data.ts";

const PERSON = { org_id: "o", phone: "250788123456" };
const NOTHING = {
  in_progress: 0,
  call_requests: [],
  files: [],
  assistant_ids: [],
  knowledge_tool_ids: [],
  knowledge_file_ids: [],
};

/** A person with two pages of calls at Vapi and three pages of rows; what happened, in order. */
async function createWorld(
  { connected = true, failing = [], late = [], pages, code = "erasable" }: {
    connected?: boolean;
    /** Calls of which the first page says from the second reading on. */
    late?: string[];
    failing?: string[];
    pages?: ErasePage[];
    code?: ErasePage["code"];
  } = {},
) {
  const log: string[] = [];
  /** What the pages were told for the record. */
  const told: unknown[] = [];
  const cipher = createFakeCipher();
  const sealed = await cipher.seal("o", "vapi", { api_key: "k" });
  const calls = (
    id: string,
  ) => [{ id, vapi_call_id: `v-${id}`, recording_storage_path: `${id}.wav` }];
  const left = pages ?? [
    { code: "erased", counts: { "public.calls": 2 }, done: false },
    { code: "erased", counts: { "public.calls": 1, "public.contacts": 1 }, done: true },
  ];
  let readings = 0;
  const refuse = () => Promise.reject(new Error("not asked for"));
  const ports = {
    erasure: {
      listKeptData: refuse,
      readKeptData: refuse,
      recordExport: refuse,
      listKeptOutside({ after }): Promise<KeptOutside> {
        const page = after === null
          ? { calls: [...readings++ > 0 ? late : [], "1"].flatMap(calls), last: "1" }
          : { calls: calls("2"), last: null };
        return Promise.resolve({ ...NOTHING, ...page });
      },
      eraseRows({ dry_run, rows, request_id, actor }) {
        if (dry_run) return Promise.resolve({ code } as ErasePage);
        log.push("rows");
        told.push({ rows: { ...rows }, request_id, actor });
        return Promise.resolve(left.shift() ?? { code: "not_found" });
      },
    },
    credentials: {
      readCredential: () =>
        Promise.resolve(
          connected
            ? { code: "read" as const, fingerprint: "f", public_config: {}, ...sealed }
            : { code: "not_connected" as const },
        ),
    },
    cipher,
    clock: Date.now,
    connectCalls: () => ({
      placeCall: refuse,
      listCalls: refuse,
      readCall: refuse,
      deleteCall(id: string) {
        if (failing.includes(id)) {
          return Promise.reject(
            new ProviderError("vapi", "refused", "it is in progress"),
          );
        }
        log.push(id);
        return Promise.resolve();
      },
    }),
    recordings: {
      remove(paths: string[]) {
        log.push(...paths);
        return Promise.resolve();
      },
    },
  } satisfies Partial<EraseDataPorts>;
  const erase = (force = false) =>
    eraseData(ports as unknown as EraseDataPorts, {
      subject: PERSON,
      name: "Clinic",
      force,
      requestId: "r",
      actor: "ada",
    });
  return { erase, log, told };
}

Deno.test("what others keep goes first, then every page of rows", async () => {
  const { erase, log, told } = await createWorld();
  assert.deepEqual(await erase(), {
    outcome: "erased",
    counts: { "public.calls": 3, "public.contacts": 1 },
    outside: { calls: 2, recordings: 2 },
    problems: [],
  });
  assert.deepEqual(log, ["v-1", "1.wav", "v-2", "2.wav", "rows", "rows"]);
  assert.deepEqual(told, [
    { rows: {}, request_id: "r", actor: "ada" },
    { rows: { "public.calls": 2 }, request_id: "r", actor: "ada" },
  ]);
});

Deno.test("a call that came while pages were read goes too, and no other twice", async () => {
  const { erase, log } = await createWorld({ late: ["0"] });
  const erased = await erase();
  assert.deepEqual("outside" in erased && erased.outside, { calls: 3, recordings: 3 });
  assert.deepEqual(
    log,
    ["v-1", "1.wav", "v-2", "2.wav", "v-0", "0.wav", "rows", "rows"],
  );
  const refused = await createWorld({ late: ["0"], failing: ["v-0"] });
  assert.equal((await refused.erase()).outcome, "kept");
});

Deno.test("no row goes while something is still at a provider, unless it is forced", async () => {
  const { erase, log } = await createWorld({ failing: ["v-1"] });
  assert.deepEqual(await erase(), {
    outcome: "kept",
    problems: ["vapi: call v-1: it is in progress"],
  });
  assert.ok(log.includes("v-2") && !log.includes("rows"));
  const forced = await erase(true);
  assert.equal(forced.outcome, "erased");
  assert.deepEqual("problems" in forced && forced.problems, ["vapi: call v-1: it is in progress"]);
});

Deno.test("calls at an account that is no longer connected are told", async () => {
  const { erase, log } = await createWorld({ connected: false });
  assert.equal((await erase()).outcome, "kept");
  assert.ok(!log.includes("rows"));
});

Deno.test("what may not be erased is left alone, at the providers too", async () => {
  for (const code of ["not_found", "name_differs", "has_children", "calls_in_progress"] as const) {
    const { erase, log } = await createWorld({ code });
    assert.deepEqual([await erase(), log], [{ outcome: code }, []]);
  }
});

Deno.test("somebody who calls meanwhile ends it between two pages", async () => {
  const pages: ErasePage[] = [
    { code: "erased", counts: {}, done: false },
    { code: "calls_in_progress" },
  ];
  const { erase } = await createWorld({ pages });
  assert.deepEqual(await erase(), { outcome: "calls_in_progress" });
});

Deno.test("whoever isn't there any more after a page is erased: its answer was lost", async () => {
  const pages: ErasePage[] = [
    { code: "erased", counts: { "public.calls": 1 }, done: false },
    { code: "not_found" },
  ];
  const { erase } = await createWorld({ pages });
  const erased = await erase();
  assert.equal(erased.outcome, "erased");
  assert.deepEqual("counts" in erased && erased.counts, { "public.calls": 1 });
});
