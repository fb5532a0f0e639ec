/** The result of the plain request, whether it came as a reply or as a callback. */

import {
  FILE_KEYS,
  fileProblems,
  isAbsent,
  STATUSES,
  show,
  statusProblems,
  unknownNames,
  userLogProblems,
} from "../content.ts";
import type { Trial } from "../trial.ts";
import { type Check, fail, pass, skipped, type Verdict, warn } from "./check.ts";

export const resultChecks: readonly Check[] = [
  {
    id: "callback-unmodified",
    numbers: "C6 C7 CD4",
    title: "callback is returned exactly as it was sent",
    needs: ["result"],
    run: ({ result, plain, tokenReturned }) =>
      tokenReturned
        ? pass()
        : fail(
            plain.invocation.token,
            isAbsent(result?.callback) ? "no callback" : JSON.stringify(result?.callback),
            "Copy the string as it is. It is opaque: do not decode, trim or make it anew.",
          ),
  },
  {
    id: "result-status",
    numbers: "CD2",
    title: `status is one of ${STATUSES.join(", ")}`,
    needs: ["result"],
    run: (trial) => judge(trial, "status", statusProblems, `one of ${STATUSES.join(", ")}`),
  },
  {
    id: "result-user-logs",
    numbers: "CD2 C24",
    title: "user_logs are entries with type and message",
    needs: ["result"],
    run: (trial) =>
      judge(
        trial,
        "user_logs",
        userLogProblems,
        '[{ "type": "info" | "warning" | "error", "message": "..." }], or none',
      ),
  },
  {
    id: "result-files",
    numbers: "C9 CD13",
    title: "files are objects with exactly the four keys",
    needs: ["result"],
    run: (trial) => {
      if (isAbsent(trial.result?.files)) return skipped("the result has no files");
      return judge(trial, "files", fileProblems, `an array of { ${FILE_KEYS.join(", ")} }, utf8 or base64`);
    },
  },
  {
    id: "result-names",
    numbers: "C24 CD2 CD15",
    title: "Nothing in the result is left out of account: unknown names, files beside a payload",
    needs: ["result"],
    run: ({ result = {} }) => {
      const unknown = unknownNames(result);
      if (unknown.length > 0) {
        return warn("callback, status, payload, files, user_logs, message", unknown.join(", "), "Mind the spelling.");
      }
      if (!isAbsent(result.message) && typeof result.message !== "string") {
        return warn("a message that is a string", show(result.message), "Send the text itself: nothing else is shown.");
      }
      if (!isAbsent(result.payload) && !isAbsent(result.files)) {
        return warn("payload or files", "both", "Send one of them: with a payload the files are not used.");
      }
      return pass();
    },
  },
  {
    id: "result-success",
    numbers: "CD2 CD15",
    title: "The example is converted",
    needs: ["result"],
    run: ({ result = {}, options: { type } }) => {
      const { status } = result;
      if (status !== "error" && status !== "bug") return pass(String(status));
      const logs = isAbsent(result.user_logs) ? "" : `, ${show(result.user_logs)}`;
      return warn(
        "success or skipped",
        `${status}${logs}`,
        `Give --payload and --configuration that this ${type} adapter understands.`,
      );
    },
  },
];

function judge({ result = {} }: Trial, name: string, look: (value: unknown) => string[], expected: string): Verdict {
  const problems = look(result[name]);
  return problems.length === 0 ? pass() : fail(expected, problems.join(" "), `Send ${name} in this form.`);
}
