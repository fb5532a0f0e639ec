/** `npm run build:client`: what others get of this package, in `dist`. */
import { buildClient } from "./lib/client-build.ts";

buildClient();
