import { type Explorer, type Section, whenShown } from './explorer.ts'

/** Opens and closes the menu where the screen has no room for it beside the rest. */
export function connectMenu(explorer: Explorer, button: HTMLElement): void {
  const isOpen = (): boolean => explorer.hasAttribute('menu')
  const open = (shall: boolean): void => {
    explorer.toggleAttribute('menu', shall)
    button.setAttribute('aria-expanded', String(shall))
    button.textContent = shall ? 'Close' : 'Menu'
  }
  button.addEventListener('click', () => open(!isOpen()))
  document.addEventListener('keydown', ({ key }) => {
    if (key !== 'Escape' || !isOpen()) return
    open(false)
    button.focus()
  })
  whenShown(explorer, () => open(false))
}

/** Has the menu list the operations that a text is found in, whatever its case; Enter goes to the first. */
export function connectFilter(explorer: Explorer, sections: readonly Section[], told: Element | null): void {
  const root = explorer.shadowRoot
  const input = root.querySelector('#nav-bar-search')
  if (!(input instanceof HTMLInputElement)) return
  input.placeholder = 'Find an operation'
  input.setAttribute('aria-label', 'Find an operation')
  const first = (): Element | null => root.querySelector('.nav-bar .nav-bar-path')
  const filter = async (): Promise<void> => {
    explorer.matchPaths = input.value.trim().toLowerCase()
    // The element has just closed all sections if the text is empty.
    explorer.operationsCollapsed = false
    for (const section of sections) section.expanded = true
    explorer.requestUpdate()
    await explorer.updateComplete
    if (told !== null) told.textContent = first() === null ? 'Nothing is found' : 'Operations'
  }
  input.addEventListener('input', () => void filter())
  input.addEventListener('keydown', (event) => {
    const found = first()
    if (event.key === 'Enter' && found instanceof HTMLElement) found.click()
  })
}
