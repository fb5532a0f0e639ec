/** Figures as a plain table: two columns, or more with the names of the columns in the first row. */
export function printTable(rows: readonly (readonly (string | number)[])[]): void {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [n, cell] of row.entries()) widths[n] = Math.max(widths[n] ?? 0, String(cell).length);
  }
  const pad = (cell: string | number, n: number) =>
    n === 0 ? String(cell).padEnd(widths[n] ?? 0) : String(cell).padStart(widths[n] ?? 0);
  for (const row of rows) console.log(row.map(pad).join("   "));
}
