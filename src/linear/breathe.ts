import { breather } from "../base/breather.js";

export const breathe = breather("Stopped before the linear model was trained.");
