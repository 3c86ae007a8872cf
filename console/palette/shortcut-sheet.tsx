import { Modal, Switch } from '@mantine/core'
import { areSingleKeysOn, setSingleKeys, useShortcutGroups } from '../app/shortcuts.tsx'
import { KeyNames } from '../ui/key-names.tsx'
import classes from './shortcut-sheet.module.css'

/** The keys that are heeded now, by what they belong to. */
export function ShortcutSheet({ close }: { readonly close: () => void }) {
  const groups = byName(useShortcutGroups())
  return (
    <Modal opened onClose={close} title="Keys" size={680}>
      <div className={classes['groups']}>
        {groups.map(({ name, shortcuts }) => (
          <section key={name} aria-label={name}>
            <h3 className={classes['name']}>{name}</h3>
            <dl className={classes['list']}>
              {shortcuts.map(({ keys, label }) => (
                <div key={keys} className={classes['row']}>
                  <dt>{label}</dt>
                  <dd>
                    <KeyNames keys={keys} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <Switch
        className={classes['switch']}
        checked={areSingleKeysOn()}
        onChange={({ currentTarget }) => setSingleKeys(currentTarget.checked)}
        label="Keys without Ctrl or ⌘"
        description="Turn them off if you speak to your computer, or press keys by accident."
      />
    </Modal>
  )
}

type Groups = ReturnType<typeof useShortcutGroups>

/** Parts may heed keys under one name; of two with the same keys the last one is heeded. */
function byName(groups: Groups): { name: string; shortcuts: Groups[number]['shortcuts'] }[] {
  const names = [...new Set(groups.map(({ name }) => name))]
  return names
    .map((name) => {
      const all = groups.filter((group) => group.name === name).flatMap(({ shortcuts }) => shortcuts)
      return { name, shortcuts: [...new Map(all.map((one) => [one.keys, one])).values()] }
    })
    .filter(({ shortcuts }) => shortcuts.length > 0)
}
