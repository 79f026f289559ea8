import type { JsonObject } from "../ports.ts";
import type { ErasureStore, Subject } from "../ports_erasing.ts";

const PAGE = 500;

/**
 * Every row of an organization or of a person, a page at a time, table by table. Secrets are left
 * out by the store, and so is what others were told of the person.
 */
export async function* readKeptData(
  ports: { erasure: ErasureStore },
  { subject, places }: { subject: Subject; places: { place: number; table: string }[] },
): AsyncGenerator<{ table: string; rows: JsonObject[] }> {
  for (const { place, table } of places) {
    let after: unknown = null;
    do {
      const page = await ports.erasure.readKeptData({ ...subject, place, after, limit: PAGE });
      if (page.rows.length > 0) yield { table, rows: page.rows };
      after = page.last;
    } while (after !== null);
  }
}
