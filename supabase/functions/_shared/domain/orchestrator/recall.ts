import type { JsonObject } from "../../ports.ts";
import { readAmounts } from "../entities/read_amount.ts";
import { readKnownPlaces } from "../entities/read_place.ts";
import type { Answer } from "../flows/answer.ts";
import type { Flow } from "../flows/flow.ts";
import { readPrice } from "../flows/price_field.ts";
import { foldText } from "../fold_text.ts";
import { isFeatureEnabled } from "../rollout/evaluate_flags.ts";
import type { FlaggedAgent } from "../rollout/parse_flags.ts";
import { readPreference, writePreference } from "./preferences.ts";
import type { Scene } from "./scene.ts";

const NEARBY =
  /\b(near me|nearby|around me|close to me|pres de moi|autour de moi|pres d ici|karibu nami|karibu yangu|hafi yanjye|hano hafi)\b/;

/**
 * What was said, with what this agent knows of the person: where they are, where they mean that place,
 * and what they reckon in.
 */
export function fillAnswer(scene: Scene, agent: FlaggedAgent): Answer {
  const answer = { ...scene.answer, currency: chooseCurrency(scene, agent) };
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

/** What a price without a currency is in: the last price's that had one, else the organization's. ISO 4217. */
export function chooseCurrency(scene: Scene, agent: FlaggedAgent | null = scene.agent): string {
  const said = readPreference(scene, "currency", agent);
  return typeof said === "string" ? said : scene.input.settings.currency ?? "RWF";
}

/** The next price without a currency is in that of this one, where it was said with it. */
export function learnCurrency(scene: Scene, { steps }: Flow, data: JsonObject): void {
  const said = readAmounts(scene.answer.text);
  for (const [name, { money }] of Object.entries(steps)) {
    const price = money ? readPrice(data[name]) : null;
    const isSaid = said.some(({ amount, currency }) =>
      amount === price?.amount && currency === price.currency
    );
    if (price !== null && isSaid) writePreference(scene, "currency", price.currency);
  }
}

function readLocation(value: unknown): Answer["location"] {
  if (typeof value !== "object" || value === null) return null;
  const { latitude, longitude, name } = value as { [key: string]: unknown };
  if (typeof latitude !== "number" || typeof longitude !== "number") return null;
  return { latitude, longitude, name: typeof name === "string" ? name : null };
}
