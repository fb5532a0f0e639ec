/** Findings as lines for people. */
import type { Finding, Status } from "./checks/check.ts";

type Summary = Readonly<Record<Status, number>>;

const WIDTHS = { status: 9, numbers: 17 };

export function summarise(findings: readonly Finding[]): Summary {
  const count = (wanted: Status) => findings.filter(({ status }) => status === wanted).length;
  return { pass: count("pass"), warn: count("warn"), fail: count("fail"), skipped: count("skipped") };
}

export function printFinding({ status, numbers, title, note, expected, came, mend }: Finding): void {
  const start = status.padEnd(WIDTHS.status) + numbers.padEnd(WIDTHS.numbers);
  console.log(`${start}${title}${note ? ` (${note})` : ""}`);
  for (const [name, text] of Object.entries({ expected, came, "to mend": mend })) {
    if (text !== undefined) console.log(`${" ".repeat(WIDTHS.status)}${name.padEnd(WIDTHS.numbers)}${text}`);
  }
}

export function printSummary({ pass, warn, fail, skipped }: Summary): void {
  console.log(`\n${pass} passed, ${fail} failed, ${warn} could be better, ${skipped} skipped`);
}
