import type { Import } from '../../sdk/index.ts'
import { waggle } from '../app/api.ts'

export const importsQuery = {
  queryKey: ['imports'],
  queryFn: async () => (await waggle.imports.list({ pageSize: 50 })).rows,
}

export const stateLabels: Readonly<Record<Import['state'], string>> = {
  running: 'Running',
  done: 'Done',
  stopped: 'Stopped',
  undoing: 'Being undone',
  undone: 'Undone',
}

export const isUnderWay = ({ state }: Pick<Import, 'state'>): boolean => state === 'running' || state === 'undoing'
