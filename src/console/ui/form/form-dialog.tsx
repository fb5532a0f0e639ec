import { Button } from "@cloudflare/kumo/components/button";
import { Dialog } from "@cloudflare/kumo/components/dialog";
import type { ReactNode } from "react";
import { Form, FormButtons } from "./form.tsx";
import styles from "./form-dialog.module.css";

interface Props {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  /** The action that the form submits. */
  readonly action: { readonly error: Error | null; readonly isPending: boolean; readonly reset: () => void };
  readonly onSubmit: () => void;
  /** The words on the button that submits. */
  readonly submit: string;
  /** Something is lost by it. */
  readonly isDangerous?: boolean;
  readonly size?: "base" | "lg" | "xl";
  readonly children: ReactNode;
}

/** A short form in a dialog, with its buttons. */
export function FormDialog(props: Props) {
  const { title, isOpen, onClose, action, onSubmit, submit, isDangerous = false, size = "lg", children } = props;
  function close() {
    action.reset();
    onClose();
  }
  return (
    <Dialog.Root open={isOpen} onOpenChange={(next: boolean) => next || close()}>
      <Dialog size={size} className={styles.dialog ?? ""}>
        <Dialog.Title className={styles.title ?? ""}>{title}</Dialog.Title>
        <Form problem={action.error} onSubmit={onSubmit}>
          {children}
          <FormButtons>
            <Button onClick={close}>Cancel</Button>
            <Button type="submit" variant={isDangerous ? "destructive" : "primary"} loading={action.isPending}>
              {submit}
            </Button>
          </FormButtons>
        </Form>
      </Dialog>
    </Dialog.Root>
  );
}
