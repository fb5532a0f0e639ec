/** `npm run build:client`: what others get of this package, in `dist`. */
import { buildClient } from "./lib/build/client-build.ts";

buildClient();
