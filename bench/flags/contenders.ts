import { bucketOf } from "../../supabase/functions/_shared/domain/rollout/bucket.ts";

export type Contender = {
  name: string;
  decide: (person: string) => boolean | Promise<boolean>;
};

const FLAG = "unified_service_flags";

/** Each as its documents say for a server that decides for many people, nothing fetched. */
export async function createContenders(
  require: (name: string) => unknown,
  { group, percent }: { group: string; percent: number },
): Promise<{ contenders: Contender[]; close: () => void }> {
  const unleash = await createUnleash(require, { group, percent });
  const contenders = [
    unleash.contender,
    createGrowthBook(require, percent),
    await createOpenFeature(require, { group, percent }),
  ];
  return { contenders, close: unleash.close };
}

async function createUnleash(
  require: (name: string) => unknown,
  { group, percent }: { group: string; percent: number },
): Promise<{ contender: Contender; close: () => void }> {
  const { Unleash } = require("unleash-client") as {
    Unleash: new (config: unknown) => {
      isEnabled(name: string, context: { userId: string }): boolean;
      on(event: string, listener: () => void): void;
      once(event: string, listener: () => void): void;
      destroy(): void;
    };
  };
  const feature = {
    name: FLAG,
    type: "release",
    enabled: true,
    stale: false,
    impressionData: false,
    variants: [],
    strategies: [{
      name: "flexibleRollout",
      parameters: {
        rollout: String(percent),
        stickiness: "userId",
        groupId: group,
      },
      constraints: [],
    }],
  };
  const client = new Unleash({
    appName: "bench",
    // Nobody is there: the bootstrap is all it knows.
    url: "http://127.0.0.1:9/api",
    refreshInterval: 0,
    disableMetrics: true,
    skipInstanceCountWarning: true,
    bootstrap: { data: [feature] },
  });
  client.on("error", () => {});
  client.on("warn", () => {});
  await new Promise<void>((resolve) => client.once("ready", resolve));
  return {
    contender: {
      name: "unleash-client",
      decide: (person) => client.isEnabled(FLAG, { userId: person }),
    },
    close: () => client.destroy(),
  };
}

function createGrowthBook(
  require: (name: string) => unknown,
  percent: number,
): Contender {
  const { GrowthBookClient } = require("@growthbook/growthbook") as {
    GrowthBookClient: new () => {
      initSync(options: unknown): unknown;
      isOn(name: string, user: { attributes: { id: string } }): boolean;
    };
  };
  const client = new GrowthBookClient();
  const rule = { force: true, coverage: percent / 100, hashAttribute: "id" };
  client.initSync({
    payload: { features: { [FLAG]: { defaultValue: false, rules: [rule] } } },
  });
  return {
    name: "GrowthBook",
    decide: (person) => client.isOn(FLAG, { attributes: { id: person } }),
  };
}

/** Its in-memory provider knows no percentages: it is given our own bucket to decide by. */
async function createOpenFeature(
  require: (name: string) => unknown,
  { group, percent }: { group: string; percent: number },
): Promise<Contender> {
  const { OpenFeature, InMemoryProvider } = require(
    "@openfeature/server-sdk",
  ) as {
    OpenFeature: {
      setProviderAndWait(provider: unknown): Promise<void>;
      getClient(): {
        getBooleanValue(
          name: string,
          fallback: boolean,
          context: { targetingKey: string },
        ): Promise<boolean>;
      };
    };
    InMemoryProvider: new (flags: unknown) => unknown;
  };
  await OpenFeature.setProviderAndWait(
    new InMemoryProvider({
      [FLAG]: {
        disabled: false,
        variants: { on: true, off: false },
        defaultVariant: "off",
        contextEvaluator: ({ targetingKey }: { targetingKey: string }) =>
          bucketOf(group, targetingKey) <= percent ? "on" : "off",
      },
    }),
  );
  const client = OpenFeature.getClient();
  return {
    name: "OpenFeature in memory",
    decide: (person) => client.getBooleanValue(FLAG, false, { targetingKey: person }),
  };
}
