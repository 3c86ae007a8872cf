import { openedWith, whenMoved } from './moves.ts'

import 'openapi-explorer'
import { sampleKey } from '../src/contract/examples.ts'
import { firstAddress, routesOf } from './address.ts'
import { type ApiDocument, inOrder, shown } from './document.ts'
import {
  dress,
  type Explorer,
  hideForms,
  indentAnswers,
  isExplorer,
  keepFocused,
  type Section,
  sectionsOf,
  showPart,
  whenShown,
} from './explorer.ts'
import { connectFilter, connectMenu } from './menu.ts'
import './style.css'

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

/** Shows what an address names; the beginning and a sentence, when there is no such part. */
function goTo(explorer: Explorer, routes: ReadonlySet<string>, named: string): void {
  const isKnown = routes.has(named)
  if (!isKnown) history.replaceState(null, '', firstAddress)
  const unknown = document.querySelector('#unknown')
  void showPart(explorer, isKnown ? named : 'overview')
  if (unknown === null || isKnown || named === '') return
  unknown.textContent = `Nothing here is called “${named}”. Choose an operation from the menu, or begin with one of these:`
}

/** Reads the document, has the element show it, and returns its sections. */
async function load(explorer: Explorer): Promise<readonly Section[]> {
  let sections: readonly Section[] = []
  explorer.addEventListener('spec-loaded', (event) => {
    sections = sectionsOf(event)
    for (const { paths } of sections) paths.sort(inOrder)
    explorer.requestUpdate()
  })
  const [api, isSample] = await Promise.all([read('/openapi.json'), isSampleServed()])
  if (!isDocument(api)) throw new Error('/openapi.json is no document of an API')
  begin(isSample)
  await explorer.loadSpec(shown(api, { origin: location.origin, ...(isSample && { sampleKey }) }))
  if (isSample) await explorer.setAuthenticationConfiguration('key', { token: sampleKey })
  await explorer.updateComplete
  return sections
}

async function show(explorer: Explorer): Promise<void> {
  dress(explorer)
  keepFocused(explorer)
  indentAnswers(explorer)
  const button = document.querySelector('#menu')
  if (button instanceof HTMLElement) connectMenu(explorer, button)
  whenShown(explorer, () => document.querySelector('#unknown')?.replaceChildren())
  const sections = await load(explorer)
  hideForms(explorer, sections)
  connectFilter(explorer, sections, document.querySelector('#operations'))
  const routes = routesOf(sections)
  whenMoved((named) => goTo(explorer, routes, named))
  goTo(explorer, routes, openedWith)
}

const explorer = document.querySelector('openapi-explorer')
if (isExplorer(explorer)) {
  show(explorer).catch((error: unknown) => {
    const place = explorer.querySelector('.loading')
    if (place !== null) place.textContent = `The API could not be read: ${String(error)}. Load the page anew.`
  })
}
