import { Button } from "@cloudflare/kumo/components/button";
import { Dialog } from "@cloudflare/kumo/primitives/dialog";
import { ListIcon, XIcon } from "@phosphor-icons/react";
import { type ReactNode, useEffect, useState } from "react";
import { useLocation } from "wouter";
import { Logo } from "../ui/page/logo.tsx";
import styles from "./drawer.module.css";

/** The bar of a phone, with the navigation behind its button; going somewhere closes it. */
export function Drawer({ children }: { readonly children: ReactNode }) {
  const [path] = useLocation();
  const [isOpen, setOpen] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is about the change of the path.
  useEffect(() => setOpen(false), [path]);
  return (
    <header className={styles.bar}>
      <Logo />
      <Dialog.Root open={isOpen} onOpenChange={setOpen}>
        <Dialog.Trigger
          render={
            <Button variant="ghost" shape="square" icon={<ListIcon size={20} />} aria-label="Open the navigation" />
          }
        />
        <Dialog.Portal>
          <Dialog.Backdrop className={styles.backdrop} />
          <Dialog.Popup className={styles.drawer} aria-label="Navigation">
            <div className={styles.head}>
              <Logo />
              <Dialog.Close
                render={
                  <Button variant="ghost" shape="square" icon={<XIcon size={20} />} aria-label="Close the navigation" />
                }
              />
            </div>
            {children}
          </Dialog.Popup>
        </Dialog.Portal>
      </Dialog.Root>
    </header>
  );
}
