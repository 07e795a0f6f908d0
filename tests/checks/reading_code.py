"""Reads the program's code for products and sums of exact integer arrays that could wrap around.

Every expression gets a kind, from the annotations of exact.py and from what NumPy does:

- ``value``: an `IntArray`, or an element of one: numbers of the case (money, points, coefficients);
- ``word``: `Words`, whose sums are bounded where they are made; plain arithmetic in dynamic/ only;
- ``place``: ordinals, counts and truth values, no greater than an array is long;
- None: anything else, Python's own integers among them.

Plain products, sums and differences of values are findings; so are, whatever they are taken of, the
functions that wrap around or go through floats. What is not understood is taken for Python's own.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

Kinds = dict[str, str | None]

ANNOTATED = {"IntArray": "value", "Words": "word", "Places": "place", "BoolArray": "place"}
RANK = {None: 0, "place": 1, "word": 2, "value": 3}
KEEP = (  # NumPy functions and methods whose result is of the kind of what they are given
    "where", "minimum", "maximum", "abs", "concatenate", "repeat", "sort", "clip", "stack", "ravel",
    "column_stack", "reshape", "copy", "astype", "max", "min", "reduceat", "flatten", "squeeze",
    "broadcast_to", "full", "diff", "asarray", "array", "unique", "take", "ascontiguousarray", "tile",
    "append", "delete", "item", "negative", "fillna",
)  # fmt: skip
PLACES = (
    "arange", "flatnonzero", "argsort", "lexsort", "searchsorted", "nonzero", "argmax", "zeros",
    "isin", "zeros_like", "unravel_index", "ravel_multi_index", "bincount", "empty", "ones", "ones_like",
)  # fmt: skip
WRAP = ("sum", "cumsum", "prod", "cumprod", "dot", "nansum")  # wrap around silently
FORBIDDEN = (
    "np.dot", "np.inner", "np.outer", "np.matmul", "np.einsum", "np.vdot", "np.tensordot", "np.prod",
    "np.add.at", "np.add.reduceat", "np.multiply", "np.add.reduce", "np.trace", "np.cumprod",
)  # fmt: skip
ARITHMETIC = (
    ast.Mult, ast.Add, ast.Sub, ast.Pow, ast.LShift, ast.MatMult, ast.FloorDiv, ast.Mod
)  # fmt: skip


def kind_of_annotation(node: ast.expr | None) -> str | None:
    """Return the kind that an annotation says, the worst if it names several."""
    names = [n.id for n in ast.walk(node) if isinstance(n, ast.Name)] if node else []
    text = [n.value for n in ast.walk(node) if isinstance(n, ast.Constant)] if node else []
    kinds = [ANNOTATED.get(str(name)) for name in (*names, *text)]
    to_numpy = node is not None and "int64" in ast.unparse(node)
    return worst([*kinds, "value" if to_numpy else None])


def worst(kinds: Iterable[str | None]) -> str | None:
    return max(kinds, key=RANK.__getitem__, default=None)


class Package:
    """What the annotations of all modules say of attributes, functions and classes, by name."""

    def __init__(self, modules: dict[str, ast.Module]) -> None:
        found = [
            node
            for module in modules.values()
            for node in ast.walk(module)
            if isinstance(node, ast.ClassDef)
        ]
        self.classes = {node.name: node for node in found}
        self.attributes: dict[str, dict[str, ast.expr]] = {name: {} for name in self.classes}
        self.functions: dict[str, dict[str, ast.expr | None]] = {}
        for name, module in modules.items():
            self.functions[name] = {
                node.name: node.returns
                for node in ast.walk(module)
                if isinstance(node, ast.FunctionDef)
            }
        for node in found:
            self._class(node)
        for node in found:  # once all annotations are known, whatever the order of the modules
            self._inits(node)

    def _class(self, node: ast.ClassDef) -> None:
        known = self.attributes[node.name]
        for item in node.body:
            if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
                known[item.target.id] = item.annotation
            elif (
                isinstance(item, ast.FunctionDef)
                and item.returns is not None
                and any("property" in ast.unparse(d) for d in item.decorator_list)
            ):
                known[item.name] = item.returns

    def _inits(self, node: ast.ClassDef) -> None:
        for item in node.body:
            if isinstance(item, ast.FunctionDef) and item.name == "__init__":
                self._init(item, self.attributes[node.name])

    def _init(self, init: ast.FunctionDef, known: dict[str, ast.expr]) -> None:
        """Take up what ``__init__`` annotates, and arguments that it keeps."""
        given = {a.arg: a.annotation for a in init.args.args if a.annotation is not None}
        for item in ast.walk(init):
            if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Attribute):
                known.setdefault(item.target.attr, item.annotation)
            elif isinstance(item, ast.Assign) and isinstance(item.targets[0], ast.Attribute):
                value, annotation = item.value, None
                if isinstance(value, ast.Name):
                    annotation = given.get(value.id)
                elif isinstance(value, ast.Attribute) and isinstance(value.value, ast.Name):
                    owner = self.class_of(given.get(value.value.id))
                    annotation = self.attributes.get(owner or "", {}).get(value.attr)
                if annotation is not None:
                    known.setdefault(item.targets[0].attr, annotation)

    def class_of(self, annotation: ast.expr | None) -> str | None:
        """Return the one class of the program that an annotation names."""
        if annotation is None:
            return None
        text = ast.unparse(annotation).strip("'")
        named = {n for n in re.findall(r"\w+", text) if n in self.classes}
        return named.pop() if len(named) == 1 else None

    def attribute(self, owner: str | None, name: str) -> list[ast.expr]:
        """Return what is said of an attribute: of one class, or of all that have it."""
        while owner is not None and owner in self.classes:
            if name in self.attributes[owner]:
                return [self.attributes[owner][name]]
            bases = [ast.unparse(base) for base in self.classes[owner].bases]
            owner = next((base for base in bases if base in self.classes), None)
        return [known[name] for known in self.attributes.values() if name in known]

    def returns(self, module: str, name: str) -> ast.expr | None:
        """Return what a function says it returns: the module's own first, else any of that name."""
        places = [self.functions[module], *self.functions.values()]
        return next((known[name] for known in places if known.get(name) is not None), None)


class Reader:
    """Finds plain arithmetic on values in one function."""

    def __init__(
        self, package: Package, module: str, owner: str | None, words_are_free: bool
    ) -> None:
        self.package, self.module, self.free = package, module, words_are_free
        self.names: Kinds = {}
        self.known: dict[ast.AST, str | None] | None = None
        self.types: dict[str, str | None] = {"self": owner}

    def read(self, function: ast.FunctionDef) -> Iterator[tuple[int, str]]:
        arguments = function.args
        for argument in (*arguments.args, *arguments.kwonlyargs, *arguments.posonlyargs):
            self.names[argument.arg] = kind_of_annotation(argument.annotation)
            if argument.annotation is not None:
                self.types[argument.arg] = self.package.class_of(argument.annotation)
        own = [node for child in function.body for node in _own_nodes(child)]
        before: object = None
        while before != (before := (dict(self.names), dict(self.types))):
            for node in own:
                self._bind(node)
        self.known = {}
        for node in own:
            if wrong := self._wrong(node):
                yield node.lineno, wrong  # type: ignore[attr-defined]

    # ---- what names stand for

    def _bind(self, node: ast.AST) -> None:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                self._assign(target, node.value)
        elif isinstance(node, ast.AnnAssign):
            self._set(node.target, kind_of_annotation(node.annotation))
        elif isinstance(node, ast.AugAssign):
            self._set(node.target, self.kind(node.value))
        elif isinstance(node, ast.For | ast.comprehension):
            self._assign(node.target, node.iter)

    def _assign(self, target: ast.expr, value: ast.expr) -> None:
        both = isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple)
        if both and len(target.elts) == len(value.elts):  # type: ignore[attr-defined]
            for one, other in zip(target.elts, value.elts, strict=True):  # type: ignore[attr-defined]
                self._assign(one, other)
            return
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Call):
            name = ast.unparse(value.func).rsplit(".", 1)[-1]
            if name in ("zip", "enumerate"):
                given = [ast.Constant(0), *value.args] if name == "enumerate" else value.args
                for one, other in zip(target.elts, given, strict=False):
                    self._assign(one, other)
                return
            said = self.package.returns(self.module, name)
            parts = said.slice.elts if _is_tuple(said) else []  # type: ignore[union-attr]
            if len(parts) == len(target.elts):
                for one, part in zip(target.elts, parts, strict=True):
                    self._set(one, kind_of_annotation(part))
                return
        if isinstance(target, ast.Name) and self.types.get(target.id) is None:
            self.types[target.id] = self.type(value)
        self._set(target, self.kind(value))

    def _set(self, target: ast.expr, kind: str | None) -> None:
        if isinstance(target, ast.Tuple | ast.List):
            for one in target.elts:
                self._set(one, kind)
        elif isinstance(target, ast.Starred | ast.Subscript):
            self._set(target.value, kind)
        elif isinstance(target, ast.Name):
            self.names[target.id] = worst([self.names.get(target.id), kind])

    # ---- what expressions are

    def type(self, node: ast.AST) -> str | None:
        """Return the class of the program that an expression, or each of its elements, is of."""
        match node:
            case ast.Name():
                return self.types.get(node.id)
            case ast.Attribute():
                said = self.package.attribute(self.type(node.value), node.attr)
                return self.package.class_of(said[0]) if len(said) == 1 else None
            case ast.Subscript():
                return self.type(node.value)
            case ast.Call():
                name = ast.unparse(node.func).rsplit(".", 1)[-1]
                if name in self.package.classes:
                    return name
                return self.package.class_of(self.package.returns(self.module, name))
        return None

    def kind(self, node: ast.AST) -> str | None:
        """Return the kind of an expression, worked out once when all names are known."""
        if self.known is None:
            return self._kind(node)
        if node not in self.known:
            self.known[node] = self._kind(node)
        return self.known[node]

    def _kind(self, node: ast.AST) -> str | None:
        match node:
            case ast.Name():
                return self.names.get(node.id)
            case ast.Attribute():
                if node.attr == "T":
                    return self.kind(node.value)
                if node.attr in ("numerator", "denominator") and self.type(node.value) is None:
                    return None  # of a fraction
                said = self.package.attribute(self.type(node.value), node.attr)
                return worst(map(kind_of_annotation, said))
            case ast.Subscript() | ast.Starred():
                return self.kind(node.value)
            case ast.UnaryOp():
                return None if isinstance(node.op, ast.Not) else self.kind(node.operand)
            case ast.BinOp():
                if isinstance(node.op, ast.Div):
                    return None  # floats, for drawing
                return worst([self.kind(node.left), self.kind(node.right)])
            case ast.IfExp():
                return worst([self.kind(node.body), self.kind(node.orelse)])
            case ast.NamedExpr():
                return self.kind(node.value)
            case ast.Tuple() | ast.List():
                return worst(map(self.kind, node.elts))
            case ast.GeneratorExp() | ast.ListComp():
                return self.kind(node.elt)
            case ast.Compare():
                return "place"
            case ast.Call():
                return self._call(node)
        return None

    def _call(self, node: ast.Call) -> str | None:
        said = ast.unparse(node)
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)
        if "dtype=object" in said or "astype(object)" in said:
            return "value" if name in WRAP else None  # Python's own integers: nothing wraps
        if name == "words":
            return "word"
        if name == "to_numpy":
            return "value" if "int64" in said else None
        if name in ("any", "all"):
            return "place"
        returned = self.package.returns(self.module, name)
        if returned is not None and not said.startswith("np."):
            return kind_of_annotation(returned)
        if name in WRAP:
            return self._given(node)
        if name in KEEP:
            return self._given(node)
        if name in PLACES and said.startswith("np."):
            return "place"
        return None

    def _given(self, node: ast.Call) -> str | None:
        """Return the kind of what a function is given, or a method is called on."""
        own = [self.kind(node.func.value)] if isinstance(node.func, ast.Attribute) else []
        return worst([*own, *map(self.kind, node.args)])

    # ---- what must not be

    def _guilty(self, kind: str | None) -> bool:
        return kind == "value" or (kind == "word" and not self.free)

    def _wrong(self, node: ast.AST) -> str | None:
        if isinstance(node, ast.BinOp) and isinstance(node.op, ARITHMETIC):
            kinds = [self.kind(node.left), self.kind(node.right)]
            plain_step = isinstance(node.op, ast.Add | ast.Sub) and _is_one(node)
            return ast.unparse(node) if any(map(self._guilty, kinds)) and not plain_step else None
        if isinstance(node, ast.AugAssign) and isinstance(node.op, ARITHMETIC):
            kinds = [self.kind(node.target), self.kind(node.value)]
            return ast.unparse(node) if any(map(self._guilty, kinds)) else None
        if isinstance(node, ast.Call):
            return self._wrong_call(node)
        return None

    def _wrong_call(self, node: ast.Call) -> str | None:
        said = ast.unparse(node.func)
        name = said.rsplit(".", 1)[-1]
        weighted = name == "bincount" and any(k.arg == "weights" for k in node.keywords)
        if weighted or (said in FORBIDDEN and not self._free_place(node)):
            return ast.unparse(node)
        own = "." not in said and self.package.returns(self.module, name) is not None
        if name in WRAP and not own and self._guilty(self._given(node)):
            return ast.unparse(node)
        return None

    def _free_place(self, node: ast.Call) -> bool:
        return self.free and "object" not in ast.unparse(node) and worst(
            map(self.kind, node.args)) in (None, "place", "word")  # fmt: skip


def _is_one(node: ast.BinOp) -> bool:
    """Whether one is added or taken away: what is in 64 bits stays below 2**62."""
    return any(
        isinstance(side, ast.Constant) and side.value == 1 for side in (node.left, node.right)
    )


def _own_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """Walk a statement, functions inside it apart."""
    yield node
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.FunctionDef):
            yield from _own_nodes(child)


def _is_tuple(node: ast.expr | None) -> bool:
    return (
        isinstance(node, ast.Subscript)
        and ast.unparse(node.value) == "tuple"
        and isinstance(node.slice, ast.Tuple)
    )


def functions(
    node: ast.AST, owner: str | None = None
) -> Iterator[tuple[str | None, ast.FunctionDef]]:
    """Yield every function with the class it is a method of."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef):
            yield owner, child
        yield from functions(child, child.name if isinstance(child, ast.ClassDef) else owner)


def findings(
    package: Package, modules: dict[str, ast.Module], home: str, free: tuple[str, ...]
) -> Iterator[tuple[str, str, int, str]]:
    """Yield module, function, line and text of every plain product or sum of values.

    Parameters
    ----------
    package
        What is said of all modules.
    modules
        Those that are read, by name.
    home
        The one module that may.
    free
        What the names of modules begin with whose plain sums of `Words` are all right.
    """
    for name, module in modules.items():
        if name == home:
            continue
        for owner, function in functions(module):
            reader = Reader(package, name, owner, name.startswith(free))
            for line, text in reader.read(function):
                yield name, function.name, line, text


def parsed(folder: Path) -> dict[str, ast.Module]:
    """Return every module of a folder by its name within it."""
    return {
        path.relative_to(folder).as_posix(): ast.parse(path.read_text("utf-8"))
        for path in sorted(folder.rglob("*.py"))
    }
