/** The result of a stream reader when the bytes violate their format. All later calls return it again. */
export class Malformed {
  /** Bytes from the beginning of the stream to the fault. */
  readonly offset: number;
  /** A sentence for the sender. */
  readonly message: string;

  constructor(offset: number, message: string) {
    this.offset = offset;
    this.message = message;
  }
}
