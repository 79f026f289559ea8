import type { NewListing } from "../../supabase/functions/_shared/ports_agents.ts";
import type { Flags } from "../../supabase/functions/_shared/domain/rollout/parse_flags.ts";
import { type Calendar, resolveDays, tellDays } from "./relative_days.ts";

/** A message of the person: words, a chosen row or button by its title, a place, or a thing unread. */
export type Said =
  | { text: string }
  | { choose: string }
  | { location: { latitude: number; longitude: number; name?: string } }
  | { type: "audio" | "image" | "document" | "order" | "sticker" };

/** A reply as people see it; ids are for machines. */
export type Shown = { type: string; text: string; choices?: string[] };

export type Turn = {
  /** Time that passes before; an hour and less is fine in both worlds. */
  after_minutes?: number;
  says: Said[];
  replies: Shown[];
  session: { agent: string | null; flow: string | null; step: string | null };
  /** What is otherwise where a language model is asked, in this turn or in one before. */
  with_model?: Pick<Turn, "replies" | "session">;
};

/** A conversation that is told and remembered word by word. */
export type Transcript = {
  name: string;
  agent: string;
  language: string;
  features?: Partial<Flags["features"]>;
  /** Listings that are there: others' unless `own`. */
  given?: (Partial<NewListing> & Pick<NewListing, "domain" | "title"> & { own?: true })[];
  /** What others sent to the person's own listings, by the listing's title. */
  received?: { listing: string; kind: string; note: string; from: string }[];
  /** What the simulated model says, by the rules of `scripts/local/simulators/gemini/answer_rules.ts`. */
  model?: { when: { text: string; [condition: string]: unknown }; then: unknown }[];
  /** Opening hours by day, as `organization_settings.business_hours`. */
  hours?: { [day: string]: string[] };
  /** What the documents say, whatever is searched for. */
  documents?: { title: string; content: string }[];
  /** Appointments that others have, and those they make between a turn's reads and its writes. */
  taken?: { starts_at: string; meanwhile?: true }[];
  turns: Turn[];
  /** What the person has made in the end. */
  rows: { [table: string]: unknown[] };
  rows_with_model?: { [table: string]: unknown[] };
};

/** A world in which a transcript can happen: in memory, or the whole stack over HTTP. */
export type World = {
  say(messages: Said[], options: { afterMinutes: number }): Promise<Shown[]>;
  readSession(): Promise<Turn["session"]>;
  readRows(): Promise<Transcript["rows"]>;
};

/** Opens a world for a transcript in which the days are resolved. */
export type Worlds = {
  /** Of the day on which everything happens: both worlds begin at ten in the morning. */
  calendar: Omit<Calendar, "language">;
  open(transcript: Transcript): Promise<World>;
};

/** Tells a transcript in a world; answers it with what was replied and what came of it. */
export async function tell(worlds: Worlds, transcript: Transcript): Promise<Transcript> {
  const calendar = { ...worlds.calendar, language: transcript.language };
  const resolved = resolveDays(transcript, calendar);
  const world = await worlds.open(resolved);
  const turns: Turn[] = [];
  for (const [place, turn] of transcript.turns.entries()) {
    const { says } = resolved.turns[place]!;
    const replies = await world.say(says, { afterMinutes: turn.after_minutes ?? 0 });
    turns.push({
      ...turn,
      replies: tellDays(replies, calendar),
      session: await world.readSession(),
    });
  }
  return { ...transcript, turns, rows: tellDays(await world.readRows(), calendar) };
}

/** As it goes where there is no model, or none that answers. */
export function withoutModel(transcript: Transcript): Transcript {
  const { model: _model, rows_with_model: _rows, ...rest } = transcript;
  return { ...rest, turns: rest.turns.map(({ with_model: _, ...turn }) => turn) };
}

/** As it goes where a model is asked. */
export function withModel(transcript: Transcript): Transcript {
  return {
    ...withoutModel(transcript),
    turns: transcript.turns.map(({ with_model, ...turn }) => ({ ...turn, ...with_model })),
    rows: transcript.rows_with_model ?? transcript.rows,
  };
}

export async function listTranscripts(): Promise<{ file: string; transcript: Transcript }[]> {
  const folder = new URL(".", import.meta.url);
  const files: string[] = [];
  for await (const { name } of Deno.readDir(folder)) if (name.endsWith(".json")) files.push(name);
  return await Promise.all(
    files.sort().map(async (file) => ({
      file,
      transcript: JSON.parse(await Deno.readTextFile(new URL(file, folder))) as Transcript,
    })),
  );
}

/** What is shown of an outbound message. */
export function show(type: string, content: unknown): Shown {
  const { text = "", buttons, sections } = content as {
    text?: string;
    buttons?: { title: string }[];
    sections?: { rows: { title: string }[] }[];
  };
  const choices = (buttons ?? sections?.flatMap(({ rows }) => rows))?.map(({ title }) => title);
  // A ticket's number comes from its id, which is another one each time.
  const shown = text.replace(/T-[0-9A-Z]{4}-[0-9A-Z]{4}/g, "T-0000-0000");
  return { type, text: shown, ...(choices === undefined ? {} : { choices }) };
}

/** The id of the last choice with this title. */
export function findChoice(shown: { content: unknown }[], title: string): string {
  for (const { content } of shown.toReversed()) {
    const { buttons, sections } = content as {
      buttons?: { id: string; title: string }[];
      sections?: { rows: { id: string; title: string }[] }[];
    };
    const rows = buttons ?? sections?.flatMap((section) => section.rows) ?? [];
    const found = rows.find((row) => row.title === title);
    if (found) return found.id;
  }
  throw new Error(`Cannot choose "${title}": nothing of the kind was offered`);
}
