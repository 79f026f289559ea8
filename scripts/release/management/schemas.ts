import * as z from "zod";

// Of each answer of the Management API (https://api.supabase.com/api/v1) what a release reads.

export const projectSchema = z.object({
  id: z.string(),
  name: z.string(),
  region: z.string(),
  status: z.string(),
  database: z.object({ host: z.string(), version: z.string() }).optional(),
}).transform(({ id, database, ...project }) => ({
  ref: id,
  ...project,
  databaseVersion: database?.version ?? null,
}));

/** Of `file:///tmp/user_fn_…/source/supabase/functions/a/index.ts` what its uploader called it. */
function readSourcePath<Name extends string>(
  name: Name,
  url: string | null | undefined,
): { [name in Name]?: string } {
  const [, path] = /^file:\/\/.*?\/source\/(.+)$/.exec(url ?? "") ?? [];
  return path === undefined ? {} : { [name]: path } as { [name in Name]: string };
}

export const functionsSchema = z.array(
  z.object({
    slug: z.string(),
    version: z.int(),
    status: z.string(),
    verify_jwt: z.boolean().optional(),
    entrypoint_path: z.string().nullish(),
    import_map_path: z.string().nullish(),
    updated_at: z.union([z.number(), z.string()]),
  }).transform(({ verify_jwt, entrypoint_path, import_map_path, updated_at, ...live }) => ({
    ...live,
    verifyJwt: verify_jwt ?? true,
    ...readSourcePath("entrypoint", entrypoint_path),
    ...readSourcePath("importMap", import_map_path),
    updatedAt: new Date(updated_at).toISOString(),
  })),
);

/** Values come as SHA-256 in hexadecimal digits: never a secret. */
export const secretsSchema = z.array(
  z.object({ name: z.string(), value: z.string().default("") })
    .transform(({ name, value }) => ({ name, digest: value })),
);

export const backupsSchema = z.object({
  pitr_enabled: z.boolean().default(false),
  backups: z.array(z.object({ status: z.string(), inserted_at: z.string() })).default([]),
  physical_backup_data: z.object({
    latest_physical_backup_date_unix: z.number().optional(),
  }).default({}),
}).transform(({ pitr_enabled, backups, physical_backup_data }) => {
  const physical = physical_backup_data.latest_physical_backup_date_unix;
  return {
    pointInTime: pitr_enabled,
    completedAt: [
      ...backups.filter(({ status }) => status === "COMPLETED")
        .map(({ inserted_at }) => Date.parse(inserted_at)),
      ...(physical === undefined ? [] : [physical * 1_000]),
    ].filter(Number.isFinite).sort((a, b) => b - a)
      .map((milliseconds) => new Date(milliseconds).toISOString()),
  };
});

export const rowsSchema = z.array(z.record(z.string(), z.unknown()));

export type Project = z.infer<typeof projectSchema>;
/**
 * `version` counts up with each change; `updatedAt` is ISO 8601; `entrypoint` and `importMap` as they were
 * uploaded, relative to the uploader's project, where that is known.
 */
export type LiveFunction = z.infer<typeof functionsSchema>[number];
export type SecretDigest = z.infer<typeof secretsSchema>[number];
/** `completedAt` newest first, ISO 8601. */
export type Backups = z.infer<typeof backupsSchema>;
