/** Document statuses of the Link dialect (LD5). */

export const BUILT_IN_DOCUMENT_STATUSES = [
  "Inbox",
  "Initialize",
  "Processing",
  "Batching",
  "Awaiting Confirmation",
  "On Hold",
  "Failed",
  "Ignored",
  "Ready for test",
  "Outbox",
  "Completed",
] as const;

/**
 * The canonical name of a document status, or null when it is none.
 *
 * Names match without regard to case, spaces and hyphens (LD5).
 *
 * @param own statuses that the workspace adds.
 */
export function matchDocumentStatus(name: string, own: readonly string[]): string | null {
  const wanted = fold(name);
  return [...BUILT_IN_DOCUMENT_STATUSES, ...own].find((status) => fold(status) === wanted) ?? null;
}

const fold = (name: string) => name.toLowerCase().replace(/[\s-]/g, "");
