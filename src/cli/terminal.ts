/** Output: results go to stdout, everything about them to stderr. Colour only on a terminal. */
import stringWidth from "string-width";
import { type Style, styled } from "./style.ts";
import { type Column, layOut } from "./table.ts";

interface Output extends Pick<NodeJS.WriteStream, "write"> {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

const DEFAULT_WIDTH = 120;

export class Terminal {
  /** True when results are printed as JSON. */
  readonly isJson: boolean;
  readonly #out: Output;
  readonly #err: Output;
  readonly #env: NodeJS.ProcessEnv;
  #hasProgress = false;

  constructor(out: Output, err: Output, env: NodeJS.ProcessEnv, isJson: boolean) {
    this.isJson = isJson;
    this.#out = out;
    this.#err = err;
    this.#env = env;
  }

  /** Columns of a line. */
  get width(): number {
    return (this.#out.isTTY && this.#out.columns) || DEFAULT_WIDTH;
  }

  print(line: string): void {
    this.write(`${line}\n`);
  }

  printJson(value: unknown): void {
    this.print(JSON.stringify(value, null, 2));
  }

  /** Prints the value with `--json`, else the text. */
  printResult(value: unknown, text: string): void {
    if (this.isJson) this.printJson(value);
    else this.print(text);
  }

  /** Writes the bytes unchanged. */
  write(bytes: string | Uint8Array): void {
    this.endProgress();
    this.#out.write(bytes);
  }

  /** Writes a line about the result to stderr. */
  note(line: string): void {
    this.endProgress();
    this.#err.write(`${line}\n`);
  }

  /** Suggests a next command to a person; scripts do not need it. */
  hint(line: string): void {
    if (this.#err.isTTY && !this.isJson) this.note(this.styleNote("dim", line));
  }

  /** Shows what is in progress on a terminal; the next output replaces it. */
  progress(line: string): void {
    if (!this.#err.isTTY) return;
    this.endProgress();
    // A line that wraps could not be erased.
    this.#err.write(this.styleNote("dim", line.slice(0, (this.#err.columns || DEFAULT_WIDTH) - 1)));
    this.#hasProgress = true;
  }

  endProgress(): void {
    if (this.#hasProgress) this.#err.write("\r\u001b[K");
    this.#hasProgress = false;
  }

  /**
   * Prints the rows with `--json`, else as a table.
   *
   * @param none the note that replaces a table without rows.
   */
  list<Row>(rows: readonly Row[], columns: readonly Column<Row>[], none: string): void {
    if (this.isJson) this.printJson(rows);
    else if (rows.length > 0) this.table(rows, columns);
    else this.note(none);
  }

  table<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): void {
    const { widths, cells, leftOut, ...table } = layOut(rows, columns, this.#out.isTTY ? this.width : Infinity);
    const line = (texts: readonly string[], style: (n: number) => Style | undefined) =>
      texts
        .map((text, n) => this.style(style(n), text) + " ".repeat((widths[n] ?? 0) - stringWidth(text)))
        .join("  ")
        .trimEnd();
    const titles = table.columns.map(({ title }) => title);
    this.print(line(titles, () => "dim"));
    for (const [index, row] of rows.entries()) {
      this.print(line(cells[index] ?? [], (n) => table.columns[n]?.style?.(row)));
    }
    if (leftOut.length > 0) this.note(`No room for ${leftOut.join(", ")}; --json has all.`);
  }

  /** Styles a text for stdout. */
  style(style: Style | undefined, text: string): string {
    return this.#styled(this.#out, style, text);
  }

  /** Styles a text for stderr. */
  styleNote(style: Style, text: string): string {
    return this.#styled(this.#err, style, text);
  }

  #styled({ isTTY }: Output, style: Style | undefined, text: string): string {
    const isPlain = !isTTY || this.#env.NO_COLOR || this.#env.TERM === "dumb";
    return isPlain || style === undefined || text === "" ? text : styled(style, text);
  }
}
