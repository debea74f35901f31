/** The people of the demonstration. None of them exists; the numbers and addresses are reserved for examples. */
export const demoPeople = {
  mara: {
    username: 'admin',
    name: 'Mara Lindqvist',
    publicName: 'Mara at Acme',
    superAdmin: true,
    timeZone: 'America/New_York',
    email: 'mara.lindqvist@example.com',
    phone: { number: '+12025550142', country: 'US' },
  },
  imre: {
    username: 'member',
    name: 'Imre Valdano',
    publicName: 'Imre at Acme',
    superAdmin: false,
    timeZone: 'America/Chicago',
    email: 'imre.valdano@example.com',
    phone: { number: '+13125550117', country: 'US' },
  },
  oona: {
    username: 'oona.halvorsen',
    name: 'Oona Halvorsen',
    publicName: 'Oona at Northwind',
    superAdmin: false,
    timeZone: 'America/Chicago',
    email: 'oona.halvorsen@example.com',
    phone: { number: '+16125550164', country: 'US' },
  },
  tomas: {
    username: 'tomas.okafor-vega',
    name: 'Tomás Okafor-Vega',
    publicName: 'Tomás, field service',
    superAdmin: false,
    timeZone: 'America/New_York',
    email: 'tomas.okafor-vega@example.com',
    phone: { number: '+16175550129', country: 'US' },
  },
} as const

export type DemoPerson = keyof typeof demoPeople

export const demoAccounts = { acme: 'Acme Networks', northwind: 'Northwind Fibre' } as const

export type DemoAccount = keyof typeof demoAccounts
