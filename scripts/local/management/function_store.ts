import { ManagementError } from "./management_error.ts";

/** A function as the Management API shows it (FunctionResponse); times in milliseconds. */
export type FunctionRow = {
  id: string;
  slug: string;
  name: string;
  status: "ACTIVE" | "REMOVED" | "THROTTLED";
  version: number;
  created_at: number;
  updated_at: number;
  verify_jwt: boolean;
  import_map: boolean;
  entrypoint_path: string;
  import_map_path?: string;
  ezbr_sha256: string;
};

/** Code that was uploaded and loads; it serves once a row names its id and version. */
export type Bundle = {
  id: string;
  version: number;
  /** Where it is unpacked. */
  folder: string;
  entrypoint: string;
  importMap?: string;
  /** Paths of the uploaded files. */
  files: string[];
  bytes: number;
};

/** A live function with its code. */
export type LiveFunction = { row: FunctionRow; bundle: Bundle };

/** The project's functions: what was uploaded, and of that what is live. */
export function createFunctionStore() {
  const live = new Map<string, FunctionRow>();
  const bundles = new Map<string, Bundle>();
  const keyOf = ({ id, version }: { id: string; version: number }) => `${id}_${version}`;
  const find = (slug: string): LiveFunction | undefined => {
    const row = live.get(slug);
    const bundle = row && bundles.get(keyOf(row));
    return row && bundle && { row, bundle };
  };

  return {
    find,
    list: (): LiveFunction[] =>
      [...live.keys()].map(find).filter((found) => found !== undefined)
        .sort((one, other) => one.row.slug < other.row.slug ? -1 : 1),
    keep(bundle: Bundle): void {
      bundles.set(keyOf(bundle), bundle);
    },
    /** All or none. Throws ManagementError 400 when code of one of them was never uploaded. */
    activate(...rows: FunctionRow[]): void {
      for (const row of rows) {
        if (bundles.has(keyOf(row))) continue;
        throw new ManagementError(
          400,
          `Function "${row.slug}" has no bundle of version ${row.version}`,
        );
      }
      for (const row of rows) live.set(row.slug, row);
    },
    remove: (slug: string): boolean => live.delete(slug),
  };
}

export type FunctionStore = ReturnType<typeof createFunctionStore>;
