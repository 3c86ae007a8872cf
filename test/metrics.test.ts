import { describe, expect, onTestFinished, test } from 'vitest'
import { type Api, backends, type Start } from './backends.ts'
import { administrator } from './webhooks/examples.ts'

describe.each(backends)('metrics on %s', (_, start) => {
  async function begin(more: Start = {}): Promise<Api> {
    const api = await start(more)
    onTestFinished(() => api.close())
    return api
  }
  const metrics = async (api: Api): Promise<string> => (await fetch(`${api.url}/metrics`)).text()
  const metric = (text: string, name: string): number =>
    Number(
      text
        .split('\n')
        .find((line) => line.startsWith(`${name} `))
        ?.split(' ')[1] ?? Number.NaN,
    )

  test('tell requests by route and status, batches and commits, without a key', async () => {
    const api = await begin()
    await api.patch('/api/v1/leads/4711', { status: 'lost' })
    await api.patch('/api/v1/leads/4711', { tags: [99] })
    await api.get('/api/v1/nowhere')
    const reply = await fetch(`${api.url}/metrics`)
    expect(reply.headers.get('content-type')).toMatch(/^text\/plain; version=/)
    const text = await reply.text()
    const route = 'method="PATCH",route="/api/v1/leads/:leadId"'
    expect(metric(text, `waggle_http_requests_total{${route},status="200"}`)).toBe(1)
    expect(metric(text, `waggle_http_requests_total{${route},status="400"}`)).toBe(1)
    expect(metric(text, 'waggle_http_requests_total{method="GET",route="unknown",status="404"}')).toBe(1)
    expect(metric(text, `waggle_http_request_seconds_count{${route}}`)).toBe(2)
    expect(metric(text, 'waggle_batch_works_count')).toBeGreaterThanOrEqual(1)
    expect(metric(text, 'waggle_commit_seconds_count')).toBeGreaterThanOrEqual(1)
    expect(metric(text, 'waggle_queue_depth')).toBe(0)
    expect(metric(text, 'process_resident_memory_bytes')).toBeGreaterThan(0)
    expect(text).not.toMatch(/4711|jb_api|Our Ltd/)
  })

  test('tell attempts by outcome, the backlog, and the age of what waits', async () => {
    const api = await begin({ dispatch: true, config: { webhookRetrySchedule: [0, 3600] } })
    const { id } = await administrator(api).webhook()
    expect(metric(await metrics(api), 'waggle_webhook_backlog_events')).toBe(0)
    await api.patch('/api/v1/leads/4711', { status: 'lost' })
    await expect
      .poll(async () => metric(await metrics(api), 'waggle_webhook_attempts_total{outcome="retrying"}'))
      .toBe(1)
    await expect
      .poll(async () => metric(await metrics(api), 'waggle_webhook_oldest_undelivered_seconds'))
      .toBeGreaterThan(0)
    await administrator(api).patch(`/webhooks/${id}`, { state: 'paused' })
    expect(metric(await metrics(api), 'waggle_webhook_oldest_undelivered_seconds')).toBe(0)
  })

  test('tell how many events a resumed endpoint has not taken up, and since when', async () => {
    const api = await begin()
    const admin = administrator(api)
    const { id } = await admin.webhook()
    await admin.patch(`/webhooks/${id}`, { state: 'paused' })
    await admin.changeLead(3)
    expect(metric(await metrics(api), 'waggle_webhook_backlog_events')).toBe(0)
    await admin.patch(`/webhooks/${id}`, { state: 'active' })
    const text = await metrics(api)
    expect(metric(text, 'waggle_webhook_backlog_events')).toBe(3)
    expect(metric(text, 'waggle_webhook_oldest_undelivered_seconds')).toBeGreaterThan(0)
  })

  test('count each change of a commit once, and what waits for the disk', async () => {
    const api = await begin()
    const before = metric(await metrics(api), 'waggle_batch_works_sum')
    await Promise.all(
      Array.from({ length: 20 }, (_unused, index) => api.patch('/api/v1/leads/4711', { first_name: `Ada ${index}` })),
    )
    const text = await metrics(api)
    expect(metric(text, 'waggle_batch_works_sum') - before).toBe(20)
    expect(metric(text, 'waggle_commit_seconds_sum')).toBeGreaterThan(0)
    expect(metric(text, 'waggle_queue_depth')).toBe(0)
  })

  test('have labels of few values: none names a company, a lead, a key or an endpoint', async () => {
    const api = await begin({ dispatch: true })
    const admin = administrator(api)
    const { id } = await admin.webhook()
    await admin.changeLead()
    await admin.get(`/webhooks/${id}/deliveries`)
    await expect.poll(() => metrics(api)).toMatch(/waggle_webhook_attempts_total\{outcome="\w+"\} 1/)
    const labels = [...(await metrics(api)).matchAll(/^waggle_\w+\{(.*)\}/gm)].flatMap(([, text = '']) =>
      [...text.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => ({ name, value })),
    )
    expect(new Set(labels.map(({ name }) => name))).toEqual(new Set(['method', 'route', 'status', 'outcome', 'le']))
    const routes = labels.filter(({ name }) => name === 'route').map(({ value }) => value)
    expect(routes.filter((route) => /\d{2,}|[0-9a-f]{8}-/.test(route))).toEqual([])
    expect(routes).toContain('/api/v1/webhooks/:webhookId/deliveries')
  })

  test('can be turned off', async () => {
    const api = await begin({ config: { metrics: false } })
    expect((await api.get('/metrics')).status).toBe(404)
  })
})
