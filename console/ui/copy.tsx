import { Button, CopyButton } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import classes from './copy.module.css'

/** A text to be taken along, such as a link or a secret, with a button that copies it. */
export function Copy({ value, label }: { readonly value: string; readonly label: string }) {
  return (
    <div className={classes['copy']}>
      <code>{value}</code>
      <CopyButton value={value}>
        {({ copied, copy }) => (
          <Button
            variant="default"
            onClick={copy}
            aria-label={label}
            leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
          >
            <span aria-live="polite">{copied ? 'Copied' : 'Copy'}</span>
          </Button>
        )}
      </CopyButton>
    </div>
  )
}
