/** The address of the part that the page begins with. */
export const firstAddress = '#?route=overview'

/**
 * What the address of the page names.
 *
 * @param hash such as `#?route=auth`
 * @returns the route of a part, else what stands behind the `#`; empty when nothing does
 */
export function namedBy(hash: string): string {
  return new URLSearchParams(hash.split('?')[1]).get('route') ?? hash.slice(1)
}

/** Whether the page's element can begin with an address: one that names no route leaves it empty or ends it. */
export const isPlain = (hash: string): boolean =>
  namedBy(hash) !== '' && hash === `#?route=${namedBy(hash)}` && !hash.includes('%')

/** What the element lists of a document, as far as addresses name it. */
interface Listed {
  readonly elementId: string
  readonly paths: readonly { readonly elementId: string }[]
}

/** All routes of a document. */
export const routesOf = (sections: readonly Listed[]): ReadonlySet<string> =>
  new Set([
    'overview',
    'auth',
    ...sections.flatMap((one) => [one.elementId, ...one.paths.map((path) => path.elementId)]),
  ])
