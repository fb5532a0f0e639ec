import { describe, inject, it } from "vitest";
import { chainio, type Dialect, link, openStage } from "../../support/http/race.ts";
import { acknowledge, both, onlyChainio, onlyLink, type Race } from "../../support/http/races.ts";
import { eventually, sleep } from "../../support/target.ts";

const gateway = inject("gateway");

describe.concurrent("races of a callback in the Link dialect end once (L7 L12 L13 LD2 LD8 LD11 LD14)", () => {
  it.for([...both, ...onlyLink])("$name", (race, { expect }) => run(race, link, expect));
});

describe.concurrent("races of a callback of an adapter end once (C7 C21 CD3 CD7)", () => {
  it.for([...both, ...onlyChainio])("$name", (race, { expect }) => run(race, chainio, expect));
});

async function run(race: Race, dialect: Dialect, expect: typeof import("vitest").expect): Promise<void> {
  const { partner = acknowledge, later, hurry = null, requests = 1 } = race;
  await using stage = await openStage(gateway, dialect, { partner, hurry });
  const { workspace, executionId: id } = stage;
  if (later) {
    await workspace.settled(id, [later.at]);
    await later.act(stage);
  }
  const ended = await workspace.settled(id);
  const lateOf = ({ log }: typeof ended) => log.filter(({ message }) => message.startsWith("Late"));
  if (dialect.name === "C") {
    await eventually(async () => lateOf(await workspace.execution(id)).length >= race.late.length);
  }
  // Whatever should not come any more has come by then.
  await sleep(250);
  const execution = await workspace.execution(id);
  const { execution: expected, passedOn } = typeof race.ending === "function" ? race.ending(stage) : race.ending;

  expect(stage.said.map(({ status }) => status).sort()).toEqual([...race.answers]);
  expect(execution).toMatchObject(expected);
  expect({ ...execution, log: null }).toEqual({ ...ended, log: null });
  expect(stage.passedOn).toEqual(passedOn === null ? [] : [JSON.stringify(passedOn)]);
  expect(execution.steps.map(({ status }) => status)).toEqual(
    passedOn === null ? ["failed", "skipped"] : ["succeeded", "succeeded"],
  );
  expect(execution.statusLog.map(({ documentStatus }) => documentStatus)).toEqual([
    ...["Inbox", "Processing"],
    execution.documentStatus,
  ]);
  expect(stage.requests).toHaveLength(requests);
  if (dialect.name === "L") return;
  const late = lateOf(execution);
  expect(late.map(({ level, step }) => [level, step])).toEqual(race.late.map(() => ["warning", "ask"]));
  for (const pattern of race.late) expect(late.filter(({ message }) => pattern.test(message))).toHaveLength(1);
}
