/** By operation name: the id under which the server knows the document. */
export const documentIds: Readonly<Record<string, string>> = {
  AccessTokens: 'sha256:4477bbb9669281e9052ad9989d7bd13f79092fbdcab5cab88eaab585b528d058',
  Activity: 'sha256:ff321f9b2dabe527e7caf2537228f845dd60d7ab3be542ffe3c5c951ba30d863',
  BadgeChanges: 'sha256:40cdaa4f92b6c0e49a2bd4f88b318ac0e25c6232a31eeaeb3943a023182507f1',
  CreatePersonalAccessToken: 'sha256:7bba6aa6327d0b423fa350ce22ee39676820422b342d2acde7d945326ec445da',
  DeletePersonalAccessToken: 'sha256:610df71eef118b83d84caeab86af55a5779cb7137c8bf75bfdde166d8b0a622e',
  InboxItem: 'sha256:4bb999820599f95cebf1ca0ae200c2fa118425f126a28e9b34512a9a78ede857',
  InboxItems: 'sha256:3ead9bc01e794e9ff33f54fccf18d26704d863c032bb79c676978f8d47e0ee3a',
  NotificationSettings: 'sha256:bbf2432ee5bdf13dc01fdd9d650c7e1568d46f57b9d3b6edabd6d17330055e24',
  Profile: 'sha256:a44c6e9cbdc26ddfbe88fd067f6d69adb59b0670b348b096df73a749f6a76d10',
  SetAllNotificationsRead: 'sha256:4c57068cc8fc3f7e420a4eb040a0b17d7f21957873c01810982ec58353fbc74a',
  SetNotificationPreferences: 'sha256:593562354e4e21f3d03b46d2c850f6200e05b735ed5e17d47a0316457ba153e9',
  SetNotificationsRead: 'sha256:eb883951fa000a6c8a997d318026072be61d1a95759be958b9e6775f0a12d2ac',
}
