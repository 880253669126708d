// Voila loads MathJax, 1 MB, before it shows a page. No page here has formulas, so this stands in its place.
globalThis.MathJax = {
  Hub: { Config() {}, Configured() {}, Queue() {}, Register: { StartupHook() {} } },
};
