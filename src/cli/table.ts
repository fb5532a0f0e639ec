/** Tables that fit the terminal: what matters least is left out or cut first, and ids stay whole. */
import type { Style } from "./terminal.ts";

export interface Column<Row> {
  readonly title: string;
  readonly value: (row: Row) => string | number | undefined;
  readonly style?: (row: Row) => Style | undefined;
  /** May be left out where there is no room, the highest first. */
  readonly extra?: number;
  /** May be cut where there is no room. */
  readonly isLong?: boolean;
}

export interface Layout<Row> {
  readonly columns: readonly Column<Row>[];
  /** Of each column. */
  readonly widths: readonly number[];
  /** For each row, the text of each column. */
  readonly cells: readonly (readonly string[])[];
  /** Titles of the columns for which there is no room. */
  readonly leftOut: readonly string[];
}

const GAP = 2;
const rankOf = ({ extra = 0 }: { readonly extra?: number }) => extra;

/** A column is cut to no less than this. */
const LEAST = 8;

/** @param room characters in a line; infinite where the output is no terminal. */
export function layOut<Row>(rows: readonly Row[], all: readonly Column<Row>[], room: number): Layout<Row> {
  const texts = new Map(all.map((column) => [column, rows.map((row) => oneLine(String(column.value(row) ?? "")))]));
  const natural = (column: Column<Row>) =>
    Math.max(column.title.length, ...(texts.get(column) ?? []).map((text) => widthOf(text)));
  const least = (column: Column<Row>) => (column.isLong ? Math.min(LEAST, natural(column)) : natural(column));
  const total = (of: readonly Column<Row>[], width: (column: Column<Row>) => number) =>
    of.reduce((sum, column) => sum + width(column), GAP * (of.length - 1));

  let columns = all;
  while (total(columns, least) > room) {
    const [extra] = columns.filter(rankOf).sort((a, b) => rankOf(b) - rankOf(a));
    if (!extra) break;
    columns = columns.filter((column) => column !== extra);
  }
  let excess = total(columns, natural) - room;
  const widths = columns.map((column) => {
    const cut = Math.max(0, Math.min(excess, natural(column) - least(column)));
    excess -= cut;
    return natural(column) - cut;
  });
  return {
    ...{ columns, widths },
    cells: rows.map((_, row) => columns.map((column, n) => fitted(texts.get(column)?.[row] ?? "", widths[n] ?? 0))),
    leftOut: all.filter((column) => !columns.includes(column)).map(({ title }) => title),
  };
}

function fitted(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let kept = "";
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (widthOf(kept + segment) > width - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

const WIDE =
  /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u;
const NO_WIDTH = /[\p{Mn}\p{Me}\p{Cf}]/u;

/** Columns of a terminal that a text takes. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += NO_WIDTH.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return width;
}

/** Down to seconds, as is enough in a list. */
export const momentOf = (time: string) => time.replace(/\.\d+Z$/, "Z");

/** What others wrote must not move the cursor. */
export const oneLine = (text: string) => text.replace(/[\s\p{Cc}]+/gu, " ").trim();
