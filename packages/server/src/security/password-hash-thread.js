/**
 * The work of the threads that `password-hashing.ts` starts.
 * @import { Options } from '@node-rs/argon2'
 */
import { hashSync, verifySync } from '@node-rs/argon2'

/** @param {[password: string, options: Options]} task */
export const hash = ([password, options]) => hashSync(password, options)

/** @param {[phc: string, password: string]} task */
export const verify = ([phc, password]) => verifySync(phc, password)
