import { useState } from "react";
import { TextAreaField, TextField } from "../../../ui/form/fields/fields.tsx";
import { rowId } from "../../../ui/form/fields/row-id.ts";
import { Rows } from "../../../ui/form/fields/rows.tsx";
import { useFieldProblem } from "../../../ui/form/problems.tsx";
import { type ConfigurationProps, labelOf, type Value } from "./flow-draft.ts";
import styles from "./step-fields.module.css";

const blank = (): Row => ({ id: rowId(), cells: {} });

type Cells = Readonly<Record<string, Value>>;

interface Row {
  readonly id: string;
  readonly cells: Cells;
}

/** A table: fields for its columns, or JSON where the adapter defines no columns. */
export function ConfigurationTable(props: ConfigurationProps) {
  const { columns } = props.definition;
  return columns ? <ColumnsTable {...props} columns={columns} /> : <JsonTable {...props} />;
}

function ColumnsTable({
  path,
  definition,
  value,
  onChange,
  columns,
}: ConfigurationProps & { readonly columns: readonly string[] }) {
  const problem = useFieldProblem(path);
  const [rows, setRows] = useState<readonly Row[]>(() => rowsOf(value));
  const change = (next: readonly Row[]) => {
    setRows(next);
    onChange(next.length === 0 && !definition.required ? undefined : next.map(({ cells }) => cells));
  };
  return (
    <div>
      <Rows
        label={labelOf(definition)}
        rows={rows}
        onChange={change}
        add="Add row"
        blank={blank}
        nameOf={(_, index) => `row ${index + 1} of ${definition.label}`}
      >
        {(row, changeRow, index) =>
          columns.map((column) => (
            <TextField
              key={column}
              path={`${path}[${index}].${column}`}
              label={column}
              value={cellText(row.cells[column])}
              onChange={(text) => changeRow({ cells: withCell(row.cells, column, text) })}
            />
          ))
        }
      </Rows>
      {problem !== undefined && (
        <p className={styles.problem} role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}

function JsonTable({ path, definition, value, onChange }: ConfigurationProps) {
  const [text, setText] = useState(value === undefined ? "" : JSON.stringify(value, null, 2));
  const isWrong = text !== "" && parsed(text) === undefined;
  return (
    <TextAreaField
      path={path}
      label={labelOf(definition)}
      help={isWrong ? "This is not JSON yet." : 'Rows as JSON, such as [{"code": "A", "amount": 1}]'}
      isCode
      rows={4}
      value={text}
      onChange={(next) => {
        setText(next);
        // Text that is not JSON is sent as text, and the API rejects it.
        onChange(next === "" ? undefined : (parsed(next) ?? next));
      }}
    />
  );
}

function parsed(text: string): Value | undefined {
  try {
    return JSON.parse(text) as Value;
  } catch {
    return undefined;
  }
}

const rowsOf = (value: Value | undefined): readonly Row[] =>
  Array.isArray(value) ? value.map((cells) => ({ id: rowId(), cells: isCells(cells) ? cells : {} })) : [];

const isCells = (value: Value): value is Record<string, Value> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const cellText = (cell: Value | undefined) => (cell === undefined || cell === null ? "" : String(cell));

function withCell(cells: Cells, column: string, text: string): Cells {
  const { [column]: _, ...others } = cells;
  return text === "" ? others : { ...others, [column]: text };
}
