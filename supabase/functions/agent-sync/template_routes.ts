import type { Hono } from "hono";
import * as z from "zod";
import { parseIfMatch } from "../_shared/domain/behavior/parse_if_match.ts";
import { VALUE_SCHEMAS } from "../_shared/domain/behavior/behavior_values.ts";
import type { AppEnvironment } from "../_shared/http/context.ts";
import { parseQuery } from "../_shared/http/parse_query.ts";
import { parseWith } from "../_shared/http/parse_with.ts";
import { readJsonBody } from "../_shared/http/read_json_body.ts";
import { AGENT_ROLES } from "../_shared/ports.ts";
import { applyTemplate } from "../_shared/services/apply_template.ts";
import { listTemplates } from "../_shared/services/list_templates.ts";
import { answerChange, answerRead, type RouteOptions } from "./answer_change.ts";

const key = z.string().regex(
  /^[a-z][a-z0-9_]{0,49}$/,
  'must be a name such as "receptionist"',
);

const templateSchema = z.strictObject({
  template: key.optional(),
  templateKey: key.optional(),
  template_key: key.optional(),
  role: z.enum(AGENT_ROLES).nullish(),
  language: VALUE_SCHEMAS.language.nullish(),
}).transform(
  ({ template, templateKey, template_key, role, language }, context) => {
    const [name, other] = new Set(
      [template, templateKey, template_key].filter((one) => one),
    );
    if (name === undefined || other !== undefined) {
      const message = name === undefined
        ? "is required"
        : "must not differ from template, which is the same field";
      context.addIssue({ code: "custom", path: ["templateKey"], message });
    }
    return {
      templateKey: name ?? "",
      role: role ?? null,
      language: language ?? null,
    };
  },
);
const querySchema = z.strictObject({
  language: VALUE_SCHEMAS.language.optional(),
});

/** `GET /templates` lists what agents can be made from, `POST /from-template` revises one by it. */
export function addTemplateRoutes(
  app: Hono<AppEnvironment>,
  options: RouteOptions,
): void {
  app.get("/templates", (context) =>
    answerRead(context, options, async () => {
      const { language = null } = parseQuery(querySchema, context, "list templates");
      return { templates: await listTemplates(options.ports, { language }) };
    }));

  app.post("/from-template", (context) =>
    answerChange(context, options, {
      operation: "agent_template",
      read: async (request) => {
        const input = parseWith(
          templateSchema,
          await readJsonBody(request),
          "apply the template",
        );
        const role = input.role ?? "inbound";
        const header = request.headers.get("if-match");
        // Without a role the revision is of whichever agent the template is for.
        const [revision] = Object.values(parseIfMatch(header, [role]) ?? {});
        return {
          ...input,
          ifMatch: revision === undefined
            ? null
            : input.role === null
            ? { inbound: revision, outbound: revision }
            : { [role]: revision },
        };
      },
      work: (ports, input, asker) => applyTemplate(ports, { ...asker, ...input }),
    }));
}
