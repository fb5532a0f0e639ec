/**
 * Executions in the middle of their life, as their rows stand: what is read several times within milliseconds of being
 * written is not read from its table.
 */
import type { Body } from "../protocol/body.ts";
import type { Execution } from "./executions.ts";

/** Most that is remembered, in bytes; several shards may share one isolate's memory. The oldest go first. */
const LIMIT_BYTES = 2 * 1024 * 1024;
/** What one entry takes beside the bytes of its bodies, roughly. */
const ENTRY_BYTES = 2 * 1024;

export interface Known {
  readonly execution: Execution;
  readonly input: Body;
  /** The message as it is now; null while it is still the input. */
  readonly message: Body | null;
}

export class Remembered {
  readonly #known = new Map<number, Known>();
  #bytes = 0;

  get(sequence: number): Known | undefined {
    return this.#known.get(sequence);
  }

  keep(known: Known): void {
    const { sequence } = known.execution;
    this.forget(sequence);
    this.#known.set(sequence, known);
    this.#bytes += weight(known);
    for (const oldest of this.#known.keys()) {
      if (this.#bytes <= LIMIT_BYTES) break;
      this.forget(oldest);
    }
  }

  forget(sequence: number): void {
    const known = this.#known.get(sequence);
    if (!known) return;
    this.#bytes -= weight(known);
    this.#known.delete(sequence);
  }
}

const weight = ({ input, message }: Known) => ENTRY_BYTES + inMemory(input) + (message ? inMemory(message) : 0);

const inMemory = (body: Body) => ("bytes" in body ? body.bytes.length : 0);
