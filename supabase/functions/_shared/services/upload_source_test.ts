import { deepEqual } from "node:assert/strict";
import { createKnowledge } from "../../../../tests/in_memory/create_knowledge.ts";
import type { DocumentRow } from "../ports_documents.ts";
import { uploadSource } from "./upload_source.ts";

Deno.test("what was deleted or overtaken during its upload is not left in Storage", async () => {
  for (const code of ["recorded", "gone"] as const) {
    const { storage, files } = createKnowledge();
    await uploadSource({
      storage,
      documents: { recordUpload: () => Promise.resolve({ code }) },
    }, {
      ...{ orgId: "o", userId: "u", requestId: "r", path: "o/d/1" },
      document: { id: "d", preparing: { version: 1 } } as DocumentRow,
      file: { bytes: new Uint8Array([1]), file_name: "a.pdf", mime_type: null },
    });
    deepEqual([...files.keys()], code === "gone" ? [] : ["o/d/1"], code);
  }
});
