/** One step from a version of the database to the next. Never changed once released. */
export interface Migration {
  readonly name: string
  readonly sql: string
}

export type DatabaseKind = 'embedded' | 'postgresql'

/** What to do where a program must bring a database up first: the one that served it may know no backups. */
export const bringUp: Readonly<Record<DatabaseKind, string>> = {
  embedded: 'Stop its server, then: waggle migrate. It puts a whole copy of the database beside it first.',
  postgresql: 'Stop its servers, keep a copy with pg_dump, then: waggle migrate',
}

/** What is told of a database that is read as it is, and has not all steps of this program, or others. */
export function otherVersion(
  shown: string,
  { found, known, kind }: { readonly found: number; readonly known: number; readonly kind: DatabaseKind },
): string {
  if (found > known) {
    return (
      `The database ${shown} has version ${found}, but this Waggle knows only up to ${known}. Use the newer Waggle that ` +
      'made it.'
    )
  }
  if (found === known) {
    return `The database ${shown} was made by a Waggle that was never released. Go on with the Waggle that made it.`
  }
  return `The database ${shown} has version ${found}, and this Waggle reads version ${known}. ${bringUp[kind]}`
}
