/** What is printed: results to stdout, everything about them to stderr. Colour only where somebody sees it. */

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
}

export interface Column<Row> {
  readonly title: string;
  readonly value: (row: Row) => string | number | undefined;
  readonly style?: (row: Row) => Style | undefined;
}

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

  /** What goes on at the moment; it replaces itself on a terminal, and is left out elsewhere. */
  progress(line: string): void {
    if (!this.#err.isTTY) return;
    this.#clearProgress();
    this.#err.write(this.#styled(this.#err, "dim", line));
    this.#hasProgress = true;
  }

  endProgress(): void {
    this.#clearProgress();
  }

  table<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): void {
    const cells = rows.map((row) => columns.map(({ value }) => oneLine(String(value(row) ?? ""))));
    const widths = columns.map(({ title }, n) => Math.max(title.length, ...cells.map((row) => row[n]?.length ?? 0)));
    const line = (texts: readonly string[], style: (n: number) => Style | undefined) =>
      texts
        .map((text, n) => this.style(style(n), text) + " ".repeat((widths[n] ?? 0) - text.length))
        .join("  ")
        .trimEnd();
    this.print(
      line(
        columns.map(({ title }) => title),
        () => "dim",
      ),
    );
    for (const [index, row] of rows.entries()) this.print(line(cells[index] ?? [], (n) => columns[n]?.style?.(row)));
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

/** What others wrote must not move the cursor. */
export const oneLine = (text: string) => text.replace(/[\s\p{Cc}]+/gu, " ").trim();
