import type { Json, JsonObject } from "../../ports.ts";
import { isFeatureEnabled } from "../rollout/evaluate_flags.ts";
import type { FlaggedAgent } from "../rollout/parse_flags.ts";
import type { Scene } from "./scene.ts";

export type PreferenceName = "language" | "location" | "currency";

/**
 * What is remembered of a person beyond a session. With `sharedPreferences` it is one for all agents,
 * else each agent remembers its own, `preferences.agents.<agent>`; what was said to nobody in particular
 * is support's.
 */
export function readPreference(
  scene: Scene,
  name: PreferenceName,
  agent: FlaggedAgent | null = scene.agent,
): Json | undefined {
  const { preferences } = scene;
  if (isFeatureEnabled(scene.input.flags, "sharedPreferences")) return preferences[name];
  return ownPreferences(preferences, agent ?? "support")[name];
}

export function writePreference(scene: Scene, name: PreferenceName, value: Json): void {
  const { preferences } = scene;
  const agent = scene.agent ?? "support";
  if (isFeatureEnabled(scene.input.flags, "sharedPreferences")) {
    scene.preferences = { ...preferences, [name]: value };
  } else {
    const own = { ...ownPreferences(preferences, agent), [name]: value };
    scene.preferences = {
      ...preferences,
      agents: { ...asObject(preferences["agents"]), [agent]: own },
    };
  }
}

function ownPreferences(preferences: JsonObject, agent: string): JsonObject {
  return asObject(asObject(preferences["agents"])[agent]);
}

function asObject(value: Json | undefined): JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
}
