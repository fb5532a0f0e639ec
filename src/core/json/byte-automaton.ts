/** State machines over bytes, as tables with a row of 256 next states for each state; and the one for UTF-8. */

/** The bytes are ASCII characters, or a range that includes both ends. */
export type Transition = readonly [from: number, bytes: string | readonly [first: number, last: number], to: number];

/** The next state for every byte without a transition. */
export const REJECT = 255;

/** The next state is `table[(state << 8) | byte]`. Later transitions replace earlier ones. */
export function automaton(transitions: readonly Transition[]): Uint8Array {
  const states = Math.max(...transitions.map(([from]) => from)) + 1;
  const table = new Uint8Array(states << 8).fill(REJECT);
  for (const [from, bytes, to] of transitions) {
    const row = table.subarray(from << 8, (from + 1) << 8);
    if (typeof bytes !== "string") row.fill(to, bytes[0], bytes[1] + 1);
    else for (const character of bytes) row[character.charCodeAt(0)] = to;
  }
  return table;
}

/** The state between two characters. */
export const PLAIN = 0;
const [ONE_MORE, TWO_MORE, THREE_MORE, AFTER_E0, AFTER_ED, AFTER_F0, AFTER_F4] = [1, 2, 3, 4, 5, 6, 7] as const;

/** The first state that an automaton with `UTF8_TAILS` may use for itself. */
export const AFTER_UTF8_STATES = 8;

/** Well-formed characters above ASCII (Unicode standard, table 3-7): no surrogates, nothing overlong. */
export const UTF8_TAILS: readonly Transition[] = [
  [PLAIN, [0xc2, 0xdf], ONE_MORE],
  [PLAIN, [0xe0, 0xe0], AFTER_E0],
  [PLAIN, [0xe1, 0xef], TWO_MORE],
  [PLAIN, [0xed, 0xed], AFTER_ED],
  [PLAIN, [0xf0, 0xf0], AFTER_F0],
  [PLAIN, [0xf1, 0xf3], THREE_MORE],
  [PLAIN, [0xf4, 0xf4], AFTER_F4],
  [AFTER_E0, [0xa0, 0xbf], ONE_MORE],
  [AFTER_ED, [0x80, 0x9f], ONE_MORE],
  [AFTER_F0, [0x90, 0xbf], TWO_MORE],
  [AFTER_F4, [0x80, 0x8f], TWO_MORE],
  [THREE_MORE, [0x80, 0xbf], TWO_MORE],
  [TWO_MORE, [0x80, 0xbf], ONE_MORE],
  [ONE_MORE, [0x80, 0xbf], PLAIN],
];

export const UTF8 = automaton([[PLAIN, [0, 0x7f], PLAIN], ...UTF8_TAILS]);
