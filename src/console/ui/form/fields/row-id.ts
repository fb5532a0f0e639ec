/** Ids by which React tells the rows of a form apart. */
let last = 0;

export function rowId(): string {
  last += 1;
  return `row-${last}`;
}

export interface HeaderRow {
  readonly id: string;
  readonly name: string;
  readonly value: string;
}

export const headerRow = (name = "", value = ""): HeaderRow => ({ id: rowId(), name, value });

export const headerRows = (headers: Readonly<Record<string, string>>): HeaderRow[] =>
  Object.entries(headers).map(([name, value]) => headerRow(name, value));
