/** Brings an answer's body to the person's disk. */

const EXTENSIONS: Record<string, string> = {
  "application/json": "json",
  "application/pdf": "pdf",
  "application/xml": "xml",
  "text/csv": "csv",
  "text/plain": "txt",
  "text/xml": "xml",
};

/** @param name without extension: it follows from the type, and an unknown type gets one that no program opens. */
export async function saveFile(response: Response, name: string): Promise<void> {
  const type = response.headers.get("content-type")?.split(";", 1)[0]?.trim() ?? "";
  // As plain bytes: a browser that opens files after loading them must not take them for a page.
  const url = URL.createObjectURL(new Blob([await response.blob()], { type: "application/octet-stream" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `${name}.${EXTENSIONS[type] ?? "bin"}`;
  link.click();
  URL.revokeObjectURL(url);
}
