import { isJson } from './model.ts'
import type { Draft, Plan, Refused, Scene, Served } from './request.ts'
import { changeLeads } from './right-batches.ts'
import * as leads from './right-leads.ts'
import * as lists from './right-lists.ts'
import * as webhooks from './right-webhooks.ts'
import { generalRules, type Rule, rulesAtDoor } from './rules.ts'
import { rulesOfConfiguration } from './rules-of-configuration.ts'
import { rulesOfLeads } from './rules-of-leads.ts'
import { rulesOfWebhooks } from './rules-of-webhooks.ts'
import { once, pick, sampleOf } from './schema.ts'

interface Maker {
  readonly id: string
  readonly make: (scene: Scene) => Plan
  /** Whether the model knows what a right request does. */
  readonly isForeseen: boolean
}

/** Requests of operations that the model foresees, and how often each comes among 200. */
const foreseen: Readonly<Record<string, readonly [share: number, make: (scene: Scene) => Plan]>> = {
  updateLead: [100, leads.updateLead],
  changeLeads: [20, changeLeads],
  getLead: [16, leads.getLead],
  listLeads: [10, lists.listLeads],
  countLeads: [6, lists.countLeads],
  leadHistory: [10, leads.leadHistory],
  listEvents: [10, leads.listEvents],
  eventDeliveries: [4, webhooks.eventDeliveries],
  listIntegrations: [1, webhooks.listIntegrations],
  createIntegration: [3, webhooks.createIntegration],
  listWebhooks: [1, webhooks.listWebhooks],
  createWebhook: [3, webhooks.createWebhook],
  getWebhook: [2, webhooks.getWebhook],
  changeWebhook: [6, webhooks.changeWebhook],
  deleteWebhook: [4, webhooks.deleteWebhook],
  testWebhook: [3, webhooks.testWebhook],
  rotateWebhookSecret: [1, webhooks.rotateWebhookSecret],
  replayWebhook: [3, webhooks.replayWebhook],
  listDeliveries: [3, webhooks.listDeliveries],
  replayDelivery: [2, webhooks.replayDelivery],
  health: [1, (scene) => steady(scene, 'health', { status: 'ok' })],
  readiness: [1, (scene) => steady(scene, 'readiness', { status: 'ready' })],
}
/** How often each operation comes that is not foreseen: the document alone judges it. */
const shareOfOthers = 2

const isForeseen = (id: string): boolean => Object.hasOwn(foreseen, id)

function steady(scene: Scene, id: string, body: object): Plan {
  const { operation } = scene.served.get(id) ?? leads.never()
  const judge: Plan['right']['judge'] = (_, answered) => {
    if (JSON.stringify(answered) !== JSON.stringify(body)) throw new Error(`${id} answers ${JSON.stringify(answered)}`)
  }
  return { draft: leads.draftOf(scene, operation, {}), right: { status: 200, judge } }
}

/** Lists that refer to something by its id: what is made of a schema would refer to nothing. */
const noReferences = { '/tags': () => [], '/assignedUsers': () => [], '/customFields': () => [] }

/** A text of a query is short enough that the line of the request is no rule that is broken by chance. */
const textMax = 100

/** A request of any operation, from its schemas alone. Whatever the document declares is right. */
function unforeseen(scene: Scene, { operation, body, query }: Served): Plan {
  const { model, draw } = scene
  const lead = pick(draw, [...model.leads.values()])
  const webhook = pick(draw, model.webhooks)
  const params = {
    leadId: String(lead.seed.id),
    webhookId: String(webhook.id),
    deliveryId: String(model.world.idOf(1)),
    sequence: String(1 + draw(model.sequence)),
  }
  const draft = leads.draftOf(scene, operation, params)
  if (query !== undefined) {
    const texts = Object.entries(leads.textsOf(sampleOf(query, { ...scene, hooks: {} })))
    draft.query = Object.fromEntries(texts.filter(([, text]) => text.length <= textMax))
  }
  if (body !== undefined) {
    const made = sampleOf(body, { ...scene, hooks: noReferences })
    leads.carrying(scene, draft, isJson(made) ? made : {})
  }
  return { draft, right: { status: 0, judge: () => {} } }
}

const made = new WeakMap<Scene['served'], readonly Maker[]>()

/** Every operation that is served, as often as its share says. */
export function plans(served: Scene['served']): readonly Maker[] {
  const known = made.get(served)
  if (known !== undefined) return known
  const makers = [...served].flatMap(([id, one]): Maker[] => {
    const [share, make] = foreseen[id] ?? [shareOfOthers, (scene: Scene) => unforeseen(scene, one)]
    return Array.from({ length: share }, () => ({ id, make, isForeseen: isForeseen(id) }))
  })
  made.set(served, makers)
  return makers
}

const ofOperations: readonly Rule[] = [...rulesOfLeads, ...rulesOfWebhooks]

/** Every rule there is to break, by name. */
export const ruleNames: readonly string[] = [...generalRules, ...ofOperations, ...rulesOfConfiguration].map(
  ({ name }) => name,
)

/**
 * Breaks one rule of a right request, of an operation's own as often as of those that all have. Of what is not foreseen
 * none is broken that is told behind all others, and of its own those alone that need no model. What is for people alone is asked
 * for with keys, and refused at the door.
 *
 * @returns undefined when those that were tried could not be broken in it
 */
export function breakOne(
  draft: Draft,
  scene: Scene,
  foreseenOne: boolean,
): { rule: string; refused: Refused } | undefined {
  const fits = (rule: Rule): boolean => rule.fits(draft, scene)
  const isForPeople = draft.operation.access === 'person'
  const told = foreseenOne ? generalRules : generalRules.filter(({ isToldLast }) => isToldLast !== true)
  const ofOwn = isForPeople ? [] : foreseenOne ? ofOperations : rulesOfConfiguration
  const [own, general] = [ofOwn.filter(fits), (isForPeople ? rulesAtDoor : told).filter(fits)]
  for (let tries = 0; tries < 5; tries += 1) {
    const { name, breakIn } = pick(scene.draw, own.length > 0 && once(scene.draw, 2) ? own : general)
    const refused = breakIn(draft, scene)
    if (refused !== undefined) return { rule: name, refused }
  }
  return undefined
}
