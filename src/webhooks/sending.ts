/** A message on its way to an endpoint. */
export interface Sending {
  /** Connections are kept apart by this: one slow endpoint cannot use up another's. */
  readonly endpoint: number
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What came back of an attempt. */
export interface Returned {
  /** Undefined when there was no answer. */
  readonly status: number | undefined
  /** The `Retry-After` header as it came. */
  readonly retryAfter: string | undefined
  /** The first KiB of the answer's body, as text; empty when there was none. */
  readonly answer: string
  /** Why there was no answer; undefined when there was one. For people: no secret, no password. */
  readonly error: string | undefined
  /** Whole ms from the beginning to the outcome. */
  readonly ms: number
}

/** Sends messages; never throws: what goes wrong is an outcome. */
export interface Sender {
  send(sending: Sending): Promise<Returned>
  /** Ends all connections; attempts that run end as failures. */
  close(): Promise<void>
}
