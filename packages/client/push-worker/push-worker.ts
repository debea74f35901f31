import { listenForPushes } from './listen-for-pushes.ts'

declare const self: ServiceWorkerGlobalScope

listenForPushes(self)
