import { createRequire } from "node:module";
import { join } from "node:path";
import { FUNCTIONS_FOLDER, REPOSITORY } from "../../scripts/local/repository.ts";

type Output = {
  bytes: number;
  inputs: Record<string, { bytesInOutput: number }>;
};
type Resolve = { kind: string; path: string };
type Build = {
  onResolve(
    filter: { filter: RegExp },
    answer: (resolve: Resolve) => { path: string; external: true } | undefined,
  ): void;
};
type Esbuild = {
  build(
    options: Record<string, unknown>,
  ): Promise<{ metafile: { outputs: Record<string, Output> } }>;
  stop(): Promise<void>;
};

export type BundleSize = {
  /** Minified bytes that load before the first request, and those that a request may load. */
  eager: number;
  lazy: number;
  modules: number;
  /** The packages with the most eager bytes; "own" is this project. */
  largest: [string, number][];
};

/** What is imported dynamically is none of what loads at once. */
const leaveOutLazy = {
  name: "leave out what is lazy",
  setup(build: Build) {
    build.onResolve(
      { filter: /.*/ },
      ({ kind, path }) => kind === "dynamic-import" ? { path, external: true } : undefined,
    );
  },
};

const SHARED = {
  absWorkingDir: REPOSITORY,
  nodePaths: [join(REPOSITORY, "node_modules")],
  bundle: true,
  format: "esm",
  target: "es2022",
  platform: "node",
  conditions: ["deno", "import"],
  metafile: true,
  logLevel: "error",
};

/** The package of a bundled file. */
function ownerOf(input: string): string {
  const from = input.lastIndexOf("node_modules/");
  if (from === -1) return "own";
  const parts = input.slice(from).split("/").slice(1);
  return parts.slice(0, parts[0]?.startsWith("@") ? 2 : 1).join("/");
}

/** @param modules folder where the packages of `bench/package.json` are installed */
export function openBundler(modules: string) {
  const esbuild = createRequire(join(modules, "package.json"))(
    "esbuild",
  ) as Esbuild;
  const entryOf = (name: string) => join(FUNCTIONS_FOLDER, name, "index.ts");

  return {
    /** How much code a function loads at once and later, minified and without what nobody uses. */
    async measure(name: string): Promise<BundleSize> {
      const minified = {
        ...SHARED,
        entryPoints: [entryOf(name)],
        minify: true,
        write: false,
      };
      const early = await esbuild.build({
        ...minified,
        outfile: "early.js",
        plugins: [leaveOutLazy],
      });
      const all = await esbuild.build({ ...minified, outfile: "all.js" });
      const [output] = Object.values(early.metafile.outputs);
      const [whole] = Object.values(all.metafile.outputs);
      if (output === undefined || whole === undefined) {
        throw new Error(`Cannot bundle "${name}"`);
      }
      const owners = new Map<string, number>();
      for (const [input, { bytesInOutput }] of Object.entries(output.inputs)) {
        const owner = ownerOf(input);
        owners.set(owner, (owners.get(owner) ?? 0) + bytesInOutput);
      }
      return {
        eager: output.bytes,
        lazy: whole.bytes - output.bytes,
        modules: Object.keys(output.inputs).length,
        largest: [...owners].sort(([, one], [, other]) => other - one).slice(
          0,
          4,
        ),
      };
    },
    /**
     * Writes all that an entry loads at once into one file, as the platform does at a deployment:
     * nothing is minified, and nothing left out for being unused.
     */
    async pack(entry: string, outfile: string): Promise<void> {
      await esbuild.build({
        ...SHARED,
        entryPoints: [entry],
        outfile,
        treeShaking: false,
        ignoreAnnotations: true,
        plugins: [leaveOutLazy],
      });
    },
    entryOf,
    close: () => esbuild.stop(),
  };
}
