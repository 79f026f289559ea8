import { deepEqual, equal, rejects } from "node:assert/strict";
import { createKnowledge } from "../../../../tests/in_memory/create_knowledge.ts";
import { createMemoryLogger } from "../../../../tests/in_memory/create_memory_logger.ts";
import { AppError } from "../errors.ts";
import type { PreparationStore } from "../ports_documents.ts";
import { prepareVersion } from "./prepare_version.ts";

const NAME = { org_id: "org", document_id: "document", version: 1 };
const PATH = "org/document/1";

/** One version, kept as the database keeps it. */
function setUp(
  file: string | null,
  { read = "", next_page = 1 }: { read?: string; next_page?: number } = {},
) {
  const { storage, extractor, files } = createKnowledge();
  if (file !== null) files.set(PATH, new TextEncoder().encode(file));
  const version = { content: read, next_page: next_page as number | null, state: "queued" };
  const failures: string[] = [];
  const preparation: PreparationStore = {
    readVersion: () =>
      Promise.resolve(
        version.state === "queued"
          ? { code: "read", storage_path: PATH, file_name: "a.pdf", mime_type: null, ...version }
          : { code: "gone" },
      ),
    recordPages({ first_page, next_page, content }) {
      if (version.next_page !== first_page) return Promise.resolve({ code: "gone" });
      Object.assign(version, { next_page, content });
      return Promise.resolve({ code: "recorded" });
    },
    indexVersion({ content }) {
      Object.assign(version, { state: "indexed", content });
      return Promise.resolve({ code: "indexed" });
    },
    failVersion({ error_code }) {
      version.state = "failed";
      failures.push(error_code);
      return Promise.resolve({ code: "recorded" });
    },
    listLeftovers: () => Promise.resolve([]),
    forgetLeftovers: () => Promise.resolve(),
  };
  const logger = createMemoryLogger();
  return { version, failures, ports: { preparation, storage, extractor, embeds: false, logger } };
}

Deno.test("pages are read stretch by stretch, and the last makes the version searchable", async () => {
  const { version, ports } = setUp("1\f2\f3\f4\f5");
  const ends: string[] = [];
  for (let run = 0; run < 4; run++) ends.push(await prepareVersion(ports, NAME));
  deepEqual(ends, ["reading", "reading", "indexed", "gone"]);
  equal(version.content, "1\n\n2\n\n3\n\n4\n\n5");
});

Deno.test("who died after the last page goes on with its text", async () => {
  const { version, ports } = setUp(null, { read: "All of it", next_page: 1 });
  version.next_page = null;
  equal(await prepareVersion(ports, NAME), "indexed");
});

Deno.test("two that read the same pages record them once", async () => {
  const { version, ports } = setUp("1\f2\f3");
  deepEqual(
    (await Promise.all([prepareVersion(ports, NAME), prepareVersion(ports, NAME)])).sort(),
    ["gone", "reading"],
  );
  equal(version.content, "1\n\n2");
});

Deno.test("what can't be read is given up, what may work later is tried again", async (test) => {
  const cases: [name: string, file: string | null, code: string][] = [
    ["broken", "broken", "unreadable"],
    ["no text", " ", "unreadable"],
    ["too much text", "x".repeat(300_001), "unreadable"],
    ["its file is gone", null, "not_found"],
  ];
  for (const [name, file, code] of cases) {
    await test.step(name, async () => {
      const { failures, ports } = setUp(file);
      equal(await prepareVersion(ports, NAME), "failed");
      deepEqual(failures, [code]);
    });
  }
  const { ports, failures } = setUp("1");
  ports.storage.download = () => Promise.reject(new AppError("provider_failed", "Storage is down"));
  await rejects(prepareVersion(ports, NAME), /Storage is down/);
  deepEqual(failures, []);
});
