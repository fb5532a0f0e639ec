import type { ReactNode } from "react";
import { bind } from "./bind.ts";
import { TextField } from "./fields.tsx";
import { type HeaderRow, headerRow } from "./row-id.ts";
import { Rows } from "./rows.tsx";

interface Props {
  readonly label?: string;
  readonly help?: ReactNode;
  readonly rows: readonly HeaderRow[];
  readonly onChange: (rows: readonly HeaderRow[]) => void;
  /** Path of the object of headers in the API's input; none where the API does not see them. */
  readonly path?: string;
  /** Content below a value. */
  readonly below?: (row: HeaderRow) => ReactNode;
}

/** Rows of headers: a name and a value each. */
export function HeaderRows({ label = "Headers", path, below, ...rows }: Props) {
  return (
    <Rows
      {...rows}
      label={label}
      add="Add header"
      blank={() => headerRow()}
      nameOf={({ name }, index) => `the header ${name || index + 1}`}
    >
      {(row, change) => {
        const field = bind(row, change);
        return (
          <>
            <TextField {...field("name", "")} label="Name" isCode />
            <div>
              <TextField {...field("value", path === undefined ? "" : `${path}.${row.name}`)} label="Value" isCode />
              {below?.(row)}
            </div>
          </>
        );
      }}
    </Rows>
  );
}
