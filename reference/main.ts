import 'openapi-explorer'
import { sampleKey } from '../src/contract/examples.ts'
import { type ApiDocument, inOrder, shown } from './document.ts'
import inside from './inside.css?inline'
import './style.css'

/** The element of openapi-explorer, as far as the page uses it. */
interface Explorer extends HTMLElement {
  loadSpec(document: object): Promise<void>
  setAuthenticationConfiguration(name: string, value: { readonly token: string }): Promise<void>
  requestUpdate(): void
}

/** A section as the element lists it. */
interface Section {
  readonly paths: { readonly operationId: string }[]
}

const isExplorer = (element: Element | null): element is Explorer => element !== null && 'loadSpec' in element

/** What its event `spec-loaded` tells of sections. */
const tagsOf = (event: Event): readonly Section[] => (event instanceof CustomEvent ? event.detail.tags : [])

async function read(path: string): Promise<unknown> {
  const answer = await fetch(path, { credentials: 'omit' })
  if (!answer.ok) throw new Error(`${path} was answered ${answer.status}`)
  return answer.json()
}

/** Whether the server has the sample, whose key is published. */
async function isSampleServed(): Promise<boolean> {
  const state = await read('/api/console/state')
  return typeof state === 'object' && state !== null && 'sample_sign_in' in state
}

const isDocument = (value: unknown): value is ApiDocument =>
  typeof value === 'object' && value !== null && 'paths' in value && 'info' in value

function link(text: string, route: string): HTMLAnchorElement {
  const made = document.createElement('a')
  made.textContent = text
  made.href = route
  return made
}

/** Where to begin, above the rest. */
function begin(isSample: boolean): void {
  document
    .querySelector('#begin')
    ?.replaceChildren(
      link('Update Lead', '#?route=patch-/api/v1/leads/-leadId-'),
      link('List Leads', '#?route=get-/api/v1/leads'),
      link('Set a key', '#?route=auth'),
      link('openapi.json', '/openapi.json'),
      link('Console', '/console'),
    )
  const hint = document.querySelector('#hint')
  if (hint === null) return
  hint.textContent = isSample
    ? "Try it: the sample's key is set and its ids are filled in. Choose an operation and press Execute."
    : 'To try an operation here, set a key first. It stays in this page, and is gone when you leave it.'
}

async function show(explorer: Explorer): Promise<void> {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(inside)
  explorer.shadowRoot?.adoptedStyleSheets.push(sheet)
  explorer.addEventListener('spec-loaded', (event) => {
    for (const { paths } of tagsOf(event)) paths.sort(inOrder)
    explorer.requestUpdate()
  })
  const [api, isSample] = await Promise.all([read('/openapi.json'), isSampleServed()])
  if (!isDocument(api)) throw new Error('/openapi.json is no document of an API')
  begin(isSample)
  await explorer.loadSpec(shown(api, location.origin, isSample))
  if (isSample) await explorer.setAuthenticationConfiguration('key', { token: sampleKey })
}

const explorer = document.querySelector('openapi-explorer')
if (isExplorer(explorer)) {
  show(explorer).catch((error: unknown) => {
    const place = explorer.querySelector('.loading')
    if (place !== null) place.textContent = `The API could not be read: ${String(error)}. Load the page anew.`
  })
}
