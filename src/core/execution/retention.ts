/** How long what is over is kept. */
const DAY_MS = 24 * 60 * 60 * 1000;

/** When the retention of something that was over at `fromMs` ends, epoch ms. */
export const retentionEnd = (fromMs: number, { retentionDays }: { readonly retentionDays: number }) =>
  fromMs + retentionDays * DAY_MS;
