/** One step from a version of the database to the next. Never changed once released. */
export interface Migration {
  readonly name: string
  readonly sql: string
}

/** What is told of a database that is read as it is. */
export const otherVersion = (shown: string): string =>
  `The database ${shown} does not have the version of this program. Back it up with the Waggle that serves it, or bring ` +
  'it up first with `waggle migrate`.'
