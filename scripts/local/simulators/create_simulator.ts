import { createControl } from "./control.ts";
import { createFaults } from "./faults.ts";
import type { Fault } from "./faults.ts";
import { fingerprintCredential } from "./fingerprint_credential.ts";
import { createLedger } from "./ledger.ts";
import type { LedgerEntry } from "./ledger.ts";
import { createRateLimits } from "./rate_limits.ts";
import { readRecordedBody } from "./read_recorded_body.ts";
import { maskCredentials } from "./mask_credentials.ts";
import type { SimulatedProvider } from "./provider.ts";
import type { Answer } from "./serve_http.ts";

const pause = (milliseconds: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/**
 * Puts a provider behind its control routes (`/__simulator/…`), the ledger, the faults, the rate
 * limits and the latency switch. `onChange` is told after every request that may have changed state.
 */
export function createSimulator(provider: SimulatedProvider, onChange: () => void = () => {}) {
  const ledger = createLedger();
  const faults = createFaults(fingerprintCredential);
  const limits = createRateLimits();
  const latency = { milliseconds: 0 };
  const control = createControl({ provider, ledger, faults, limits, latency });

  async function handle(request: Request): Promise<Answer> {
    const url = new URL(request.url);
    if (url.pathname.startsWith("/__simulator/")) {
      const response = await control(request);
      if (request.method !== "GET") onChange();
      return response;
    }
    const started = performance.now();
    const caller = provider.identify(request);
    const entry = ledger.open({
      time: new Date().toISOString(),
      method: request.method,
      path: url.pathname,
      query: maskCredentials(Object.fromEntries(url.searchParams)) as Record<string, string>,
      contentType: request.headers.get("content-type"),
      body: await readRecordedBody(request.clone()),
      ...caller,
    });
    const fault = faults.strike(request.method, url.pathname, caller);
    if (fault !== null) entry.fault = { id: fault.id, mode: fault.mode, moment: fault.moment };
    if (latency.milliseconds > 0) await pause(latency.milliseconds);

    const answer = await answerRequest(request, fault);
    if (request.method !== "GET") onChange();
    return close(entry, answer, started);
  }

  async function answerRequest(request: Request, fault: Fault | null): Promise<Answer> {
    if (fault !== null && fault.moment === "before") {
      if (fault.latencyMilliseconds !== undefined) await pause(fault.latencyMilliseconds);
      if (fault.mode !== "latency") return faultAnswer(fault, request);
    }
    const { account } = provider.identify(request);
    const wait = limits.take(account);
    if (wait !== null) return errorResponse(429, request, wait);
    const response = await provider.handle(request);
    if (fault !== null && fault.moment === "after") {
      if (fault.latencyMilliseconds !== undefined) await pause(fault.latencyMilliseconds);
      if (fault.mode !== "latency") return faultAnswer(fault, request);
    }
    return response;
  }

  function faultAnswer(fault: Fault, request: Request): Answer {
    if (fault.mode === "hang" || fault.mode === "drop") return fault.mode;
    if (fault.mode === "malformed") {
      return new Response('{"id": "0000', {
        status: fault.status ?? 200,
        headers: { "content-type": "application/json" },
      });
    }
    return errorResponse(fault.status ?? 500, request, fault.retryAfterSeconds, fault.body);
  }

  function errorResponse(
    status: number,
    request: Request,
    retryAfterSeconds?: number,
    body?: unknown,
  ): Response {
    const content = body ?? provider.errorBody(status, new URL(request.url).pathname);
    return new Response(JSON.stringify(content), {
      status,
      headers: {
        "content-type": "application/json",
        ...(retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) }),
      },
    });
  }

  function close(entry: LedgerEntry, answer: Answer, started: number): Answer {
    entry.status = answer instanceof Response ? answer.status : null;
    entry.durationMilliseconds = Math.round(performance.now() - started);
    return answer;
  }

  return { handle, provider };
}
