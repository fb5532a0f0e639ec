/** What is printed: results to stdout, everything about them to stderr. Colour only where somebody sees it. */
import { type Column, layOut, widthOf } from "./table.ts";

export type Style = "bold" | "dim" | "red" | "green" | "yellow" | "cyan";

const CODES: Record<Style, readonly [number, number]> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
};

/** How a status looks. */
export const STATUS_STYLES: Readonly<Record<string, Style>> = {
  queued: "dim",
  running: "cyan",
  waiting: "yellow",
  retrying: "yellow",
  succeeded: "green",
  failed: "red",
  cancelled: "dim",
  skipped: "dim",
  pending: "dim",
  warning: "yellow",
  error: "red",
  open: "green",
  busy: "yellow",
  closed: "dim",
  expired: "dim",
};

interface Output extends Pick<NodeJS.WriteStream, "write"> {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

const USUAL_WIDTH = 120;

export class Terminal {
  /** Whether results are JSON. */
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

  /** Characters in a line; what is usual where nobody looks. */
  get width(): number {
    return (this.#out.isTTY && this.#out.columns) || USUAL_WIDTH;
  }

  print(line: string): void {
    this.#clearProgress();
    this.#out.write(`${line}\n`);
  }

  printJson(value: unknown): void {
    this.print(JSON.stringify(value, null, 2));
  }

  /** Bytes as they are, for whatever reads stdout. */
  write(bytes: string | Uint8Array): void {
    this.#clearProgress();
    this.#out.write(bytes);
  }

  /** Something about the result, for a person. */
  note(line: string): void {
    this.#clearProgress();
    this.#err.write(`${line}\n`);
  }

  /** What could be done next, for a person; scripts know. */
  hint(line: string): void {
    if (this.#err.isTTY && !this.isJson) this.note(this.styleNote("dim", line));
  }

  /** What goes on at the moment; it replaces itself on a terminal, and is left out elsewhere. */
  progress(line: string): void {
    if (!this.#err.isTTY) return;
    this.#clearProgress();
    // A line that wraps could not be taken back.
    this.#err.write(this.#styled(this.#err, "dim", line.slice(0, (this.#err.columns || USUAL_WIDTH) - 1)));
    this.#hasProgress = true;
  }

  endProgress(): void {
    this.#clearProgress();
  }

  /** @param none what is said in place of a table without rows. */
  table<Row>(rows: readonly Row[], columns: readonly Column<Row>[], none?: string): void {
    if (rows.length === 0 && none !== undefined) {
      this.note(none);
      return;
    }
    const { widths, cells, leftOut, ...table } = layOut(rows, columns, this.#out.isTTY ? this.width : Infinity);
    const line = (texts: readonly string[], style: (n: number) => Style | undefined) =>
      texts
        .map((text, n) => this.style(style(n), text) + " ".repeat((widths[n] ?? 0) - widthOf(text)))
        .join("  ")
        .trimEnd();
    const titles = table.columns.map(({ title }) => title);
    this.print(line(titles, () => "dim"));
    for (const [index, row] of rows.entries()) {
      this.print(line(cells[index] ?? [], (n) => table.columns[n]?.style?.(row)));
    }
    if (leftOut.length > 0) this.note(`No room for ${leftOut.join(", ")}; --json has all.`);
  }

  style(style: Style | undefined, text: string): string {
    return this.#styled(this.#out, style, text);
  }

  styleNote(style: Style, text: string): string {
    return this.#styled(this.#err, style, text);
  }

  #styled({ isTTY }: Output, style: Style | undefined, text: string): string {
    const isPlain = !isTTY || this.#env.NO_COLOR || this.#env.TERM === "dumb";
    if (isPlain || style === undefined || text === "") return text;
    const [on, off] = CODES[style];
    return `\u001b[${on}m${text}\u001b[${off}m`;
  }

  #clearProgress(): void {
    if (this.#hasProgress) this.#err.write("\r\u001b[K");
    this.#hasProgress = false;
  }
}
