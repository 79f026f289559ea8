/** What the knowledge base's services need from the outside; `ports.ts` has the rest. */

export const KNOWLEDGE_CATEGORIES = [
  "products_services",
  "operations",
  "ai_guidelines",
  "general",
] as const;
export type KnowledgeCategory = typeof KNOWLEDGE_CATEGORIES[number];

/** How people are to be answered is for those who write it, and is quoted to nobody who asks. */
export const INTERNAL_CATEGORY: KnowledgeCategory = "ai_guidelines";

// ---------------------------------------------------------------- text out of a document

export type TextSource = {
  bytes: Uint8Array;
  /** With its ending, which decides together with `mime_type` and the bytes' own signature. */
  file_name: string;
  mime_type: string | null;
};

/** A stretch of a document's pages, counted from 1. What has no pages is one page. */
export type ExtractedPages = {
  /** Text of the pages from `first_page` on. */
  pages: string[];
  first_page: number;
  page_count: number;
  /** Where to go on; null when the document is read to its end. */
  next_page: number | null;
};

export type TextExtractor = {
  /**
   * Reads pages until the document or the time is over, at least one. A page may be empty (a
   * picture); a document that is read at once and holds no text is refused, one that is read in
   * several calls is for the caller to refuse.
   * @param options.max_bytes of UTF-8 that this call may give; more is refused
   * @throws AppError `unreadable` (422) for what can't be read: its message says why
   */
  extractPages(
    source: TextSource,
    options: { first_page: number; max_milliseconds: number; max_bytes: number },
  ): Promise<ExtractedPages>;
};

export type FetchedPage = {
  /** After redirects. */
  url: string;
  bytes: Uint8Array;
  file_name: string;
  mime_type: string | null;
};

export type PageFetcher = {
  /**
   * A public page over https.
   * @throws AppError `invalid_input` for an address that is refused, `unreadable` for a page that is too
   *   large, forbidden by robots.txt or of a type that can't be read, `provider_failed` when its host
   *   doesn't answer
   */
  fetchPage(url: string, options: { signal?: AbortSignal }): Promise<FetchedPage>;
};

// ---------------------------------------------------------------- meaning of a text

/** Dimensions of every stored vector; shorter ones are padded with zeros. */
export const VECTOR_DIMENSIONS = 768;

export type Embedder = {
  /** Stored with each vector: only vectors of equal models are compared. */
  model: string;
  /** The most texts that one call takes. */
  batch_size: number;
  /**
   * One vector of length 1 per text, in their order.
   * @throws ProviderError, as every provider does
   */
  embed(
    texts: string[],
    options: { purpose: "document" | "query"; signal?: AbortSignal },
  ): Promise<number[][]>;
};

// ---------------------------------------------------------------- search

export type KnowledgeQuery = {
  /** From a verified credential, never from what a caller wrote. */
  org_id: string;
  query: string;
  limit: number;
  category?: KnowledgeCategory;
  /** Never found, whatever `category` asks for. */
  except_category?: KnowledgeCategory;
};

export type KnowledgeHit = {
  document_id: string;
  title: string;
  category: KnowledgeCategory;
  version: number;
  chunk_id: string;
  heading_path: string[];
  /** The chunk's whole text. */
  content: string;
  /** The part that fits the query best, matches between « and ». */
  snippet: string;
  score: number;
};

export type KnowledgeAnswer = {
  /** `text`: without vectors, because there are none or the model did not answer. */
  mode: "hybrid" | "text";
  hits: KnowledgeHit[];
};
