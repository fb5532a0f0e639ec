/** A command on a real pseudo terminal: that of `script`, which every Debian has. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { eventually } from "../target.ts";

interface Session {
  /** All that stands on the screen by now, as the terminal got it. */
  readonly screen: string;
  /** Waits until the screen shows a text behind what it showed before the last wait. */
  shows(text: string): Promise<void>;
  /** Types it, without a line break of its own. */
  type(text: string): void;
  /** Waits for the end; answers the exit code of the command. */
  ended(): Promise<number>;
}

export const CTRL_C = "\u0003";
export const CTRL_D = "\u0004";
export const ENTER = "\r";

interface Options {
  readonly env: Readonly<Record<string, string>>;
  readonly columns?: number;
}

/** The terminal echoes what is typed, as any does, until the command tells it not to; Ctrl-C is for the command alone. */
export function onTerminal(command: string, { env, columns = 80 }: Options): Session {
  const words = ["--quiet", "--return", "--flush", "--echo", "always", "--command"];
  const child = spawn("script", [...words, `trap : INT; stty cols ${columns}; ${command}`, "/dev/null"], {
    env: { PATH: process.env.PATH ?? "", TERM: "xterm", ...env },
  });
  const end = once(child, "close");
  let [screen, seen] = ["", 0];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    screen += text;
  });
  return {
    get screen() {
      return screen;
    },
    shows: async (text) => {
      const at = await eventually(async () => {
        const found = screen.indexOf(text, seen);
        return found < 0 ? undefined : found + text.length;
      }).catch(() => {
        throw new Error(`the screen shows no ${JSON.stringify(text)}: ${JSON.stringify(screen)}`);
      });
      seen = at;
    },
    type: (text) => {
      child.stdin.write(text);
    },
    ended: async () => {
      const [code] = (await end) as [number];
      return code;
    },
  };
}
