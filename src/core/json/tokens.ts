/** The tokens of JSON (RFC 8259, sections 3, 6 and 7) as state machines. */
import { AFTER_UTF8_STATES, automaton, PLAIN, REJECT, type Transition, UTF8_TAILS } from "./byte-automaton.ts";

const ESCAPE = AFTER_UTF8_STATES;
const [HEX_4, HEX_3, HEX_2, HEX_1] = [ESCAPE + 1, ESCAPE + 2, ESCAPE + 3, ESCAPE + 4] as const;
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
