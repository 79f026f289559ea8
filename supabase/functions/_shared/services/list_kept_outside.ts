import type { ErasureStore, KeptOutside, Subject } from "../ports_erasing.ts";

const PAGE = 500;

/** What is kept outside the database, a page of calls at a time; there is always a first page. */
export async function* listKeptOutside(
  ports: { erasure: ErasureStore },
  { subject }: { subject: Subject },
): AsyncGenerator<KeptOutside> {
  let after: string | null = null;
  do {
    const page: KeptOutside = await ports.erasure.listKeptOutside({
      ...subject,
      after,
      limit: PAGE,
    });
    yield page;
    after = page.last;
  } while (after !== null);
}
