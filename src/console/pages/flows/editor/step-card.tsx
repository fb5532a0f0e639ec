import { Button } from "@cloudflare/kumo/components/button";
import { ArrowDownIcon, ArrowUpIcon, CopyIcon, TrashIcon } from "@phosphor-icons/react";
import { useId } from "react";
import { FieldHelp } from "../../../ui/form/fields/field-help.tsx";
import { TextField } from "../../../ui/form/fields/fields.tsx";
import { AdapterStepFields } from "./adapter-step-fields.tsx";
import { STEP_TYPES, type StepDraft, type StepPart } from "./flow-draft.ts";
import { HttpStepFields } from "./http-step-fields.tsx";
import styles from "./step-list.module.css";
import { TransformStepFields } from "./transform-step-fields.tsx";

export interface StepCommands {
  readonly change: (part: StepPart) => void;
  readonly move: (by: -1 | 1) => void;
  readonly duplicate: () => void;
  readonly remove: () => void;
  readonly toggle: () => void;
}

interface Props {
  readonly step: StepDraft;
  readonly index: number;
  readonly count: number;
  readonly isOpen: boolean;
  readonly commands: StepCommands;
}

/** One step: its heading, and its form when it is open. */
export function StepCard({ step, index, count, isOpen, commands }: Props) {
  const path = `steps[${index}]`;
  const formId = useId();
  const name = step.name || `step ${index + 1}`;
  return (
    <>
      <div className={styles.head}>
        <span className={styles.number} aria-hidden="true">
          {index + 1}
        </span>
        <button
          type="button"
          className={styles.toggle}
          data-step={step.id}
          aria-expanded={isOpen}
          aria-controls={formId}
          onClick={commands.toggle}
        >
          <span className={styles.name}>{name}</span>
          <span className={styles.type}>{STEP_TYPES[step.type].label}</span>
          {!isOpen && <span className={styles.summary}>{summaryOf(step)}</span>}
        </button>
        <span className={styles.tools}>
          <Tool
            icon={<ArrowUpIcon />}
            label={`Move ${name} up`}
            id={`${step.id} up`}
            onClick={() => commands.move(-1)}
            isOff={index === 0}
          />
          <Tool
            icon={<ArrowDownIcon />}
            label={`Move ${name} down`}
            id={`${step.id} down`}
            onClick={() => commands.move(1)}
            isOff={index === count - 1}
          />
          <Tool icon={<CopyIcon />} label={`Duplicate ${name}`} onClick={commands.duplicate} />
          <Tool icon={<TrashIcon />} label={`Remove ${name}`} onClick={commands.remove} />
        </span>
      </div>
      <div id={formId} className={styles.form} hidden={!isOpen}>
        {isOpen && (
          <>
            <TextField
              path={`${path}.name`}
              label="Name of the step"
              help={<FieldHelp of="flow" path="steps[].name" />}
              isCode
              value={step.name}
              onChange={(next) => commands.change({ name: next })}
            />
            <StepFields step={step} path={path} onChange={commands.change} />
          </>
        )}
      </div>
    </>
  );
}

interface FieldsProps {
  readonly step: StepDraft;
  readonly path: string;
  readonly onChange: StepCommands["change"];
}

function StepFields({ step, ...props }: FieldsProps) {
  switch (step.type) {
    case "http":
      return <HttpStepFields step={step} {...props} />;
    case "adapter":
      return <AdapterStepFields step={step} {...props} />;
    case "transform":
      return <TransformStepFields step={step} {...props} />;
  }
}

interface ToolProps {
  readonly icon: React.ReactNode;
  readonly label: string;
  readonly onClick: () => void;
  readonly id?: string;
  readonly isOff?: boolean;
}

/** Uses aria-disabled: a disabled button would lose the focus at the end of the list. */
function Tool({ icon, label, onClick, id, isOff = false }: ToolProps) {
  return (
    <Button
      size="sm"
      variant="ghost"
      shape="square"
      icon={icon}
      aria-label={label}
      aria-disabled={isOff}
      data-tool={id}
      className={isOff ? (styles.off ?? "") : ""}
      onClick={() => isOff || onClick()}
    />
  );
}

function summaryOf(step: StepDraft): string {
  switch (step.type) {
    case "http":
      return `${step.method} ${step.url || "no URL yet"}${step.async ? ", waits for a callback" : ""}`;
    case "adapter":
      return step.adapter === "" ? "no adapter chosen yet" : "";
    case "transform":
      return step.template.trim().replaceAll(/\s+/g, " ").slice(0, 120) || "no template yet";
  }
}
