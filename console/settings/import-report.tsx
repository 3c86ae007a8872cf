import { Button, Modal } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { queryClient, waggle } from '../app/api.ts'
import { useAct } from '../ui/act.ts'
import { Fault } from '../ui/fault.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { shownNumber, Time } from '../ui/time.tsx'
import classes from './import-dialog.module.css'
import { Counts } from './import-progress.tsx'
import { isUnderWay, stateLabels } from './import-state.ts'
import { RefusedRows } from './refused-rows.tsx'

/** What became of an import, row by row where it was refused, and its undoing. */
export function ImportReport({ importId, close }: { readonly importId: number; readonly close: () => void }) {
  const { run, isBusy, fault } = useAct()
  const { data } = useQuery({
    queryKey: ['import', importId],
    queryFn: () => waggle.imports.get(importId),
    refetchInterval: ({ state }) => (state.data !== undefined && isUnderWay(state.data) ? 500 : false),
  })
  const undo = (): Promise<boolean> =>
    run(async () => {
      await waggle.imports.undo(importId)
      await queryClient.invalidateQueries({ queryKey: ['import', importId] })
      await queryClient.invalidateQueries({ queryKey: ['imports'] })
    })
  const mayUndo = data !== undefined && !data.dry_run && (data.state === 'done' || data.state === 'stopped')
  return (
    <Modal opened onClose={close} title={data?.name || `Import ${importId}`} size="lg">
      {data === undefined ? (
        <Skeleton lines={4} />
      ) : (
        <div className={classes['import']}>
          <p style={{ margin: 0 }} aria-live="polite">
            {stateLabels[data.state]} · <Time at={data.created_at} /> · {shownNumber(data.rows)} rows
            {data.dry_run && ' · a trial, nothing was changed'}
          </p>
          <Counts one={data} />
          {data.failed > 0 && <RefusedRows importId={importId} />}
          <Fault>{fault ?? data.message ?? undefined}</Fault>
          {mayUndo && (
            <p style={{ margin: 0 }}>
              Undoing deletes the leads that this import made and puts back what it changed. Leads that were changed
              since are left as they are.
            </p>
          )}
          <div className={classes['buttons']}>
            {mayUndo && (
              <Button color="red" variant="light" loading={isBusy} onClick={() => void undo()}>
                Undo this import
              </Button>
            )}
            <Button variant="default" onClick={close}>
              Close
            </Button>
          </div>
        </div>
      )}
    </Modal>
  )
}
