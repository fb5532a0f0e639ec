import { Button } from "@cloudflare/kumo/components/button";
import { PlusIcon } from "@phosphor-icons/react";
import type { ReactNode } from "react";
import { Beside } from "../layout.tsx";
import { NameField, type NameFieldProps } from "./name-field.tsx";

interface Props extends NameFieldProps {
  /** The label of the button. */
  readonly create: string;
  readonly onCreate: () => void;
  /** The dialog that the button opens. */
  readonly children: ReactNode;
}

/** Chooses something of the workspace by its name, or creates it with the button beside the field. */
export function ChooseOrCreate({ create, onCreate, children, ...field }: Props) {
  return (
    <>
      <Beside
        tools={
          <Button icon={<PlusIcon />} onClick={onCreate}>
            {create}
          </Button>
        }
      >
        <NameField {...field} />
      </Beside>
      {children}
    </>
  );
}
