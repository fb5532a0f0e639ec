/** Runs a part of the benchmark in a child process. Requests are messages with a name and one argument. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";

interface Request {
  readonly id: number;
  readonly name: string;
  readonly argument: unknown;
}

interface Reply {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

/** Answers the requests of the parent process, and exits with it. */
export function answerParent(answers: Record<string, (argument: never) => unknown>): void {
  process.on("message", ({ id, name, argument }: Request) => {
    const result = async () => answers[name]?.(argument as never);
    result().then(
      (value) => process.send?.({ id, value } satisfies Reply),
      (error: unknown) => process.send?.({ id, error: (error as Error)?.stack ?? String(error) } satisfies Reply),
    );
  });
  process.on("disconnect", () => process.exit(0));
}

export class Child implements AsyncDisposable {
  readonly #process: ChildProcess;
  readonly #open = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  #nextId = 0;

  constructor(file: URL, env: NodeJS.ProcessEnv = process.env) {
    const execArgv = ["--disable-warning=ExperimentalWarning"];
    this.#process = fork(file, {
      serialization: "advanced",
      execArgv,
      env,
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    this.#process.on("message", ({ id, value, error }: Reply) => {
      const open = this.#open.get(id);
      this.#open.delete(id);
      if (error === undefined) open?.resolve(value as never);
      else open?.reject(new Error(error));
    });
    this.#process.on("exit", (code) => {
      for (const { reject } of this.#open.values()) reject(new Error(`${file.pathname} ended with ${code}`));
    });
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  ask<T>(name: string, argument: unknown = null): Promise<T> {
    const id = this.#nextId++;
    return new Promise<T>((resolve, reject) => {
      this.#open.set(id, { resolve, reject });
      this.#process.send({ id, name, argument } satisfies Request);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, "exit");
    this.#process.disconnect();
    await ended;
  }
}
