import { Button } from "@cloudflare/kumo/components/button";
import { DropdownMenu } from "@cloudflare/kumo/components/dropdown";
import { DesktopIcon, MoonIcon, SunIcon } from "@phosphor-icons/react";
import { chooseTheme, type Theme, useTheme } from "./theme.ts";

const THEMES = [
  { theme: "system", label: "As the system", icon: DesktopIcon },
  { theme: "light", label: "Light", icon: SunIcon },
  { theme: "dark", label: "Dark", icon: MoonIcon },
] as const satisfies { theme: Theme; label: string; icon: unknown }[];

export function ThemeMenu() {
  const current = useTheme();
  const shown = THEMES.find(({ theme }) => theme === current) ?? THEMES[0];
  const Shape = shown.icon;
  return (
    <DropdownMenu>
      <DropdownMenu.Trigger
        render={
          <Button
            variant="ghost"
            shape="square"
            icon={<Shape />}
            aria-label={`Colours: ${shown.label}`}
            title="Colours"
          />
        }
      />
      <DropdownMenu.Content>
        {THEMES.map(({ theme, label, icon }) => (
          <DropdownMenu.Item key={theme} icon={icon} selected={theme === current} onClick={() => chooseTheme(theme)}>
            {label}
          </DropdownMenu.Item>
        ))}
      </DropdownMenu.Content>
    </DropdownMenu>
  );
}
