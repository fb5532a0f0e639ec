import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { memo, type ReactNode, useEffect, useRef } from "react";
import { Link } from "wouter";
import styles from "./data-table.module.css";
import { useIsNarrow } from "./use-is-narrow.ts";

export interface Column<Row> {
  readonly name: string;
  readonly cell: (row: Row) => ReactNode;
  /** CSS width on a wide screen; the columns without one share what is left. */
  readonly width?: string;
  /** The cell that says what the row is: it holds the row's link, and heads the card on a phone. */
  readonly isMain?: boolean;
  /** The cell with the state of the row: beside the main one on a phone. */
  readonly isState?: boolean;
  /** Hidden on a phone. */
  readonly isExtra?: boolean;
  readonly align?: "end";
}

export interface TableProps<Row> {
  /** The label of the table, such as "Executions". */
  readonly label: string;
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  readonly keyOf: (row: Row) => string;
  /** Path of a row's page, relative to the workspace. A new function makes every row render again. */
  readonly href?: (row: Row) => string;
  /** Called when the end of the rows comes into sight. */
  readonly onEnd?: () => void;
}

/** Height of a row on a wide screen, as the style sheet has it, and about that of a card. */
const ROW_PX = 43;
const CARD_PX = 130;
const OVERSCAN = 12;
/** Below this all rows are drawn: find-in-page and printing work then. */
const VIRTUAL_FROM = 150;

/** A table that draws only what is in sight when it is long, and becomes cards on a phone. */
export function DataTable<Row>({ label, rows, columns, keyOf, href, onEnd }: TableProps<Row>) {
  const body = useRef<HTMLTableSectionElement>(null);
  const isVirtual = rows.length >= VIRTUAL_FROM;
  const isNarrow = useIsNarrow();
  const virtualizer = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => (isNarrow ? CARD_PX : ROW_PX),
    overscan: OVERSCAN,
    scrollMargin: body.current?.offsetTop ?? 0,
    getItemKey: (index) => keyOf(rows[index] as Row),
  });
  const items = virtualizer.getVirtualItems();
  const first = isVirtual ? (items[0]?.index ?? 0) : 0;
  const last = isVirtual ? (items.at(-1)?.index ?? -1) : rows.length - 1;
  const before = isVirtual ? (items[0]?.start ?? 0) - virtualizer.options.scrollMargin : 0;
  const after = isVirtual
    ? virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0) + virtualizer.options.scrollMargin
    : 0;
  const seen = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (onEnd && seen >= rows.length - OVERSCAN - 1) onEnd();
  }, [onEnd, seen, rows.length]);

  return (
    <table className={styles.table} aria-label={label} aria-rowcount={rows.length + 1}>
      <colgroup>
        {columns.map(({ name, width }) => (
          <col key={name} style={width === undefined ? {} : { width }} />
        ))}
      </colgroup>
      <thead className={styles.head}>
        <tr>
          {columns.map(({ name, align }) => (
            <th key={name} scope="col" className={align === "end" ? styles.end : undefined}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody ref={body}>
        {before > 0 && <Space height={before} />}
        {rows.slice(first, last + 1).map((row, offset) => (
          <Row
            key={keyOf(row)}
            row={row}
            index={first + offset}
            columns={columns}
            href={href}
            // Cards are as high as their content; rows are all alike.
            measure={isVirtual && isNarrow ? virtualizer.measureElement : undefined}
          />
        ))}
        {after > 0 && <Space height={after} />}
      </tbody>
    </table>
  );
}

interface RowProps<T> {
  readonly row: T;
  readonly index: number;
  readonly columns: readonly Column<T>[];
  readonly href: ((row: T) => string) | undefined;
  readonly measure: ((element: Element | null) => void) | undefined;
}

/** Drawn once: while one scrolls, only the rows that come into sight are work. */
const Row = memo(function Row<T>({ row, index, columns, href, measure }: RowProps<T>) {
  return (
    <tr
      className={`${styles.row} ${href ? styles.linked : ""}`}
      aria-rowindex={index + 2}
      data-index={index}
      ref={measure}
    >
      {columns.map((column) => (
        <Cell key={column.name} column={column} row={row} href={href} />
      ))}
    </tr>
  );
}) as <T>(props: RowProps<T>) => ReactNode;

interface CellProps<Row> {
  readonly column: Column<Row>;
  readonly row: Row;
  readonly href: ((row: Row) => string) | undefined;
}

function Cell<Row>({ column, row, href }: CellProps<Row>) {
  const content = column.cell(row);
  const { isMain, isState, isExtra, align } = column;
  const kinds = [isMain && styles.main, isState && styles.state, isExtra && styles.extra, align && styles[align]];
  return (
    <td className={kinds.filter(Boolean).join(" ")} data-label={column.name}>
      {isMain && href ? (
        <Link href={href(row)} className={styles.link ?? ""}>
          {content}
        </Link>
      ) : (
        content
      )}
    </td>
  );
}

/** Stands for rows that are out of sight. */
function Space({ height }: { readonly height: number }) {
  return (
    <tr style={{ height }}>
      <td />
    </tr>
  );
}
