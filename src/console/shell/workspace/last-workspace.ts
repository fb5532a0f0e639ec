/** The workspace of the last visit, so that the next one begins there. */

const STORED_AS = "hookback.workspace";

export const lastWorkspace = (): string | null => localStorage.getItem(STORED_AS);

export const rememberWorkspace = (name: string): void => localStorage.setItem(STORED_AS, name);
