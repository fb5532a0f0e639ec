/** Configured durations may be fractions of a second; stored and compared ones are whole milliseconds. */
export const toMs = (seconds: number) => Math.round(seconds * 1000);
