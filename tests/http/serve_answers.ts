/** One answer of a test's server; `hang` sends nothing until the server stops, `drop` hangs up. */
export type Answer =
  | { status: number; body?: unknown; text?: string; headers?: Record<string, string> }
  | "hang"
  | "drop";

export type Received = {
  method: string;
  path: string;
  headers: Headers;
  body: string;
};

/**
 * A real HTTP server on a free port of 127.0.0.1 that gives the answers in their order, the last
 * one again and again. Stops by `await using`.
 */
export function serveAnswers(...answers: Answer[]) {
  const received: Received[] = [];
  const stopping = Promise.withResolvers<void>();
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {}, onError: () => new Response(null) },
    async (request) => {
      const url = new URL(request.url);
      received.push({
        method: request.method,
        path: `${url.pathname}${url.search}`,
        headers: request.headers,
        body: await request.text(),
      });
      const answer = answers[Math.min(received.length, answers.length) - 1] ?? "drop";
      if (answer === "hang") {
        await stopping.promise;
        return new Response(null, { status: 503 });
      }
      if (answer === "drop") {
        // A body that breaks before its announced end.
        const broken = new ReadableStream({
          start: (controller) => controller.error(new Error("dropped")),
        });
        return new Response(broken, { headers: { "content-length": "100" } });
      }
      const { status, body, text = JSON.stringify(body), headers = {} } = answer;
      return new Response(text ?? "", {
        status,
        headers: { "content-type": "application/json", ...headers },
      });
    },
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    received,
    async [Symbol.asyncDispose]() {
      stopping.resolve();
      await server.shutdown();
    },
  };
}
