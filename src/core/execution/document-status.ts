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
 * Returns the canonical name of a document status, or null if it is unknown. Case, spaces and hyphens are ignored (LD5).
 *
 * @param own additional statuses of the workspace.
 */
export function matchDocumentStatus(name: string, own: readonly string[]): string | null {
  const wanted = fold(name);
  return [...BUILT_IN_DOCUMENT_STATUSES, ...own].find((status) => fold(status) === wanted) ?? null;
}

const fold = (name: string) => name.toLowerCase().replace(/[\s-]/g, "");
