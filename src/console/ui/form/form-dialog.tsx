import { Dialog } from "@cloudflare/kumo/components/dialog";
import type { ReactNode } from "react";
import { Form } from "./form.tsx";
import styles from "./form-dialog.module.css";

interface Props {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  /** The action that the form submits. */
  readonly action: { readonly error: Error | null; readonly reset: () => void };
  readonly onSubmit: () => void;
  readonly size?: "base" | "lg" | "xl";
  readonly children: ReactNode;
}

/** A short form in a dialog. */
export function FormDialog({ title, isOpen, onClose, action, onSubmit, size = "lg", children }: Props) {
  const change = (next: boolean) => {
    if (next) return;
    action.reset();
    onClose();
  };
  return (
    <Dialog.Root open={isOpen} onOpenChange={change}>
      <Dialog size={size} className={styles.dialog ?? ""}>
        <Dialog.Title className={styles.title ?? ""}>{title}</Dialog.Title>
        <Form problem={action.error} onSubmit={onSubmit}>
          {children}
        </Form>
      </Dialog>
    </Dialog.Root>
  );
}
