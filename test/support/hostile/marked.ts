/** Marked secrets, and the search for them in output. */
import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export interface Found {
  readonly where: string;
  /** Purpose of the secret. */
  readonly secret: string;
}

/** Texts of one's own by what they are for; each has a random part that nothing else has. */
export class Marks {
  readonly #parts = new Map<string, string>();

  /** The random part, which a secret with more around it is still known by. */
  part(name: string): string {
    const part = this.#parts.get(name) ?? randomBytes(15).toString("hex");
    this.#parts.set(name, part);
    return part;
  }

  /** Takes a secret that somebody else made; its last characters are looked for. */
  learn(name: string, secret: string): string {
    this.#parts.set(name, secret.slice(-30));
    return secret;
  }

  /** A secret of at least 32 characters. */
  of(name: string): string {
    return `mark.${name}.${this.part(name)}`;
  }

  /** A secret in the form of Standard Webhooks, whose key holds the mark. */
  webhookSecret(name: string): string {
    return `whsec_${Buffer.from(this.part(name)).toString("base64")}`;
  }

  /** Names of the secrets that a text contains, plain or in a common encoding. */
  in(where: string, text: string | Buffer): Found[] {
    const bytes = typeof text === "string" ? Buffer.from(text) : text;
    return [...this.#parts]
      .filter(([, part]) => writings(part).some((writing) => bytes.includes(writing)))
      .map(([secret]) => ({ where, secret }));
  }

  /** The same for every file below a folder. */
  inFiles(folder: string): { found: Found[]; files: number; bytes: number } {
    const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    let bytes = 0;
    const found = names.flatMap(({ parentPath, name }) => {
      const content = readFileSync(join(parentPath, name));
      bytes += content.length;
      return this.in(join(parentPath, name).slice(folder.length), content);
    });
    return { found, files: names.length, bytes };
  }
}

function writings(part: string): string[] {
  const base64 = [0, 1, 2].map((offset) =>
    Buffer.concat([Buffer.alloc(offset), Buffer.from(part)])
      .toString("base64")
      .slice(4, -4),
  );
  return [part, part.toUpperCase(), Buffer.from(part).toString("hex"), [...part].reverse().join(""), ...base64];
}
