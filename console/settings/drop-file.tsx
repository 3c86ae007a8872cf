import { Button, FileButton } from '@mantine/core'
import { IconTableImport } from '@tabler/icons-react'
import { useState } from 'react'
import { useAct } from '../ui/act.ts'
import { Fault } from '../ui/fault.tsx'
import classes from './drop-file.module.css'
import { lookAt, type TableFile } from './table-file.ts'

const accepted = '.csv,.tsv,.txt,.jsonl,.ndjson,.json,text/csv,application/x-ndjson'

/** Where a file is dropped, or chosen. */
export function DropFile({ take }: { readonly take: (table: TableFile) => void }) {
  const [isOver, setOver] = useState(false)
  const { run, fault } = useAct()
  const look = (file: File | null | undefined): void => {
    if (file != null) void run(async () => take(await lookAt(file)))
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: what is dropped here can be chosen by the button as well
    <div
      className={classes['drop']}
      data-over={isOver || undefined}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault()
        setOver(false)
        look(event.dataTransfer.files[0])
      }}
    >
      <IconTableImport size={22} stroke={1.5} aria-hidden />
      <span>Drop a CSV or JSON lines file here</span>
      <FileButton onChange={look} accept={accepted}>
        {(given) => (
          <Button {...given} variant="default">
            Choose a file
          </Button>
        )}
      </FileButton>
      <Fault>{fault}</Fault>
    </div>
  )
}
