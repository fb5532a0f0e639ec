/** UTF-8 and the tokens of JSON (RFC 8259, sections 3, 6 and 7) as state machines: tables with a row of 256 next states for each state. */

/** The bytes are ASCII characters, or a range that includes both ends. */
type Transition = readonly [from: number, bytes: string | readonly [first: number, last: number], to: number];

/** The next state for every byte without a transition. */
export const REJECT = 255;

/** The next state is `table[(state << 8) | byte]`. Later transitions replace earlier ones. */
function automaton(transitions: readonly Transition[]): Uint8Array {
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

/** Well-formed characters above ASCII (Unicode standard, table 3-7): no surrogates, nothing overlong. */
const UTF8_TAILS: readonly Transition[] = [
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

const [ESCAPE, HEX_4, HEX_3, HEX_2, HEX_1] = [8, 9, 10, 11, 12] as const;
const HEX_DIGITS = "0123456789abcdefABCDEF";

/** The state after the closing quote; it and `REJECT` are the highest states. */
export const STRING_END = REJECT - 1;

/** Starts after the opening quote, in the state `PLAIN`. */
export const STRING = automaton([
  [PLAIN, [0x20, 0x7f], PLAIN],
  [PLAIN, '"', STRING_END],
  [PLAIN, "\\", ESCAPE],
  [ESCAPE, '"\\/bfnrt', PLAIN],
  [ESCAPE, "u", HEX_4],
  [HEX_4, HEX_DIGITS, HEX_3],
  [HEX_3, HEX_DIGITS, HEX_2],
  [HEX_2, HEX_DIGITS, HEX_1],
  [HEX_1, HEX_DIGITS, PLAIN],
  ...UTF8_TAILS,
]);

const IS_PLAIN = Uint8Array.from({ length: 256 }, (_, byte) => (STRING[byte] === PLAIN ? 1 : 0));

/** Returns the index of the first byte that is not an unescaped ASCII character. `start` must be between two characters. */
export function endOfPlain(chunk: Uint8Array, start: number): number {
  let at = start;
  while (at < chunk.length && IS_PLAIN[chunk[at] as number] === 1) at++;
  return at;
}

/** Returns why `STRING` rejected a byte. */
export function stringFault(state: number, byte: number): string {
  if (state >= ESCAPE) return "A string has an escape that JSON does not know.";
  if (state !== PLAIN || byte >= 0x80) return "A string is not valid UTF-8.";
  return "A control character in a string must be escaped.";
}

export const SCALAR_START = 0;
const [MINUS, ZERO, INTEGER, POINT, FRACTION, MARK, SIGN, EXPONENT, WORD] = [1, 2, 3, 4, 5, 6, 7, 8, 9] as const;
const DIGITS = "0123456789";

/** Numbers and literals, from the state `SCALAR_START`. The byte after one leads to `REJECT`. */
export const SCALAR = automaton([
  [SCALAR_START, "-", MINUS],
  [SCALAR_START, DIGITS, INTEGER],
  [SCALAR_START, "0", ZERO],
  [MINUS, DIGITS, INTEGER],
  [MINUS, "0", ZERO],
  [INTEGER, DIGITS, INTEGER],
  ...[ZERO, INTEGER].map((state): Transition => [state, ".", POINT]),
  [POINT, DIGITS, FRACTION],
  [FRACTION, DIGITS, FRACTION],
  ...[ZERO, INTEGER, FRACTION].map((state): Transition => [state, "eE", MARK]),
  [MARK, "+-", SIGN],
  ...[MARK, SIGN, EXPONENT].map((state): Transition => [state, DIGITS, EXPONENT]),
  ...literal("true", 10),
  ...literal("false", 20),
  ...literal("null", 30),
]);

const COMPLETE: readonly number[] = [ZERO, INTEGER, FRACTION, EXPONENT, WORD];

/** True when a number or literal may end in this state. */
export const isCompleteScalar = (state: number): boolean => COMPLETE.includes(state);

function literal(word: string, states: number): Transition[] {
  return [...word].map((letter, i) => [
    i === 0 ? SCALAR_START : states + i,
    letter,
    i === word.length - 1 ? WORD : states + i + 1,
  ]);
}
