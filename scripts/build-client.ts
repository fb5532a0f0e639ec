/** `npm run build:client`: the published part of this package, in `dist`. */
import { buildClient } from "./lib/build/client-build.ts";

buildClient();
