import { Button, Modal } from '@mantine/core'
import { type ReactNode, useEffect, useState } from 'react'
import { useAct } from './act.ts'
import classes from './dialog.module.css'

/** A dialog over the page. It is shown as long as it is there; Esc closes it. */
export function Dialog({
  title,
  close,
  size = 480,
  children,
  isKept = false,
}: {
  readonly title: string
  readonly close: () => void
  readonly size?: number
  readonly children: ReactNode
  /** A click beside it does not close it: what it shows is not shown again. */
  readonly isKept?: boolean
}) {
  useReturn()
  return (
    <Modal
      opened
      onClose={close}
      title={title}
      size={size}
      closeOnClickOutside={!isKept}
      closeButtonProps={{ 'aria-label': 'Close' }}
      classNames={{ content: classes['frame'] ?? '', title: classes['title'] ?? '', body: classes['content'] ?? '' }}
    >
      {children}
    </Modal>
  )
}

/** What had the focus before the first of the dialogs that follow each other; of a menu's item, what opens the menu. */
let opener: HTMLElement | null = null

/** Gives the focus back when the last dialog closes, so that who works by keys goes on where they were. */
function useReturn(): void {
  useState(() => {
    const active = document.activeElement
    if (!(active instanceof HTMLElement) || active.closest('[role="dialog"]') !== null) return
    const menu = active.closest('[role="menu"]')?.getAttribute('aria-labelledby')
    opener = menu == null ? active : document.getElementById(menu)
  })
  useEffect(
    () => () => {
      requestAnimationFrame(() => {
        if (document.querySelector('[role="dialog"]') !== null) return
        const target = opener?.isConnected === true ? opener : document.getElementById('main')
        target?.focus()
      })
    },
    [],
  )
}

/** What a dialog ends with: a refusal beside the buttons, the way out, and what is to be done. */
export function DialogEnd({ why, children }: { readonly why?: string | undefined; readonly children: ReactNode }) {
  return (
    <div className={classes['end']}>
      <p className={classes['why']} role="alert">
        {why}
      </p>
      <div className={classes['buttons']}>{children}</div>
    </div>
  )
}

/** Asks before something is done that cannot be taken back, and says what will be lost. */
export function Confirm({
  title,
  children,
  action,
  isDanger = false,
  isOff = false,
  run,
  close,
}: {
  readonly title: string
  readonly children: ReactNode
  /** What the button says: the verb, never "OK". */
  readonly action: string
  readonly isDanger?: boolean
  /** There is nothing to do. */
  readonly isOff?: boolean
  /** The dialog closes when it is done, and says why when it is refused. */
  readonly run: () => Promise<unknown>
  readonly close: () => void
}) {
  const { run: act, isBusy, fault } = useAct()
  const confirm = async (): Promise<void> => {
    if (await act(run)) close()
  }
  return (
    <Dialog title={title} close={close} size={440}>
      <div className={classes['text']}>{children}</div>
      <DialogEnd why={fault}>
        <Button variant="default" onClick={close} data-autofocus={isDanger || undefined}>
          Cancel
        </Button>
        <Button
          {...(isDanger && { className: classes['danger'] ?? '' })}
          loading={isBusy}
          disabled={isOff}
          onClick={() => void confirm()}
          data-autofocus={!isDanger || undefined}
        >
          {action}
        </Button>
      </DialogEnd>
    </Dialog>
  )
}
