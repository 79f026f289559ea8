import type { CallReport } from "../../ports_calls.ts";
import {
  readJsonObject,
  readList,
  readNumber,
  readObject,
  readText,
  readTime,
} from "./read_fields.ts";

const TRANSCRIPT_LENGTH = 1_000_000;
const OBJECT_LENGTH = 100_000;
const URL_LENGTH = 4096;
/** The column has six digits on either side of its point. */
const COST_LIMIT = 1_000_000;
const LONGEST_SECONDS = 31 * 24 * 60 * 60;

/**
 * What is known of a call that is over. The same facts come at the message's level, in `artifact`,
 * in `analysis` and in `call`; they are believed in this order.
 */
export function readReport(message: { [key: string]: unknown }): CallReport {
  const call = readObject(message.call);
  const levels = [message, call];
  const artifacts = [message, readObject(message.artifact), readObject(call.artifact), call];
  const analyses = levels.map((level) => readObject(level.analysis));
  const first = <T>(
    places: { [key: string]: unknown }[],
    read: (place: { [key: string]: unknown }) => T | null,
  ) => places.reduce<T | null>((found, place) => found ?? read(place), null);

  const startedAt = first(levels, ({ startedAt }) => readTime(startedAt));
  const endedAt = first(levels, ({ endedAt }) => readTime(endedAt));
  return {
    ended_reason: first(levels, ({ endedReason }) => readText(endedReason, 500)),
    started_at: startedAt,
    ended_at: endedAt,
    duration_seconds: first(levels, readDuration) ?? between(startedAt, endedAt),
    cost: first(levels, ({ cost }) => readCost(cost)),
    cost_breakdown: first(
      levels,
      ({ costBreakdown }) => readJsonObject(costBreakdown, OBJECT_LENGTH),
    ),
    summary: first(levels, ({ summary }) => readText(summary, 20_000)) ??
      first(analyses, ({ summary }) => readText(summary, 20_000)),
    success_evaluation: first(
      [...analyses, ...levels],
      ({ successEvaluation }) => readEvaluation(successEvaluation),
    ),
    structured_data: first(
      analyses,
      ({ structuredData }) => readJsonObject(structuredData, OBJECT_LENGTH),
    ),
    transcript: first(artifacts, ({ transcript }) => readText(transcript, TRANSCRIPT_LENGTH)) ??
      first(artifacts, ({ messages }) => joinMessages(messages)),
    recording_url: first(artifacts, readRecordingUrl),
  };
}

function readCost(value: unknown): number | null {
  const cost = notNegative(readNumber(value), COST_LIMIT);
  const rounded = cost === null ? null : Number(cost.toFixed(6));
  return rounded !== null && rounded < COST_LIMIT ? rounded : null;
}

function readDuration(level: { [key: string]: unknown }): number | null {
  const seconds = readNumber(level.durationSeconds) ?? readNumber(level.duration);
  const milliseconds = readNumber(level.durationMs);
  const minutes = readNumber(level.durationMinutes);
  const duration = seconds ?? (milliseconds === null ? null : milliseconds / 1000) ??
    (minutes === null ? null : minutes * 60);
  const found = notNegative(duration, LONGEST_SECONDS);
  return found === null ? null : Math.round(found);
}

function between(startedAt: string | null, endedAt: string | null): number | null {
  if (startedAt === null || endedAt === null) return null;
  const seconds = (Date.parse(endedAt) - Date.parse(startedAt)) / 1000;
  const found = notNegative(seconds, LONGEST_SECONDS);
  return found === null ? null : Math.round(found);
}

function notNegative(value: number | null, maximum: number): number | null {
  return value !== null && value >= 0 && value <= maximum ? value : null;
}

/** A rubric decides whether it is a word, a number or a boolean. */
function readEvaluation(value: unknown): string | null {
  return typeof value === "boolean" || typeof value === "number"
    ? String(value)
    : readText(value, 2_000);
}

function readRecordingUrl(place: { [key: string]: unknown }): string | null {
  const recording = readObject(place.recording);
  const mono = readObject(recording.mono);
  const candidates = [
    place.recordingUrl,
    mono.combinedUrl,
    place.stereoRecordingUrl,
    recording.stereoUrl,
  ];
  for (const candidate of candidates) {
    if (typeof candidate !== "string" || candidate.length > URL_LENGTH) continue;
    const url = readText(candidate, URL_LENGTH);
    if (url === null || !/^https?:/i.test(url) || !URL.canParse(url)) continue;
    // Longer than what came, where that has to be escaped.
    const { href } = new URL(url);
    if (href.length <= URL_LENGTH) return href;
  }
  return null;
}

/** Older reports have the turns only. What the assistant was told and what tools said is left out. */
function joinMessages(value: unknown): string | null {
  const lines: string[] = [];
  for (const item of readList(value)) {
    const { role, message, content } = readObject(item);
    const speaker = role === "user" ? "User" : role === "bot" || role === "assistant" ? "AI" : null;
    const text = readText(message, 10_000) ?? readText(content, 10_000);
    if (speaker !== null && text !== null) lines.push(`${speaker}: ${text}`);
  }
  return readText(lines.join("\n"), TRANSCRIPT_LENGTH);
}
