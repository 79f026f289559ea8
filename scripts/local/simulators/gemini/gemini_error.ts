export type GeminiErrorOptions = { reason?: string; details?: Record<string, unknown>[] };

/** Google's error shape (google.rpc.Status as JSON). */
export function geminiBody(
  code: number,
  status: string,
  message: string,
  { reason, details = [] }: GeminiErrorOptions = {},
) {
  const info = reason === undefined ? [] : [{
    "@type": "type.googleapis.com/google.rpc.ErrorInfo",
    reason,
    domain: "googleapis.com",
    metadata: { service: "generativelanguage.googleapis.com" },
  }];
  const all = [...info, ...details];
  return { error: { code, message, status, ...(all.length === 0 ? {} : { details: all }) } };
}

const STATUS_NAMES: Record<number, string> = {
  400: "INVALID_ARGUMENT",
  403: "PERMISSION_DENIED",
  404: "NOT_FOUND",
  429: "RESOURCE_EXHAUSTED",
  500: "INTERNAL",
  503: "UNAVAILABLE",
  504: "DEADLINE_EXCEEDED",
};

/** What an injected fault answers; 429 is a quota of the minute with the wait that Google asks for. */
export function errorBody(status: number): unknown {
  const name = STATUS_NAMES[status] ?? "UNKNOWN";
  if (status !== 429) return geminiBody(status, name, `Injected status ${status}`);
  return geminiBody(status, name, "You exceeded your current quota.", {
    details: [
      {
        "@type": "type.googleapis.com/google.rpc.QuotaFailure",
        violations: [{ quotaId: "EmbedContentRequestsPerMinutePerProjectPerModel" }],
      },
      { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "1s" },
    ],
  });
}
