// stopword brings no types; a CommonJS module, so that Node has its lists in `default`.
declare module "stopword" {
  const lists: Readonly<Record<string, readonly string[]>>;
  export default lists;
}
