/** Preloaded: the process is taken off its processor for a while, each time it has asked something. */
const PAUSE_MS = 500;
const write = process.stderr.write.bind(process.stderr);
process.stderr.write = (...args) => {
  const answer = write(...args);
  if (String(args[0]).endsWith(": ")) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
  return answer;
};
