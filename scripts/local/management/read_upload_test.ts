import assert from "node:assert/strict";
import { ManagementError } from "./management_error.ts";
import { readUpload } from "./read_upload.ts";

const ENTRY = "supabase/functions/one/index.ts";
const METADATA = { entrypoint_path: ENTRY, verify_jwt: false, name: "one" };

function uploadOf(metadata: unknown, files: Record<string, string>): Request {
  const form = new FormData();
  for (const [path, text] of Object.entries(files)) form.append("file", new File([text], path));
  if (metadata !== undefined) {
    form.append("metadata", typeof metadata === "string" ? metadata : JSON.stringify(metadata));
  }
  return new Request("http://x", { method: "POST", body: form });
}

Deno.test("an upload is its metadata and its files by path", async () => {
  const upload = await readUpload(uploadOf(METADATA, { [ENTRY]: "code", "supabase/b.ts": "b" }));
  assert.deepEqual(upload.metadata, METADATA);
  assert.deepEqual([...upload.files.keys()], [ENTRY, "supabase/b.ts"]);
  assert.equal(new TextDecoder().decode(upload.files.get(ENTRY)), "code");
});

Deno.test("the digest is that of the content, whatever the order of the files", async () => {
  const digestOf = async (files: Record<string, string>) =>
    (await readUpload(uploadOf(METADATA, files))).sha256;
  const first = await digestOf({ [ENTRY]: "code", "b.ts": "b" });
  assert.equal(await digestOf({ "b.ts": "b", [ENTRY]: "code" }), first);
  assert.notEqual(await digestOf({ [ENTRY]: "code", "b.ts": "c" }), first);
  assert.notEqual(await digestOf({ [ENTRY]: "code", "c.ts": "b" }), first);
});

const REFUSED: { name: string; request: () => Request }[] = [
  {
    name: "JSON",
    request: () =>
      new Request("http://x", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: "{}",
      }),
  },
  {
    name: "a torn body",
    request: () =>
      new Request("http://x", {
        method: "POST",
        headers: { "content-type": "multipart/form-data; boundary=x" },
        body: "--x\r\nContent-Disp",
      }),
  },
  { name: "no metadata", request: () => uploadOf(undefined, { [ENTRY]: "code" }) },
  { name: "metadata that is no JSON", request: () => uploadOf("{", { [ENTRY]: "code" }) },
  { name: "no entrypoint", request: () => uploadOf({ name: "one" }, { [ENTRY]: "code" }) },
  { name: "an entrypoint that is no file", request: () => uploadOf(METADATA, { "b.ts": "b" }) },
  {
    name: "an import map that is no file",
    request: () => uploadOf({ ...METADATA, import_map_path: "deno.json" }, { [ENTRY]: "code" }),
  },
  {
    name: "a path that leaves its folder",
    request: () => uploadOf(METADATA, { [ENTRY]: "code", "../../x.ts": "x" }),
  },
  {
    name: "an absolute path",
    request: () => uploadOf(METADATA, { [ENTRY]: "code", "/etc/x.ts": "x" }),
  },
];

for (const { name, request } of REFUSED) {
  Deno.test(`refuses an upload with ${name}`, async () => {
    await assert.rejects(
      () => readUpload(request()),
      (error: unknown) => error instanceof ManagementError && error.status === 400,
    );
  });
}
