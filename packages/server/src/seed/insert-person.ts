import type { EntityManager } from '@mikro-orm/postgresql'
import { Email, ProvenEmail } from '../contacts/email.entity.ts'
import { Phone } from '../contacts/phone.entity.ts'
import { lineTypeOf } from '../contacts/phone-number.ts'
import { Password } from '../security/password.entity.ts'
import { LoginName, User } from '../users/user.entity.ts'

/** Somebody whom the operator vouches for: the email and the phone count as proven. */
export interface NewPerson {
  username: string
  name: string
  publicName: string
  superAdmin: boolean
  /** IANA name. */
  timeZone: string
  email: string
  phone?: { number: string; country: string }
  /** PHC string; absent = cannot sign in. */
  passwordHash?: string
  createdAt: Date
}

/**
 * Row by row in the order of the foreign keys.
 * @throws UniqueConstraintViolationException when the username or the email is somebody else's
 */
export async function insertPerson(tx: EntityManager, person: NewPerson): Promise<User> {
  const { username, name, publicName, superAdmin, timeZone, createdAt } = person
  const user = tx.create(User, { username, name, publicName, superAdmin, timeZone, createdAt })
  const owned = { userId: user.id, primary: true, verifiedAt: createdAt, createdAt }
  const addressKey = person.email.toLowerCase()
  const email = tx.create(Email, { ...owned, address: person.email, addressKey })

  await tx.insert(user)
  await tx.insert(tx.create(LoginName, { name: username.toLowerCase(), userId: user.id }))
  await tx.insert(email)
  await tx.insert(tx.create(ProvenEmail, { addressKey, userId: user.id, emailId: email.id }))
  if (person.phone) {
    const lineType = lineTypeOf(person.phone.number)
    await tx.insert(tx.create(Phone, { ...owned, ...person.phone, lineType }))
  }
  if (person.passwordHash) {
    const password = { userId: user.id, hash: person.passwordHash, changedAt: createdAt }
    await tx.insert(tx.create(Password, password))
  }
  return user
}
