/** What a reader of a stream answers when the bytes do not fit their format. It is a value; it stays the answer from then on. */
export class Malformed {
  /** Where it was noticed: bytes from the beginning of the stream. */
  readonly offset: number;
  /** A sentence for whoever sent the bytes. */
  readonly message: string;

  constructor(offset: number, message: string) {
    this.offset = offset;
    this.message = message;
  }
}
