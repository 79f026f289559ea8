import type { JsonObject } from "../../ports.ts";
import { readKnownPlaces } from "../entities/read_place.ts";
import type { Answer } from "../flows/answer.ts";
import type { Flow } from "../flows/flow.ts";
import { foldText } from "../fold_text.ts";
import { isFeatureEnabled } from "../rollout/evaluate_flags.ts";
import type { FlaggedAgent } from "../rollout/parse_flags.ts";
import { readPreference } from "./preferences.ts";
import type { Scene } from "./scene.ts";

const NEARBY =
  /\b(near me|nearby|around me|close to me|pres de moi|autour de moi|pres d ici|karibu nami|karibu yangu|hafi yanjye|hano hafi)\b/;

/** What was said, with where the person is as far as this agent knows it, where they mean that place. */
export function placeAnswer(scene: Scene, agent: FlaggedAgent): Answer {
  const { answer } = scene;
  if (answer.location !== null || !NEARBY.test(foldText(answer.text))) return answer;
  // What was said to nobody in particular, such as a place before anything was asked, is support's.
  const location = readPreference(scene, "location", agent) ??
    readPreference(scene, "location", "support");
  return { ...answer, location: readLocation(location) };
}

/**
 * Where the person said they are, for a task that asks for a place: with `sharedPreferences` nobody is
 * told twice. Words that name a place, in this message, come first.
 */
export function recallPlace(
  scene: Scene,
  { agent, flow, answer }: { agent: FlaggedAgent; flow: Flow; answer: Answer },
): JsonObject {
  const { place } = flow.steps;
  if (!isFeatureEnabled(scene.input.flags, "sharedPreferences") || !place?.wants_location) {
    return {};
  }
  if (answer.location !== null || readKnownPlaces(answer.text).length > 0) return {};
  const known = readLocation(readPreference(scene, "location", agent));
  return known === null ? {} : { place: known };
}

/** What a price is in: what was said last, else the organization's. ISO 4217. */
export function chooseCurrency(scene: Scene, agent: FlaggedAgent | null = scene.agent): string {
  const said = readPreference(scene, "currency", agent);
  return typeof said === "string" ? said : scene.input.settings.currency ?? "RWF";
}

function readLocation(value: unknown): Answer["location"] {
  if (typeof value !== "object" || value === null) return null;
  const { latitude, longitude, name } = value as { [key: string]: unknown };
  if (typeof latitude !== "number" || typeof longitude !== "number") return null;
  return { latitude, longitude, name: typeof name === "string" ? name : null };
}
