/** What a file, or a table with its indexes, took and takes. */
export interface Compacted {
  readonly name: string
  readonly bytesBefore: number
  readonly bytesAfter: number
}

/** A database whose unused space is to be given back. */
export interface Compacting {
  /** As people are told of it. */
  readonly shown: string
  /** Whether somebody was ever asked to sign in here. */
  hasAccounts(): Promise<boolean>
  /**
   * Gives back what is not used; nobody may have it open here any more.
   *
   * @param onBegin told each file or table before it is worked on
   * @throws DatabaseRefused there is no room for what it takes meanwhile; the storage refused. Everything is as it was
   */
  giveBack(onBegin: (name: string) => void): Promise<readonly Compacted[]>
  /** What else would help, in sentences. */
  advice(): Promise<readonly string[]>
  close(): Promise<void>
}
