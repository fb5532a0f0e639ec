import { Button } from "@cloudflare/kumo/components/button";
import { Dialog } from "@cloudflare/kumo/components/dialog";
import type { ReactNode } from "react";
import { Form, FormButtons } from "./form.tsx";
import styles from "./form-dialog.module.css";

interface Props {
  readonly title: string;
  readonly onClose: () => void;
  /** The action that the form submits. */
  readonly action: { readonly error: Error | null; readonly isPending: boolean };
  readonly onSubmit: () => void;
  /** The label of the button that submits. */
  readonly submit: string;
  /** Something is lost by it. */
  readonly isDangerous?: boolean;
  readonly size?: "base" | "lg" | "xl";
  readonly children: ReactNode;
}

/** A short form in a dialog. It is mounted while it is open. */
export function FormDialog(props: Props) {
  const { title, onClose, action, onSubmit, submit, isDangerous = false, size = "lg", children } = props;
  return (
    <Dialog.Root open onOpenChange={(next: boolean) => next || onClose()}>
      <Dialog size={size} className={styles.dialog ?? ""}>
        <Dialog.Title className={styles.title ?? ""}>{title}</Dialog.Title>
        <Form problem={action.error} onSubmit={onSubmit}>
          {children}
          <FormButtons>
            <Button onClick={onClose}>Cancel</Button>
            <Button type="submit" variant={isDangerous ? "destructive" : "primary"} loading={action.isPending}>
              {submit}
            </Button>
          </FormButtons>
        </Form>
      </Dialog>
    </Dialog.Root>
  );
}
