import { webhookLimits } from '../../src/contract/webhooks.ts'
import { bearer, type Draft } from './request.ts'
import { isOne, membersOf, type Rule, refused, rename, set, wrong } from './rules.ts'
import { once, pick } from './schema.ts'

const isOnWebhook = ({ template }: Draft): boolean => template?.includes(':webhookId') === true
const isEndpoint = isOne('createWebhook', 'changeWebhook')

function nested(levels: number): unknown {
  let value: unknown = 1
  for (let level = 0; level < levels; level += 1) value = { a: value }
  return value
}

/** Rules of integrations and endpoints that no schema says. */
export const rulesOfWebhooks: readonly Rule[] = [
  {
    name: 'the endpoint is the company’s',
    fits: isOnWebhook,
    breakIn: (draft, scene) => {
      const { id, uuid } = scene.neighbour.webhook
      const webhookId = pick(scene.draw, [String(id), uuid, '999999999', 'abc', '0', '01', '1.5', '%20'])
      rename(draft, scene, { webhookId, deliveryId: String(scene.model.world.idOf(1)) })
      return refused('webhook_not_found')
    },
  },
  {
    name: 'the key is of the endpoint’s company',
    fits: isOnWebhook,
    breakIn: (draft, { neighbour }) => {
      draft.headers['authorization'] = bearer(neighbour.keys.admin)
      return refused('webhook_not_found')
    },
  },
  {
    name: 'the delivery is the endpoint’s',
    fits: isOne('getDelivery', 'replayDelivery'),
    breakIn: (draft, scene) => {
      const deliveryId = pick(scene.draw, [String(scene.neighbour.idOf(1)), '999999999', 'abc', '0', '01'])
      rename(draft, scene, { deliveryId })
      return refused('delivery_not_found')
    },
  },
  {
    name: 'the filters of deliveries can be read',
    fits: isOne('listDeliveries'),
    breakIn: (draft, { draw }) => {
      const [name, value] = pick(draw, [
        ...(['', 'x', 'pending,', 'Pending'] as const).map((one) => ['state', one] as const),
        ...(['', 'lead', 'lead_created,,'] as const).map((one) => ['event', one] as const),
        ...(['', 'abc', '0', '01'] as const).map((one) => ['lead', one] as const),
        ...(['', 'yesterday', '2026-02-30', '2026-01-01T00:00:00'] as const).map((one) => ['since', one] as const),
        ['until', '1'],
      ])
      draft.query = { ...draft.query, [name]: value }
      return wrong(`Invalid ${name}`, `/${name}`)
    },
  },
  {
    name: 'the integration is the company’s',
    fits: isOne('createWebhook'),
    breakIn: (draft, { neighbour, draw }) => {
      const uuid = pick(draw, [neighbour.integration.uuid, '00000000-0000-7000-8000-999999999999'])
      set(draft, 'integration', uuid)
      return wrong(`Invalid integration: ${uuid}`, '/integration')
    },
  },
  {
    name: 'a target is public',
    fits: isEndpoint,
    breakIn: (draft, { draw }) => {
      const hosts = [
        '127.0.0.1',
        '10.0.0.1',
        '[::1]',
        '169.254.169.254',
        '0x7f.1',
        '2130706433',
        '[::ffff:10.0.0.1]',
        '192.168.1.1',
        '0.0.0.0',
      ]
      set(draft, 'url', `http${once(draw, 2) ? 's' : ''}://${pick(draw, hosts)}/x`)
      return wrong('Invalid url: …', '/url')
    },
  },
  {
    name: 'a target is a URL of http',
    fits: isEndpoint,
    breakIn: (draft, { draw }) => {
      set(
        draft,
        'url',
        pick(draw, [
          'nonsense',
          'ftp://hooks.example',
          'http://',
          'javascript:1',
          '',
          ' ',
          '//hooks.example',
          'https://[x]/',
        ]),
      )
      return wrong('url must be an http or https URL', '/url')
    },
  },
  {
    name: 'a target does not hide its password',
    fits: isEndpoint,
    breakIn: (draft) => {
      set(draft, 'url', 'https://***@hooks.example/x')
      return wrong('url must not hide its password', '/url')
    },
  },
  {
    name: 'only what becomes active is resumed',
    fits: isOne('changeWebhook'),
    breakIn: (draft, { draw }) => {
      const { state: _, ...rest } = membersOf(draft)
      draft.body = { ...rest, resume: pick(draw, ['skip', 'continue']), ...(once(draw, 2) && { state: 'paused' }) }
      return wrong('resume needs state active', '/resume')
    },
  },
  {
    name: 'a description has no bad characters',
    fits: isEndpoint,
    breakIn: (draft, { draw }) => {
      set(draft, 'description', pick(draw, ['\0', 'a\ud800']))
      return wrong('description contains invalid characters', '/description')
    },
  },
  {
    name: 'settings are within their bounds',
    fits: isOne('createIntegration'),
    breakIn: (draft, { draw }) => {
      const member = pick(draw, ['configuration', 'externalSettings'] as const)
      const [value, error] = pick(draw, [
        [
          { a: 'x'.repeat(webhookLimits.settingsBytes) },
          `must be at most ${webhookLimits.settingsBytes} bytes of JSON`,
        ],
        [nested(40), 'must be nested at most 32 levels'],
        [nested(2_000), 'must be nested at most 32 levels'],
        [{ 'a\0': 1 }, 'contains invalid characters'],
        [{ a: ['\ud800'] }, 'contains invalid characters'],
      ] as const)
      set(draft, member, member === 'configuration' ? [value] : value)
      return wrong(`${member} ${error}`, `/${member}`)
    },
  },
]
