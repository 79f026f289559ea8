import * as z from "zod";
import { listingDomainSchema } from "./search_listings.ts";
import { defineTool, pickResults } from "./tool.ts";

const applicationSchema = z.object({
  id: z.string(),
  listing_id: z.string(),
  listing_title: z.string(),
  kind: z.string(),
  state: z.string(),
  is_own: z.boolean(),
  applicant_name: z.string().nullable(),
  details: z.record(z.string(), z.json()),
});
export type DescribedApplication = z.output<typeof applicationSchema>;

export const listApplications = defineTool({
  description:
    "Lists what the person applied to or asked for, or what others sent to the person's own listings.",
  input: z.object({
    of: z.enum(["mine", "received"]).default("mine"),
    domain: listingDomainSchema.optional(),
    listing_id: z.uuid().optional(),
  }),
  output: z.object({ message: z.string(), applications: z.array(applicationSchema) }),
  reads: ({ of, domain, listing_id }) => [{
    kind: "applications",
    of,
    ...(domain ? { domain } : {}),
    ...(listing_id ? { listing_id } : {}),
    limit: 9,
  }],
  act(_input, _context, results) {
    const applications = pickResults(results, "applications")
      .flatMap((result) => result.applications)
      .map(({ created_at: _created, ...application }) => ({
        ...application,
        details: application.details as DescribedApplication["details"],
      }));
    const message = applications.length === 0 ? "There is none." : `${applications.length} found.`;
    return { output: { message, applications }, effects: [] };
  },
});
