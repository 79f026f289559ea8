import { createHash } from "node:crypto";
import * as z from "zod";
import { ManagementError } from "./management_error.ts";

/** The published schema of the field `metadata` (FunctionDeployBody). */
const metadataSchema = z.object({
  entrypoint_path: z.string().min(1),
  import_map_path: z.string().optional(),
  static_patterns: z.array(z.string()).optional(),
  verify_jwt: z.boolean().optional(),
  name: z.string().optional(),
});

export type UploadMetadata = z.output<typeof metadataSchema>;

export type Upload = {
  metadata: UploadMetadata;
  /** Bytes by path, relative to the uploader's project. */
  files: Map<string, Uint8Array>;
  /** Of everything that makes a difference to what runs. */
  sha256: string;
};

/** As the platform documents it: a function's code, all of it together. */
const SIZE_LIMIT_BYTES = 20 * 1024 * 1024;

/** A path may not leave the folder that it is unpacked into. */
function isInside(path: string): boolean {
  return path !== "" && !path.startsWith("/") && !path.includes("\\") && !path.includes("\0") &&
    path.split("/").every((part) => part !== "" && part !== "." && part !== "..");
}

function readMetadata(field: FormDataEntryValue | null): UploadMetadata {
  if (typeof field !== "string") throw new ManagementError(400, "metadata: Required");
  let value: unknown;
  try {
    value = JSON.parse(field);
  } catch {
    throw new ManagementError(400, "metadata: Invalid JSON");
  }
  const parsed = metadataSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ManagementError(400, `metadata.${issue?.path.join(".")}: ${issue?.message}`);
}

/** Reads the multipart body of a deployment. Throws ManagementError 400 or 413. */
export async function readUpload(request: Request): Promise<Upload> {
  if (!(request.headers.get("content-type") ?? "").startsWith("multipart/form-data")) {
    throw new ManagementError(400, "Expected a body of multipart/form-data");
  }
  const form = await request.formData().catch(() => {
    throw new ManagementError(400, "Malformed multipart/form-data body");
  });
  const metadata = readMetadata(form.get("metadata"));
  const files = new Map<string, Uint8Array>();
  let size = 0;
  for (const field of form.getAll("file")) {
    if (typeof field === "string") throw new ManagementError(400, "file: Expected a file");
    if (!isInside(field.name)) {
      throw new ManagementError(400, `file: Invalid path "${field.name}"`);
    }
    const bytes = new Uint8Array(await field.arrayBuffer());
    size += bytes.length;
    files.set(field.name, bytes);
  }
  if (size > SIZE_LIMIT_BYTES) throw new ManagementError(413, "request entity too large");
  for (const path of [metadata.entrypoint_path, metadata.import_map_path ?? ""]) {
    if (path === "" || files.has(path)) continue;
    throw new ManagementError(
      400,
      `Failed to bundle the function (reason: path "${path}" is not among the files)`,
    );
  }
  return { metadata, files, sha256: digest(metadata, files) };
}

function digest(metadata: UploadMetadata, files: Map<string, Uint8Array>): string {
  const hash = createHash("sha256");
  const { entrypoint_path, import_map_path } = metadata;
  hash.update(JSON.stringify([entrypoint_path, import_map_path]));
  for (const [path, bytes] of [...files].sort(([one], [other]) => one < other ? -1 : 1)) {
    hash.update(JSON.stringify([path, bytes.length])).update(bytes);
  }
  return hash.digest("hex");
}
