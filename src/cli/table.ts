/** Tables that fit the terminal: the least important columns are omitted or cut first, ids are never cut. */
import stringWidth from "string-width";
import type { Style } from "./style.ts";

export interface Column<Row> {
  readonly title: string;
  readonly value: (row: Row) => string | number | undefined;
  readonly style?: (row: Row) => Style | undefined;
  /** Columns with this rank are omitted where there is no room, the highest first. */
  readonly extra?: number;
  /** True when values may be cut where there is no room. */
  readonly isLong?: boolean;
}

export interface Layout<Row> {
  readonly columns: readonly Column<Row>[];
  readonly widths: readonly number[];
  /** The text of each column, by row. */
  readonly cells: readonly (readonly string[])[];
  /** Titles of the omitted columns. */
  readonly leftOut: readonly string[];
}

const GAP = 2;
const rankOf = ({ extra = 0 }: { readonly extra?: number }) => extra;

/** The width to which a long column may be cut. */
const LEAST = 8;

/** @param room columns of the terminal; infinite where the output is not a terminal. */
export function layOut<Row>(rows: readonly Row[], all: readonly Column<Row>[], room: number): Layout<Row> {
  const texts = new Map(all.map((column) => [column, rows.map((row) => oneLine(String(column.value(row) ?? "")))]));
  const natural = (column: Column<Row>) =>
    Math.max(column.title.length, ...(texts.get(column) ?? []).map((text) => stringWidth(text)));
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
  if (stringWidth(text) <= width) return text;
  let kept = "";
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (stringWidth(kept + segment) > width - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** A time without fractions of a second. */
export const momentOf = (time: string) => time.replace(/\.\d+Z$/, "Z");

/** Removes line breaks and control characters: texts of others must not move the cursor. */
export const oneLine = (text: string) => text.replace(/[\s\p{Cc}]+/gu, " ").trim();
