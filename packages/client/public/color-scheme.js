// A file of its own, so that the page's policy can refuse every inline script.
;(function () {
  var stored = null
  try {
    stored = localStorage.getItem('mantine-color-scheme-value')
  } catch {
    // Storage may be forbidden; the device's own setting then decides.
  }
  var prefersDark = matchMedia('(prefers-color-scheme: dark)').matches
  var scheme = stored === 'light' || stored === 'dark' ? stored : prefersDark ? 'dark' : 'light'
  document.documentElement.setAttribute('data-mantine-color-scheme', scheme)
})()
