import {
  type ComponentPropsWithRef,
  type ComponentType,
  type ReactElement,
  useEffect,
  useRef,
  useState,
} from 'react'
import { flushSync } from 'react-dom'

/** The menu around its button, in code that is fetched apart. */
export type MenuAround = ComponentType<{
  button: ReactElement
  opened: boolean
  onChange: (opened: boolean) => void
}>

interface MenuOnDemandProps {
  Button: ComponentType<ComponentPropsWithRef<'button'>>
  load: () => Promise<MenuAround>
}

const patienceMilliseconds = 2_000

/**
 * A button with a menu whose code is no part of the first picture. It is fetched when somebody reaches for the button,
 * at the latest once the page has been there for a while: a menu has to open without a network too.
 */
export function MenuOnDemand({ Button, load }: MenuOnDemandProps) {
  const target = useRef<HTMLButtonElement>(null)
  const [menu, setMenu] = useState<{ Menu: MenuAround }>()
  const [opened, setOpened] = useState(false)

  useEffect(() => {
    const timer = setTimeout(() => prepare(load), patienceMilliseconds)
    return () => clearTimeout(timer)
  }, [load])

  const open = async () => {
    const Menu = await load().catch(() => undefined)
    if (!Menu) return
    // The button is drawn anew inside its menu; it takes over the focus, and gets it back when the menu closes.
    flushSync(() => setMenu({ Menu }))
    target.current?.focus()
    setOpened(true)
  }

  if (menu) return <menu.Menu button={<Button ref={target} />} opened={opened} onChange={setOpened} />
  return (
    <Button
      aria-haspopup="menu"
      aria-expanded={false}
      onPointerEnter={() => prepare(load)}
      onFocus={() => prepare(load)}
      onClick={() => void open()}
    />
  )
}

/** What does not come is asked for again by the next who reaches for it. */
function prepare(load: MenuOnDemandProps['load']): void {
  load().catch(() => undefined)
}
