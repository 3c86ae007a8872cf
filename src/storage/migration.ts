/** One step from a version of the database to the next. Never changed once released. */
export interface Migration {
  readonly name: string
  readonly sql: string
}
