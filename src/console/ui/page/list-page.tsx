import { Button } from "@cloudflare/kumo/components/button";
import { PlusIcon } from "@phosphor-icons/react";
import type { ReactNode } from "react";
import { useLocation } from "wouter";
import type { Permission } from "../../../client/index.ts";
import { useMay } from "../../data/permissions.ts";
import { DataTable, type TableProps } from "../data/data-table.tsx";
import { type Loadable, Loaded } from "../data/loaded.tsx";
import { PermissionNote } from "../feedback/permission-note.tsx";
import styles from "./list-page.module.css";
import { Page } from "./page.tsx";

interface Props<Row> extends Omit<TableProps<Row>, "rows" | "label"> {
  /** The plural of what is listed, such as "Flows". */
  readonly title: string;
  readonly intro: ReactNode;
  readonly above?: ReactNode;
  readonly actions?: ReactNode;
  readonly query: Loadable<readonly Row[]>;
  /** Shown instead of the table while there are no rows: an `EmptyState`. */
  readonly empty: ReactNode;
  /** The order of the rows; that of the API when left out. */
  readonly order?: (rows: readonly Row[]) => readonly Row[];
  /** The button that adds a row: its label and permission, and the path it leads to or the function it calls. */
  readonly create?: {
    readonly label: string;
    readonly permission: Permission;
    readonly to: string | (() => void);
  };
  /** A note for a person without the permission. */
  readonly note?: { readonly permission: Permission; readonly what: string };
  /** A status below the table. */
  readonly foot?: ReactNode;
  /** Above the table, such as a filter. */
  readonly children?: ReactNode;
}

/** A page that is a table, with its empty state and the button that adds a row. */
export function ListPage<Row>(props: Props<Row>) {
  const {
    title,
    intro,
    above,
    actions,
    query,
    empty,
    order = (rows) => rows,
    create,
    note,
    foot,
    children,
    ...table
  } = props;
  const may = useMay();
  const [, navigate] = useLocation();
  return (
    <Page
      title={title}
      intro={intro}
      above={above}
      actions={
        <>
          {actions}
          {create && may(create.permission) && (
            <Button
              variant="primary"
              icon={<PlusIcon />}
              onClick={() => (typeof create.to === "string" ? navigate(create.to) : create.to())}
            >
              {create.label}
            </Button>
          )}
        </>
      }
    >
      {note && <PermissionNote {...note} />}
      {children}
      <Loaded query={query} what={`the ${title.toLowerCase()}`}>
        {(rows) =>
          rows.length === 0 ? (
            empty
          ) : (
            <div className={styles.frame}>
              <DataTable {...table} label={title} rows={order(rows)} />
            </div>
          )
        }
      </Loaded>
      {foot && (
        <p className={styles.foot} role="status">
          {foot}
        </p>
      )}
    </Page>
  );
}
