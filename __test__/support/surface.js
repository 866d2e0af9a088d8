// What the package can be called with: every exported function, class and method with its parameters and what it may throw, read from its types.
'use strict';

const path = require('node:path');
const ts = require('typescript');

const ENTRY = path.join(__dirname, '..', '..', 'index.d.ts');

/** A usual value of a type, in words that cross to another process. */
function usual(checker, type) {
  const parts = type.isUnion() ? type.types : [type];
  const literal = parts.find((part) => part.isStringLiteral() || part.isNumberLiteral());
  if (literal) return { literal: literal.value };
  const has = (flag) => parts.some((part) => part.flags & flag);
  if (parts.some((part) => part.getCallSignatures().length > 0)) return { kind: 'function' };
  if (parts.some((part) => checker.isArrayType(part))) return { kind: 'array' };
  if (has(ts.TypeFlags.NumberLike)) return { kind: 'number' };
  if (has(ts.TypeFlags.StringLike)) return { kind: 'text' };
  if (has(ts.TypeFlags.BooleanLike)) return { kind: 'boolean' };
  return { kind: 'object' };
}

/** The members of an options object; none for what is no plain object. */
function membersOf(checker, type, depth = 0) {
  const parts = type.isUnion() ? type.types : [type];
  const objects = parts.filter(
    (part) =>
      part.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection) &&
      part.getCallSignatures().length === 0 &&
      !checker.isArrayType(part) &&
      !['Date', 'RegExp', 'Error'].includes(part.symbol?.name),
  );
  const names = new Map();
  for (const object of objects) {
    for (const property of object.getProperties()) {
      const own = checker.getNonNullableType(checker.getTypeOfSymbol(property));
      const members = depth < 2 ? membersOf(checker, own, depth + 1) : [];
      names.set(property.name, { name: property.name, usual: usual(checker, own), members });
    }
  }
  return [...names.values()];
}

function parametersOf(checker, signature) {
  return signature.getParameters().map((parameter) => {
    const type = checker.getNonNullableType(checker.getTypeOfSymbol(parameter));
    return { name: parameter.name, usual: usual(checker, type), members: membersOf(checker, type) };
  });
}

/** `{ kinds, codes }` of the errors that the words above a declaration name. */
function throwsOf(symbol) {
  const tags = symbol.getJsDocTags().filter(({ name }) => name === 'throws');
  const texts = tags.map(({ text }) => ts.displayPartsToString(text));
  const kinds = texts.flatMap((text) => /^\{([^}]*)\}/.exec(text)?.[1].split(' | ') ?? []);
  return { kinds, codes: texts.flatMap((text) => text.match(/OBS_[A-Z_]+/g) ?? []) };
}

const entry = (checker, documented, signature, place) => ({
  ...place,
  parameters: parametersOf(checker, signature),
  throws: throwsOf(documented),
});

function classEntries(checker, symbol, type) {
  const constructors = type.getConstructSignatures();
  const instance = constructors[0].getReturnType();
  const methods = instance.getProperties().filter((each) => each.flags & ts.SymbolFlags.Method);
  return [
    // Its words stand above the constructor, not above the class.
    entry(checker, constructors[0], constructors[0], { how: 'new', name: symbol.name }),
    ...methods.map((method) => {
      const [signature] = checker.getTypeOfSymbol(method).getCallSignatures();
      return entry(checker, method, signature, { how: 'method', owner: symbol.name, name: method.name });
    }),
  ];
}

/**
 * Every way to call the package: `[{ how: 'call' | 'new' | 'method', name, owner, parameters, throws }]`; a parameter is
 * `{ name, usual, members }`, members those of an options object.
 */
function readSurface() {
  const program = ts.createProgram([ENTRY], { module: ts.ModuleKind.Node16, target: ts.ScriptTarget.ES2022 });
  const checker = program.getTypeChecker();
  const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(ENTRY)));
  const values = exported.map((each) => (each.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(each) : each));
  return values.flatMap((symbol) => {
    if (symbol.flags & ts.SymbolFlags.Class) return classEntries(checker, symbol, checker.getTypeOfSymbol(symbol));
    if (!(symbol.flags & ts.SymbolFlags.Function)) return [];
    const [signature] = checker.getTypeOfSymbol(symbol).getCallSignatures();
    return [entry(checker, symbol, signature, { how: 'call', name: symbol.name })];
  });
}

module.exports = { readSurface };
