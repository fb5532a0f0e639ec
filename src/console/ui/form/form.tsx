import { Banner } from "@cloudflare/kumo/components/banner";
import { Button } from "@cloudflare/kumo/components/button";
import { type FormEvent, type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useLocation } from "wouter";
import { ApiProblem, type Permission } from "../../../client/index.ts";
import { useMay } from "../../data/permissions.ts";
import styles from "./form.module.css";
import { ProblemsContext } from "./problems.tsx";

interface Props {
  /** The `error` of the action. */
  readonly problem: Error | null;
  readonly onSubmit: () => void;
  readonly children: ReactNode;
  readonly label?: string;
}

/** A form whose fields show their problems; problems of other fields are listed above it. */
export function Form({ problem, onSubmit, children, label }: Props) {
  const form = useRef<HTMLFormElement>(null);
  const [claimed, setClaimed] = useState<ReadonlyMap<string, number>>(new Map());
  const errors = useMemo(() => (problem instanceof ApiProblem ? problem.errors : []), [problem]);

  const claim = useCallback((path: string) => {
    const count = (by: number) => (before: ReadonlyMap<string, number>) =>
      new Map(before).set(path, (before.get(path) ?? 0) + by);
    setClaimed(count(1));
    return () => setClaimed(count(-1));
  }, []);
  const context = useMemo(
    () => ({ messageAt: (path: string) => errors.find(({ field }) => field === path)?.message, claim }),
    [errors, claim],
  );
  useEffect(() => {
    if (errors.length > 0) form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [errors]);

  const unclaimed = errors.filter(({ field }) => !claimed.get(field));
  const above =
    errors.length > 0 ? unclaimed.map(({ field, message }) => `${field}: ${message}`) : problemText(problem);

  function submit(event: FormEvent) {
    event.preventDefault();
    event.stopPropagation();
    onSubmit();
  }

  return (
    <form ref={form} className={styles.form} onSubmit={submit} noValidate aria-label={label}>
      <ProblemsContext value={context}>
        {above.length > 0 && (
          <div role="alert">
            <Banner variant="error" title="This was not saved" description={above.join("; ")} />
          </div>
        )}
        {children}
      </ProblemsContext>
    </form>
  );
}

const problemText = (problem: Error | null) => (problem ? [problem.message] : []);

/** The row of buttons at the end of a form. */
export function FormButtons({ children }: { readonly children: ReactNode }) {
  return <div className={styles.buttons}>{children}</div>;
}

interface SaveButtonsProps {
  readonly label: string;
  readonly permission: Permission;
  readonly isPending: boolean;
  /** Path that Cancel leads to. */
  readonly cancel: string;
}

/** The buttons of a form that is a page. */
export function SaveButtons({ label, permission, isPending, cancel }: SaveButtonsProps) {
  const may = useMay();
  const [, navigate] = useLocation();
  return (
    <FormButtons>
      <Button onClick={() => navigate(cancel)}>Cancel</Button>
      <Button type="submit" variant="primary" loading={isPending} disabled={!may(permission)}>
        {label}
      </Button>
    </FormButtons>
  );
}
