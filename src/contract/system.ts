import Type from 'typebox'
import { operation } from './operation.ts'

export const health = operation({
  id: 'health',
  method: 'GET',
  path: '/healthz',
  summary: 'Liveness',
  description: 'Answers while the process runs.',
  access: 'public',
  reply: Type.Object({ status: Type.Literal('ok') }),
  failures: [],
})

export const readiness = operation({
  id: 'readiness',
  method: 'GET',
  path: '/readyz',
  summary: 'Readiness',
  description: 'Answers 200 while the server takes requests and its database answers, 503 otherwise.',
  access: 'public',
  reply: Type.Object({ status: Type.Literal('ready') }),
  failures: [],
})

export const metrics = operation({
  id: 'metrics',
  method: 'GET',
  path: '/metrics',
  summary: 'Metrics',
  description: 'What the server counts of itself, in the text form of Prometheus. No company and no lead is named.',
  access: 'public',
  media: ['text/plain'],
  reply: Type.Unknown(),
  failures: [],
})

export const openapi = operation({
  id: 'openapi',
  method: 'GET',
  path: '/openapi.json',
  summary: 'This document',
  description: 'OpenAPI 3.1, made from the operations that serve.',
  access: 'public',
  reply: Type.Unknown(),
  failures: [],
})
