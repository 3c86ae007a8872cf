import inside from './inside.css?inline'

interface Path {
  readonly elementId: string
  readonly operationId: string
  /** Its members `x-…`. */
  readonly extensions: Readonly<Record<string, unknown>>
}

/** A section as the element lists it. */
export interface Section {
  readonly elementId: string
  readonly paths: Path[]
  expanded: boolean
}

/** The element of openapi-explorer, as far as the page uses it. */
export interface Explorer extends HTMLElement {
  readonly shadowRoot: ShadowRoot
  readonly updateComplete: Promise<unknown>
  readonly handleResize: () => void
  renderStyle: 'focused' | 'view'
  matchPaths: string
  operationsCollapsed: boolean
  loadSpec(document: object): Promise<void>
  scrollTo(options?: ScrollToOptions): void
  scrollTo(x: number, y: number): void
  scrollTo(route: string, isMenuFocused: boolean): Promise<void>
  setAuthenticationConfiguration(name: string, value: { readonly token: string }): Promise<void>
  requestUpdate(): void
}

export const isExplorer = (element: Element | null): element is Explorer => element !== null && 'loadSpec' in element

/** What its event `spec-loaded` tells of sections. */
export const sectionsOf = (event: Event): readonly Section[] => (event instanceof CustomEvent ? event.detail.tags : [])

/** Calls a listener whenever another part of the document is shown. */
export const whenShown = (explorer: Explorer, listener: () => void): void =>
  explorer.addEventListener('event', (event) => {
    if (event instanceof CustomEvent && event.detail.type === 'OperationChanged') listener()
  })

interface Form extends EventTarget {
  responseContentType: string | null
  responseText: string
}

const isForm = (target: EventTarget | undefined): target is Form => target !== undefined && 'responseText' in target

/** Indents JSON that was answered by two instead of eight, for which small screens have no room. */
export const indentAnswers = (explorer: Explorer): void =>
  explorer.addEventListener('response', (event) => {
    const [form] = event.composedPath()
    if (!isForm(form) || !form.responseContentType?.includes('json')) return
    form.responseText = form.responseText.replace(/^ {8,}/gm, ({ length }) => ' '.repeat(length / 4))
  })

/** Shows a part of the document, with the focus in it. */
export async function showPart(explorer: Explorer, route: string): Promise<void> {
  // The element focuses what it shows; without this it cannot, and the focus stays in the menu.
  explorer.shadowRoot.querySelector('#operations-root')?.setAttribute('tabindex', '-1')
  await explorer.scrollTo(route, false)
  explorer.shadowRoot.querySelector('.nav-bar .active')?.scrollIntoView({ block: 'nearest' })
}

/**
 * One operation at a time on every screen.
 *
 * On small ones the element would show all of them in one list, without what their parameters mean.
 */
export function keepFocused(explorer: Explorer): void {
  window.removeEventListener('resize', explorer.handleResize)
  explorer.renderStyle = 'focused'
}

/** Takes the form from operations that are not tried on the page: they name `x-not-tried`. */
export function hideForms(explorer: Explorer, sections: readonly Section[]): void {
  const hidden = sections.flatMap(({ paths }) => paths.filter(({ extensions }) => extensions['x-not-tried'] === true))
  const sheet = new CSSStyleSheet()
  for (const { elementId } of hidden) sheet.insertRule(`[element-id=${CSS.escape(elementId)}] { display: none }`)
  explorer.shadowRoot.adoptedStyleSheets.push(sheet)
}

/** A class of elements with styles for those that are made from now on. */
interface Styled {
  readonly elementStyles: CSSStyleSheet[]
}

const isStyled = (made: object | undefined): made is Styled => made !== undefined && 'elementStyles' in made

/** Lays the page's own styles over those of the element and of its answers. */
export function dress(explorer: Explorer): void {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(inside)
  explorer.shadowRoot.adoptedStyleSheets.push(sheet)
  const answers = customElements.get('api-response')
  if (isStyled(answers)) answers.elementStyles.push(sheet)
}
