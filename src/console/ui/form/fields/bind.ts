/** The props of a group of fields that edit a draft. */
export interface DraftProps<Draft> {
  readonly draft: Draft;
  readonly onChange: (part: Partial<Draft>) => void;
}

/**
 * Binds fields to the members of a draft: `<TextField {...field("url")} label="URL" />`.
 *
 * @param base prefix of the paths of the fields in the API's input.
 */
export const bind =
  <Draft>(draft: Draft, onChange: (part: Partial<Draft>) => void, base = "") =>
  /** @param path path of the field where it is not that of the member. */
  <Key extends keyof Draft & string>(key: Key, path: string = key) => ({
    path: base + path,
    value: draft[key],
    onChange: (value: Draft[Key]) => onChange({ [key]: value } as unknown as Partial<Draft>),
  });
