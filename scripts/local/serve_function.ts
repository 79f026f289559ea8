/**
 * Runs one function as the platform does, in a process of its own: arguments are the port and the
 * URL of its `index.ts`. The file is imported as it is; what it serves is bound to 127.0.0.1.
 * Imports nothing of npm, so that a function's process loads what the function imports and no more.
 */
import { endWithParent } from "./end_with_parent.ts";

const [port = "0", entry = ""] = Deno.args;
const serve = Deno.serve;

type Handler = Deno.ServeHandler<Deno.NetAddr>;
type Options = Deno.ServeTcpOptions & { handler?: Handler };

function serveOnLoopback(
  first: Handler | Options,
  second?: Handler,
): Deno.HttpServer<Deno.NetAddr> {
  const handler = typeof first === "function" ? first : second ?? first.handler;
  if (handler === undefined) throw new TypeError("Cannot serve: no handler was given");
  const options = typeof first === "function" ? {} : first;
  return serve(
    { ...options, hostname: "127.0.0.1", port: Number(port), onListen: () => {} },
    handler,
  );
}

Object.defineProperty(Deno, "serve", { value: serveOnLoopback });

Object.defineProperty(globalThis, "EdgeRuntime", {
  value: {
    /** The platform logs what fails after the answer; it doesn't end the function. */
    waitUntil(promise: Promise<unknown>): void {
      // deno-lint-ignore no-console
      Promise.resolve(promise).catch((error) => console.error("waitUntil:", error));
    },
  },
});

void endWithParent(() => Deno.exit(0));
await import(entry);
