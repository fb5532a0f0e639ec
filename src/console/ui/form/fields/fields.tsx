/** Fields of forms: Kumo's controls with a label, help, and what the API says about them. */
import { Field as KumoField } from "@cloudflare/kumo/components/field";
import { Input, InputArea } from "@cloudflare/kumo/components/input";
import { Select } from "@cloudflare/kumo/components/select";
import { Switch } from "@cloudflare/kumo/components/switch";
import type { ReactNode } from "react";
import { useFieldProblem } from "../problems.tsx";

interface FieldProps {
  /** Path of the field in the API's input, such as `steps[0].url`. */
  readonly path: string;
  readonly label: string;
  /** A sentence on its purpose. */
  readonly help?: ReactNode;
}

interface TextProps extends FieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly placeholder?: string;
  /** Code, templates, names: in a fixed-width face and without spell checking. */
  readonly isCode?: boolean;
  readonly isDisabled?: boolean;
  readonly type?: "text" | "password" | "url" | "number" | "datetime-local";
}

/** Anything that shows a control: wraps it with label, help and problem. */
export function Field({ path, label, help, children }: FieldProps & { readonly children: ReactNode }) {
  const problem = useFieldProblem(path);
  return (
    <KumoField
      label={label}
      {...(help !== undefined && { description: help })}
      {...(problem !== undefined && { error: { message: problem, match: true } })}
    >
      {children}
    </KumoField>
  );
}

export function TextField({ path, label, help, value, onChange, placeholder, isCode, isDisabled, type }: TextProps) {
  const problem = useFieldProblem(path);
  return (
    <Input
      label={label}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      autoComplete="off"
      {...(type && { type })}
      {...(help !== undefined && { description: help })}
      {...(problem !== undefined && { error: problem, "aria-invalid": true })}
      {...(placeholder !== undefined && { placeholder })}
      {...(isDisabled && { disabled: true })}
      {...(isCode && { className: "mono", spellCheck: false, autoCapitalize: "off" })}
    />
  );
}

interface TextAreaProps extends TextProps {
  readonly rows?: number;
  /** Shows dots instead of the text; unlike a password field it can have several lines. */
  readonly isMasked?: boolean;
}

export function TextAreaField({ rows = 4, isMasked = false, ...props }: TextAreaProps) {
  const { path, label, help, value, onChange, placeholder, isCode, isDisabled } = props;
  const problem = useFieldProblem(path);
  return (
    <InputArea
      label={label}
      value={value}
      rows={rows}
      onChange={(event) => onChange(event.target.value)}
      {...(help !== undefined && { description: help })}
      {...(problem !== undefined && { error: problem, "aria-invalid": true })}
      {...(placeholder !== undefined && { placeholder })}
      {...(isDisabled && { disabled: true })}
      {...(isCode && { className: isMasked ? "mono masked" : "mono", spellCheck: false, autoCapitalize: "off" })}
      {...(isMasked && { autoComplete: "off" })}
    />
  );
}

interface SelectProps<Value extends string> extends FieldProps {
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  /** Values with what to call them, in order. */
  readonly options: Readonly<Record<Value, string>>;
}

export function SelectField<Value extends string>({ path, label, help, value, onChange, options }: SelectProps<Value>) {
  const problem = useFieldProblem(path);
  return (
    <Select
      label={label}
      value={value}
      items={options}
      onValueChange={(next) => next !== null && onChange(next as Value)}
      {...(help !== undefined && { description: help })}
      {...(problem !== undefined && { error: problem })}
    />
  );
}

interface SwitchProps extends FieldProps {
  readonly value: boolean;
  readonly onChange: (value: boolean) => void;
}

export function SwitchField({ path, label, help, value, onChange }: SwitchProps) {
  const problem = useFieldProblem(path);
  return (
    <div>
      <Switch label={label} checked={value} onCheckedChange={onChange} />
      {help !== undefined && <p className="subtle">{help}</p>}
      {problem !== undefined && <p role="alert">{problem}</p>}
    </div>
  );
}
