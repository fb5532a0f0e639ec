/** Asking before something that cannot be undone: `if (await confirm({ ... })) ...`. */
import { Button } from "@cloudflare/kumo/components/button";
import { Dialog } from "@cloudflare/kumo/components/dialog";
import { createContext, type ReactNode, useCallback, useContext, useState } from "react";
import styles from "./confirm.module.css";

export interface Question {
  readonly title: string;
  /** The consequences, and what cannot be undone. */
  readonly body: ReactNode;
  /** The word on the button, such as "Delete". */
  readonly action: string;
  /** The word on the button that leaves all as it is; "Cancel" when left out. */
  readonly keep?: string;
  /** Something is lost by it. */
  readonly isDangerous?: boolean;
}

type Confirm = (question: Question) => Promise<boolean>;

const ConfirmContext = createContext<Confirm>(() => Promise.resolve(false));

export const useConfirm = (): Confirm => useContext(ConfirmContext);

export function ConfirmProvider({ children }: { readonly children: ReactNode }) {
  const [asked, setAsked] = useState<{ question: Question; answer: (is: boolean) => void }>();
  const [isOpen, setOpen] = useState(false);
  const confirm = useCallback<Confirm>((question) => {
    setOpen(true);
    return new Promise((answer) => setAsked({ question, answer }));
  }, []);
  const close = (answer: boolean) => {
    setOpen(false);
    asked?.answer(answer);
  };
  return (
    <ConfirmContext value={confirm}>
      {children}
      <Dialog.Root role="alertdialog" open={isOpen} onOpenChange={(next: boolean) => next || close(false)}>
        {asked && (
          <Dialog className={styles.dialog ?? ""}>
            <Dialog.Title className={styles.title ?? ""}>{asked.question.title}</Dialog.Title>
            <Dialog.Description render={<div />} className="subtle">
              {asked.question.body}
            </Dialog.Description>
            <div className={styles.buttons}>
              <Button onClick={() => close(false)}>{asked.question.keep ?? "Cancel"}</Button>
              <Button variant={asked.question.isDangerous ? "destructive" : "primary"} onClick={() => close(true)}>
                {asked.question.action}
              </Button>
            </div>
          </Dialog>
        )}
      </Dialog.Root>
    </ConfirmContext>
  );
}
