import { type ReactNode, createContext, use } from 'react'

/** What the frame of every page knows of the person who is signed in. */
export interface Viewer {
  id: string
  name: string
  /** Null without a picture. */
  avatarUrl: string | null
  emojiMode: boolean
  superAdmin: boolean
}

const ViewerContext = createContext<Viewer | undefined>(undefined)

export function ViewerProvider({ viewer, children }: { viewer: Viewer; children: ReactNode }) {
  return <ViewerContext value={viewer}>{children}</ViewerContext>
}

/** The person who is signed in. There is one on every page inside the shell. */
export function useViewer(): Viewer {
  const viewer = use(ViewerContext)
  if (!viewer) throw new Error('Nobody is known outside the shell.')
  return viewer
}
