import { Button } from "@cloudflare/kumo/components/button";
import { BracketsCurlyIcon, GlobeIcon, PlugsConnectedIcon } from "@phosphor-icons/react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { copyOf, newStep, STEP_TYPES, type StepDraft, type StepPart, type StepType } from "./flow-draft.ts";
import { StepCard } from "./step-card.tsx";
import styles from "./step-list.module.css";

interface Props {
  readonly steps: readonly StepDraft[];
  readonly onChange: (steps: readonly StepDraft[]) => void;
  /** Ids of the steps whose forms are open. */
  readonly open: ReadonlySet<string>;
  readonly onOpen: (open: ReadonlySet<string>) => void;
}

const ICONS: Record<StepType, ReactNode> = {
  http: <GlobeIcon />,
  adapter: <PlugsConnectedIcon />,
  transform: <BracketsCurlyIcon />,
};
const TYPES = Object.keys(STEP_TYPES) as StepType[];

/** The steps in order. Every command works with the keyboard. */
export function StepList({ steps, onChange, open, onOpen }: Props) {
  const list = useRef<HTMLDivElement>(null);
  /** Selector of the element that gets the focus after the next render. */
  const wanted = useRef("");
  const [said, say] = useState("");
  useEffect(() => {
    if (wanted.current === "") return;
    list.current?.querySelector<HTMLElement>(wanted.current)?.focus();
    wanted.current = "";
  });
  const names = steps.map(({ name }) => name);

  function insert(step: StepDraft, at: number) {
    wanted.current = `[data-step="${step.id}"]`;
    onOpen(new Set([...open, step.id]));
    onChange([...steps.slice(0, at), step, ...steps.slice(at)]);
    say(`Step ${step.name} added at place ${at + 1}.`);
  }
  function move(step: StepDraft, index: number, by: -1 | 1) {
    const others = steps.filter((one) => one !== step);
    wanted.current = `[data-tool="${step.id} ${by < 0 ? "up" : "down"}"]`;
    onChange([...others.slice(0, index + by), step, ...others.slice(index + by)]);
    say(`Step ${step.name} is now at place ${index + by + 1} of ${steps.length}.`);
  }
  function remove(step: StepDraft, index: number) {
    const next = steps[index + 1] ?? steps[index - 1];
    wanted.current = next ? `[data-step="${next.id}"]` : "[data-add]";
    onChange(steps.filter((one) => one !== step));
    say(`Step ${step.name} removed.`);
  }
  function toggle({ id }: StepDraft) {
    const next = new Set(open);
    if (!next.delete(id)) next.add(id);
    onOpen(next);
  }
  const change = (step: StepDraft, part: StepPart) =>
    onChange(steps.map((one) => (one === step ? ({ ...one, ...part } as StepDraft) : one)));

  return (
    <div ref={list} className={styles.all}>
      {steps.length === 0 && (
        <p className="subtle">No steps yet: the flow returns each message unchanged. Add the first step.</p>
      )}
      {steps.length > 0 && (
        <ol className={styles.steps} aria-label="Steps">
          {steps.map((step, index) => (
            <li key={step.id} className={styles.step}>
              <StepCard
                step={step}
                index={index}
                count={steps.length}
                isOpen={open.has(step.id)}
                commands={{
                  change: (part) => change(step, part),
                  move: (by) => move(step, index, by),
                  duplicate: () => insert(copyOf(step, names), index + 1),
                  remove: () => remove(step, index),
                  toggle: () => toggle(step),
                }}
              />
            </li>
          ))}
        </ol>
      )}
      <fieldset className={styles.add}>
        <legend className={styles.legend}>Add a step</legend>
        {TYPES.map((type) => (
          <div key={type} className={styles.choice}>
            <Button
              icon={ICONS[type]}
              data-add={type}
              onClick={() => insert(newStep(type, names), steps.length)}
              aria-label={`Add step: ${STEP_TYPES[type].label}`}
            >
              {STEP_TYPES[type].label}
            </Button>
            <span className="subtle">{STEP_TYPES[type].text}</span>
          </div>
        ))}
      </fieldset>
      <p role="status" className="hidden-visually">
        {said}
      </p>
    </div>
  );
}
