import { Switch } from "@cloudflare/kumo/components/switch";

interface Props {
  readonly isLive: boolean;
  readonly onChange: (isLive: boolean) => void;
}

/** Switches the regular reloading of a list on and off. */
export function LiveSwitch({ isLive, onChange }: Props) {
  return (
    <span className="row">
      <Switch label="Live" checked={isLive} onCheckedChange={onChange} />
    </span>
  );
}
