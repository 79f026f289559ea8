import { join } from "node:path";
import { bundleUpload } from "./bundle_upload.ts";
import type { FunctionRow, FunctionStore } from "./function_store.ts";
import type { Upload } from "./read_upload.ts";

/**
 * Bundles an upload as the function's next version. The version stays when nothing changed.
 * @returns the row that makes it live; `activate` decides when
 * Throws ManagementError 400 when the code doesn't load.
 */
export async function deployFunction(
  { store, folder, deno, ref, clock }: {
    store: FunctionStore;
    /** Where versions are unpacked. */
    folder: string;
    deno: string;
    ref: string;
    clock: () => number;
  },
  { slug, upload }: { slug: string; upload: Upload },
): Promise<FunctionRow> {
  const { metadata, sha256, files } = upload;
  const before = store.find(slug)?.row;
  const now = clock();
  const id = before?.id ?? crypto.randomUUID();
  const verify_jwt = metadata.verify_jwt ?? true;
  const name = metadata.name ?? slug;
  const isSame = before?.ezbr_sha256 === sha256 && before.verify_jwt === verify_jwt &&
    before.name === name;
  if (before !== undefined && isSame) return before;

  const version = (before?.version ?? 0) + 1;
  const unpacked = join(folder, slug, `${version}-${crypto.randomUUID().slice(0, 8)}`);
  await bundleUpload(upload, { folder: unpacked, deno });
  const { entrypoint_path: entrypoint, import_map_path: importMap } = metadata;
  store.keep({
    id,
    version,
    folder: unpacked,
    entrypoint,
    ...(importMap === undefined ? {} : { importMap }),
    files: [...files.keys()],
    bytes: [...files.values()].reduce((sum, bytes) => sum + bytes.length, 0),
  });
  const source = `file:///tmp/user_fn_${ref}_${id}_${version}/source`;
  return {
    id,
    slug,
    name,
    status: "ACTIVE",
    version,
    created_at: before?.created_at ?? now,
    updated_at: now,
    verify_jwt,
    import_map: importMap !== undefined,
    entrypoint_path: `${source}/${entrypoint}`,
    ...(importMap === undefined ? {} : { import_map_path: `${source}/${importMap}` }),
    ezbr_sha256: sha256,
  };
}
