import { dirname, join } from "node:path";
import type { Database } from "../../open_database.ts";
import type { GatewayConfig } from "../config.ts";
import { resolveApiKey } from "../resolve_api_key.ts";
import { isSignedFor, signObject } from "./sign_object.ts";

type Bucket = { public: boolean };

function refuse(status: number, error: string, message: string): Response {
  return Response.json({ statusCode: String(status), error, message }, { status });
}

/** `bucket/path` of an object, or undefined when it would leave the bucket. */
export function readObjectName(path: string): { bucket: string; object: string } | undefined {
  let parts: string[];
  try {
    parts = path.split("/").filter(Boolean).map(decodeURIComponent);
  } catch {
    return undefined;
  }
  const isSafe = parts.every((part) => part !== "." && part !== ".." && !/[/\\\0]/.test(part));
  const [bucket] = parts;
  if (!isSafe || bucket === undefined || parts.length < 2) return undefined;
  return { bucket, object: parts.join("/") };
}

async function sendObject(folder: string, object: string): Promise<Response> {
  try {
    const [file, contentType] = await Promise.all([
      Deno.open(join(folder, "objects", object)),
      Deno.readTextFile(join(folder, "types", object)),
    ]);
    return new Response(file.readable, { headers: { "content-type": contentType } });
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return refuse(404, "not_found", "Object not found");
    throw error;
  }
}

async function storeObject(folder: string, object: string, request: Request): Promise<Response> {
  const path = join(folder, "objects", object);
  const typePath = join(folder, "types", object);
  const mayReplace = request.method === "PUT" || request.headers.get("x-upsert") === "true";
  const exists = await Deno.stat(path).then(() => true, () => false);
  if (exists && !mayReplace) return refuse(409, "Duplicate", "The resource already exists");
  await Deno.mkdir(dirname(path), { recursive: true });
  await Deno.mkdir(dirname(typePath), { recursive: true });
  const isForm = request.headers.get("content-type")?.startsWith("multipart/form-data");
  const file = isForm
    ? [...(await request.formData()).values()].find((value) => value instanceof File)
    : undefined;
  await Deno.writeFile(path, file?.stream() ?? request.body ?? new Uint8Array());
  const type = file?.type ?? request.headers.get("content-type") ?? "application/octet-stream";
  await Deno.writeTextFile(typePath, type);
  return Response.json({ Key: object, Id: crypto.randomUUID() });
}

async function removeObjects(folder: string, objects: string[]): Promise<{ name: string }[]> {
  const removed: { name: string }[] = [];
  for (const object of objects) {
    const path = join(folder, "objects", object);
    if (!await Deno.remove(path).then(() => true, () => false)) continue;
    await Deno.remove(join(folder, "types", object)).catch(() => {});
    removed.push({ name: object.slice(object.indexOf("/") + 1) });
  }
  return removed;
}

/**
 * Objects on disk, behind the routes of Supabase's storage: put, get, signed URL and delete. The
 * secret key may do everything; a user's token nothing, as long as no policy on storage.objects
 * says otherwise; a signed URL reads its one object.
 */
export async function answerStorage(
  request: Request,
  path: string,
  { config, database }: { config: GatewayConfig; database: Database },
): Promise<Response> {
  const { pathname, searchParams } = new URL(path, config.url);
  const [, resource, action = "", ...tail] = pathname.split("/");
  if (resource !== "object") return refuse(404, "not_found", "No such route in the local stack");
  const hasAction = ["sign", "public", "authenticated"].includes(action);
  const name = readObjectName((hasAction ? tail : [action, ...tail]).join("/"));
  const bucketName = name?.bucket ?? action;
  const [bucket] = await database.query<Bucket>(
    "select coalesce(public, false) as public from storage.buckets where id = $1",
    [decodeURIComponent(bucketName)],
  );
  if (bucket === undefined) return refuse(404, "Bucket not found", "Bucket not found");

  const folder = config.storageFolder;
  if (request.method === "GET" && name !== undefined) {
    const token = searchParams.get("token") ?? "";
    const secret = config.legacyJwtSecret;
    if (action === "sign") {
      return await isSignedFor(secret, { object: name.object, token })
        ? await sendObject(folder, name.object)
        : refuse(400, "InvalidJWT", "The signed URL is invalid or has expired");
    }
    if (action === "public" && bucket.public) return await sendObject(folder, name.object);
  }
  const key = resolveApiKey(request, config);
  if (key.code !== "resolved") return refuse(401, "Unauthorized", "Invalid API key");
  if (key.role !== "service_role" || !key.authorization.endsWith(config.serviceRoleJwt)) {
    return refuse(403, "Unauthorized", "new row violates row-level security policy");
  }
  if (name === undefined) {
    if (request.method !== "DELETE") return refuse(400, "InvalidKey", `Invalid key: ${pathname}`);
    const { prefixes = [] } = await request.json() as { prefixes?: string[] };
    const objects = prefixes.map((prefix) => readObjectName(`${action}/${prefix}`)?.object)
      .filter((object) => object !== undefined);
    return Response.json(await removeObjects(folder, objects));
  }
  switch (request.method) {
    case "GET":
    case "HEAD":
      return await sendObject(folder, name.object);
    case "DELETE":
      await removeObjects(folder, [name.object]);
      return Response.json({ message: "Successfully deleted" });
    case "POST":
    case "PUT": {
      if (action !== "sign") return await storeObject(folder, name.object, request);
      const { expiresIn = 60 } = await request.json() as { expiresIn?: number };
      const token = await signObject(config.legacyJwtSecret, {
        object: name.object,
        expiresInSeconds: expiresIn,
      });
      const object = name.object.split("/").map(encodeURIComponent).join("/");
      return Response.json({ signedURL: `/object/sign/${object}?token=${token}` });
    }
    default:
      return refuse(405, "method_not_allowed", request.method);
  }
}
