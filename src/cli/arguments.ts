// What the user typed. It is taken out of process.argv before any library is loaded: some look there for flags of their
// own (commander takes whatever it finds).
export const typedArguments: readonly string[] = process.argv.splice(2);
