import { findAgent } from "../agents/registry.ts";
import { describeShortly, taskId } from "../agents/say_listings.ts";
import { finishWith } from "../flows/flow.ts";
import { FLAGGED_AGENTS } from "../rollout/parse_flags.ts";
import { isOffered } from "../tools/call_tool.ts";
import { listingDomainSchema } from "../tools/search_listings.ts";
import { type Deciding, describeTools, finishTask } from "./run_task.ts";
import { isAvailable, openAgent, type Scene, titleOf } from "./scene.ts";
import { TURN_WORDS } from "./words.ts";

/**
 * One query over everything that is listed (`unifiedSearch`), best first; rows lead to the agent that
 * knows more. Answers whether anything was found.
 */
export function* searchEverywhere(scene: Scene): Deciding<boolean> {
  const { said, language } = scene;
  const domains = listingDomainSchema.options.filter((domain) => isAvailable(scene, domain));
  if (!isOffered("search_listings", describeTools(scene))) return false;
  if (domains.length === 0 || said.text.trim().length < 3) return false;
  const before = scene.replies.length;
  const finish = finishWith({
    tool: "search_listings",
    input: () => ({ domains, words: said.text.slice(0, 200), limit: 10 }),
    say: ({ output: { listings } }) => {
      const rows = listings.flatMap((listing) => {
        const agent = FLAGGED_AGENTS.find((known) => known === listing.domain);
        if (agent === undefined || openAgent(scene, agent)?.flows["view"] === undefined) return [];
        return [{
          id: taskId(agent, "view", { listing_id: listing.id }),
          title: listing.title,
          description: `${titleOf(scene, agent)} · ${describeShortly(listing, language)}`,
        }];
      });
      if (rows.length === 0) return [];
      return [{
        type: "list",
        content: {
          text: TURN_WORDS.everywhere[language],
          button: TURN_WORDS.tasks[language],
          sections: [{ rows }],
        },
      }];
    },
  });
  yield* finishTask(scene, findAgent("marketplace"), { finish, data: {} });
  return scene.replies.length > before;
}
