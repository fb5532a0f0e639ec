/** `npm run build`: the console as static files in `dist/console`. */
import { buildConsole } from "./lib/build/console-build.ts";
import { consoleSize } from "./lib/build/console-size.ts";

buildConsole();
const { files, gzipBytes } = consoleSize();
console.log(`dist/console: ${files.length} scripts to begin with, ${Math.round(gzipBytes / 1000)} kB compressed`);
