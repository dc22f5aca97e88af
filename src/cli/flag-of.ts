/** The flag of an option. @example flagOf("maxTokens"); // "--max-tokens" */
export const flagOf = (name: string): string => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
