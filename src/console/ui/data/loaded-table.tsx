import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Frame } from "../page/frame.tsx";
import { DataTable, type TableProps } from "./data-table.tsx";
import { Loaded } from "./loaded.tsx";

interface Props<Row> extends Omit<TableProps<Row>, "rows"> {
  readonly query: UseQueryResult<readonly Row[]>;
  /** What is loaded, such as "the flows". */
  readonly what: string;
  /** What stands there while there are no rows: an `EmptyState`. */
  readonly empty: ReactNode;
  /** The order of the rows; that of the API when left out. */
  readonly order?: (rows: readonly Row[]) => readonly Row[];
}

/** A list that is the whole of a page. */
export function LoadedTable<Row>({ query, what, empty, order = (rows) => rows, ...table }: Props<Row>) {
  return (
    <Loaded query={query} what={what}>
      {(rows) =>
        rows.length === 0 ? (
          empty
        ) : (
          <Frame>
            <DataTable {...table} rows={order(rows)} />
          </Frame>
        )
      }
    </Loaded>
  );
}
