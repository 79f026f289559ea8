import type { ProcessRegistry } from "../../process_registry.ts";
import { forwardRequest } from "../../gateway/forward_request.ts";
import { verifyToken } from "../../gateway/auth/verify_token.ts";
import type { GatewayConfig } from "../../gateway/config.ts";
import { type Log, openLog } from "../../write_log.ts";
import type { FunctionStore, LiveFunction } from "../function_store.ts";
import type { SecretStore } from "../secret_store.ts";
import { bootCopy, type Copy } from "./boot_copy.ts";

export type HostOptions = {
  store: FunctionStore;
  secrets: SecretStore;
  deno: string;
  /** Folder with serve_function.ts, outside any checkout. */
  runtime: string;
  stateFolder: string;
  registry: ProcessRegistry;
  /** What user tokens are verified with, where a function leaves that to the platform. */
  tokens: Pick<GatewayConfig, "publicJwk" | "legacyJwtSecret">;
  /** Called when another process runs than before. */
  onChange?: () => unknown;
};

type Booted = { key: string; copy: Promise<Copy | null> };

const refusal = (status: number, code: string, message: string) =>
  Response.json({ code, message }, { status });

/**
 * Serves what is live as the platform does: the next request after a deployment, or after a secret
 * was set, boots the new code; if that doesn't boot the function is down, however well the version
 * before it ran. Requests that were under way end where they began.
 */
export function createHost(options: HostOptions) {
  const { store, secrets, stateFolder } = options;
  const running = new Map<string, Booted>();
  const logs = new Map<string, Log>();
  const serving = new Map<string, { port: number; pid: number }>();
  const leaving = new Set<Booted>();

  function logOf(slug: string): Log {
    const log = logs.get(slug) ?? openLog(stateFolder, slug, { echo: false });
    logs.set(slug, log);
    return log;
  }

  function drain(booted: Booted): void {
    leaving.add(booted);
    void booted.copy.then((copy) => copy?.drain()).then(() => leaving.delete(booted));
  }

  function boot({ row, bundle }: LiveFunction, key: string): Booted {
    const before = running.get(row.slug);
    const copy = bootCopy({
      slug: row.slug,
      bundle,
      deno: options.deno,
      runtime: options.runtime,
      env: { ...secrets.environment(), DENO_DEPLOYMENT_ID: `${row.id}_${row.version}` },
      log: logOf(row.slug),
      registry: options.registry,
    });
    const booted = { key, copy };
    running.set(row.slug, booted);
    const forget = () => {
      if (running.get(row.slug) !== booted) return;
      running.delete(row.slug);
      serving.delete(row.slug);
      options.onChange?.();
    };
    void copy.then((found) => {
      if (found === null) return forget();
      void found.ended.then(forget);
      if (running.get(row.slug) !== booted) return;
      serving.set(row.slug, { port: found.port, pid: found.pid });
      options.onChange?.();
    });
    if (before !== undefined) drain(before);
    return booted;
  }

  return {
    /** @param request to `/<slug>/…` */
    async handle(request: Request): Promise<Response> {
      const path = request.url.slice(request.url.indexOf("/", "http://".length));
      const slug = path.slice(1).split(/[/?]/, 1)[0] ?? "";
      const live = store.find(slug);
      if (live === undefined || live.row.status === "REMOVED") {
        return refusal(404, "NOT_FOUND", "Requested function was not found");
      }
      const { verify_jwt, id, version } = live.row;
      if (verify_jwt && request.method !== "OPTIONS") {
        if (await verifyToken(request, options.tokens) === undefined) {
          return refusal(401, "UNAUTHORIZED_INVALID_JWT_FORMAT", "Invalid JWT");
        }
      }
      const key = `${id}_${version}_${secrets.generation()}`;
      const known = running.get(slug);
      const copy = await (known?.key === key ? known : boot(live, key)).copy;
      if (copy === null) {
        return refusal(503, "BOOT_ERROR", "Function failed to start (please check logs)");
      }
      return await forwardRequest(request, {
        url: `http://127.0.0.1:${copy.port}${path}`,
        name: slug,
        remoteAddress: null,
      });
    },
    /** The processes that serve now. */
    list: (): Record<string, { port: number; pid: number }> => Object.fromEntries(serving),
    async stop(): Promise<void> {
      const all = [...running.values(), ...leaving];
      await Promise.all(all.map(async ({ copy }) => await (await copy)?.stop()));
      for (const log of logs.values()) log.close();
    },
  };
}

export type Host = ReturnType<typeof createHost>;
