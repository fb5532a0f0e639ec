const DAY_MS = 24 * 60 * 60 * 1000;

/** Epoch ms at which something that ended at `fromMs` is deleted. */
export const retentionEnd = (fromMs: number, { retentionDays }: { readonly retentionDays: number }) =>
  fromMs + retentionDays * DAY_MS;
