import type { Said } from "./read_said.ts";
import { type Deciding, resumeTask } from "./run_task.ts";
import { openAgent, say, sayText, type Scene } from "./scene.ts";
import { TURN_WORDS } from "./words.ts";

const DAY_MILLISECONDS = 24 * 60 * 60_000;
const RATING = /^rate:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}):(up|down)$/;

/**
 * A goodbye; where it ends a session in which something was said before, it asks whether that helped, once
 * in 24 hours. The buttons wait for nothing: whatever is written next begins anew. When somebody was asked
 * is kept with their preferences, under the name that `private.take_rating_turn` knows.
 */
export function sayFarewell(scene: Scene): void {
  const { language, preferences } = scene;
  const { turn, now } = scene.input;
  const farewell = TURN_WORDS.farewell[language];
  const before = Date.parse(String(preferences["rating_asked_at"] ?? ""));
  const isAskedToday = now - before < DAY_MILLISECONDS;
  const isResolved = scene.ended && turn.session.messages.length > 0;
  if (!isResolved || isAskedToday || turn.contact.opted_out) return sayText(scene, farewell);
  scene.preferences = { ...preferences, rating_asked_at: new Date(now).toISOString() };
  say(scene, {
    type: "buttons",
    content: {
      text: `${farewell}\n\n${TURN_WORDS.rate[language]}`,
      buttons: [
        { id: `rate:${turn.session.id}:up`, title: TURN_WORDS.rate_up[language] },
        { id: `rate:${turn.session.id}:down`, title: TURN_WORDS.rate_down[language] },
      ],
    },
  });
}

export function isRating({ choice }: Said): boolean {
  return choice !== null && RATING.test(choice);
}

/** Thanks, whoever's the session is: what counts is decided where it is stored. A question goes on waiting. */
export function* takeRating(scene: Scene): Deciding<void> {
  const [, session_id = "", rating] = RATING.exec(scene.said.choice ?? "") ?? [];
  scene.effects.push({
    kind: "rate_session",
    session_id,
    rating: rating === "up" ? "up" : "down",
  });
  const thanks = TURN_WORDS.rated[scene.language];
  const { task } = scene;
  const agent = task === null ? null : openAgent(scene, task.agent);
  if (task === null || scene.goes_on) return sayText(scene, thanks);
  if (agent?.flows[task.flow] !== undefined) return yield* resumeTask(scene, agent, thanks);
  // Its agent was switched off, or it is of an older version.
  scene.task = null;
  sayText(scene, thanks);
}
