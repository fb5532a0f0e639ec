/** XML with an element on each line, for looking at. It is not parsed, so nothing in it can have an effect. */

const TOKEN = /<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<[^>]*>|[^<]+|</g;

export function formatXml(text: string): string {
  const lines: string[] = [];
  let depth = 0;
  /** True while the last line is an open element that can be closed on the same line. */
  let isOpen = false;
  for (const [token] of text.matchAll(TOKEN)) {
    const isTag = token.startsWith("<") && !token.startsWith("<![CDATA[");
    if (!isTag) {
      if (token.trim() === "") continue;
      if (isOpen) append(lines, token);
      else lines.push(indent(depth) + token.trim());
    } else if (token.startsWith("</")) {
      depth = Math.max(0, depth - 1);
      if (isOpen) append(lines, token);
      else lines.push(indent(depth) + token);
      isOpen = false;
    } else {
      lines.push(indent(depth) + token);
      isOpen = /^<[^!?]/.test(token) && !token.endsWith("/>");
      if (isOpen) depth++;
    }
  }
  return lines.join("\n");
}

const indent = (depth: number) => "  ".repeat(depth);

function append(lines: string[], token: string): void {
  lines.push((lines.pop() ?? "") + token);
}
