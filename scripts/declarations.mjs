// The built declarations, as TypeScript reads them: for what the build writes into them and for the test of what is missing.
import ts from "typescript";

export function declarationsProgram(files) {
  return ts.createProgram(files, {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    module: ts.ModuleKind.NodeNext,
    types: ["node"],
  });
}
