// Loaded before every script, in the oldest JavaScript: the Node 24 of our optional dependency is silently
// absent where its package could not be installed, and then the machine's own Node runs us.
const major = Number(process.versions.node.split('.')[0])

if (major < 24) {
  process.stderr.write(
    `Lanyard needs Node 24 or newer, and this is Node ${process.versions.node} (${process.execPath}).\n` +
      'Its own Node 24 comes with "pnpm install" from the npm package "node"; that package could not be installed here.\n' +
      'Run "pnpm install" again and read what it says about "node", or install Node 24 yourself.\n',
  )
  process.exit(78)
}
