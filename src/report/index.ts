// Parts of pages that are read in a browser, offline.
export * from "./html.js";
export * from "./line-chart.js";
export * from "./page.js";
export * from "./style.js";
