import { duration } from "../../ui/text/time.tsx";
import type { Summary } from "./summary.ts";
import { Tile, Tiles } from "./tiles.tsx";
import { MOST_COUNTED, type useOverview } from "./use-overview.ts";

interface Props extends Omit<ReturnType<typeof useOverview>, "executions"> {
  readonly summary: Summary;
  readonly isCut: boolean;
  readonly from: string;
  /** Number of lanes that stand still. */
  readonly troubled: number;
}

/** The six numbers at the top of the overview. */
export function Figures({ summary, isCut, from, waiting, callbacks, lanes, troubled }: Props) {
  const { total, counts, successRate, median, p95 } = summary;
  const since = `from=${encodeURIComponent(from)}`;
  return (
    <Tiles>
      <Tile
        label="Executions"
        value={total.toLocaleString("en") + (isCut ? "+" : "")}
        note={`${counts.unfinished.toLocaleString("en")} not finished`}
        href={`/executions?${since}`}
      />
      <Tile
        label="Success rate"
        value={successRate === null ? "–" : percent(successRate)}
        note={`${counts.failed.toLocaleString("en")} failed`}
        tone={successRate === null ? "plain" : toneOf(successRate)}
        href={`/executions?status=failed&${since}`}
      />
      <Tile
        label="Time to finish"
        value={median === null ? "–" : duration(median)}
        note={p95 === null ? "nothing has ended" : `95 % within ${duration(p95)}`}
      />
      <Tile
        label="Waiting"
        value={countOf(waiting.data?.length)}
        note={waiting.error ? waiting.error.message : "for a callback, at any age"}
        href="/executions?status=waiting"
      />
      <Tile
        label="Open callbacks"
        value={countOf(callbacks.data?.open)}
        note={callbacks.error ? callbacks.error.message : callbacksNote(callbacks.data?.seen)}
        href="/callbacks"
      />
      <Tile
        label="Lanes standing still"
        value={lanes.data ? troubled.toLocaleString("en") : "–"}
        note={lanes.error ? lanes.error.message : `of ${countOf(lanes.data?.length)} in use`}
        tone={troubled > 0 ? "bad" : "plain"}
        href="/lanes"
      />
    </Tiles>
  );
}

function countOf(count: number | undefined): string {
  if (count === undefined) return "–";
  return count.toLocaleString("en") + (count >= MOST_COUNTED ? "+" : "");
}

/** From where on a success rate is worth a colour. */
const GOOD_SHARE = 0.99;
const BAD_SHARE = 0.9;

const toneOf = (share: number) => (share >= GOOD_SHARE ? "ok" : share < BAD_SHARE ? "bad" : "plain");

const callbacksNote = (seen: number | undefined) =>
  seen !== undefined && seen >= MOST_COUNTED ? `of the newest ${MOST_COUNTED}` : "can be called";

/** Never 100 % where something failed. */
function percent(share: number): string {
  const text = (share * 100).toFixed(1).replace(/\.0$/, "");
  return `${share < 1 && text === "100" ? "99.9" : text} %`;
}
