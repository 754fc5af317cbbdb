# SPDX-License-Identifier: Apache-2.0
"""Writes pickles.tsv: pickles beside what Python's own unpickler makes of them.

    /usr/bin/python3 make_pickles.py > pickles.tsv

Made with Python 3.11. A line is a name, the pickle in base64, and its value as the test's
PyText writes it. Globals are never looked up: calls are written down instead.
"""
import base64
import collections
import datetime
import decimal
import fractions
import io
import json
import pickle
import pickletools
import random
import struct
import uuid

SEED = 3
RANDOM_PROGRAMS = 400


class Recording(type):
    """A class that is named, and whose calls are written down."""

    def __call__(cls, *args):
        return Made("call", cls, args, {})


class Dict(dict, metaclass=type("Calling", (Recording,), {"__call__": lambda cls, *args: {}})):
    """A dict that is made by a call, as a plain one."""


class Made:
    def __init__(self, how, cls, args, keywords):
        self.how, self.cls, self.args, self.keywords = how, cls, args, keywords
        self.states = []

    def __setstate__(self, state):
        self.states.append(state)


class Unpickler(pickle.Unpickler):
    def __init__(self, data):
        super().__init__(io.BytesIO(data), encoding="utf-8")

    def find_class(self, module, name):
        if module == "collections" and name in ("OrderedDict", "defaultdict"):
            return type(name, (Dict,), {"named": f"<{module} {name}>"})

        def new(cls, *args, **keywords):
            return Made("new", cls, args, keywords)

        return Recording(name, (), {"__new__": new, "named": f"<{module} {name}>"})

    def persistent_load(self, pid):
        return Made("persistent", None, (pid,), {})


class Text:
    """Writes a value; what can be shared, and was written before, as a star and its number."""

    def __init__(self):
        self.seen = {}

    def of(self, value):
        if isinstance(value, Recording):
            return value.named
        if isinstance(value, frozenset) and not value:
            self.seen[object()] = len(self.seen)  # Python has but one, a pickle has several
            return "set{}"
        if isinstance(value, (list, dict, set, frozenset, Made)):
            if id(value) in self.seen:
                return f"*{self.seen[id(value)]}"
            self.seen[id(value)] = len(self.seen)
        if value is None or isinstance(value, (bool, int)):
            return str(value)
        if isinstance(value, float):
            return "f" + struct.pack(">d", value).hex()
        if isinstance(value, str):
            return json.dumps(value)
        if isinstance(value, (bytes, bytearray)):
            return f"b{value.hex()}"
        if isinstance(value, tuple):
            return "(" + ", ".join(map(self.of, value)) + ")"
        if isinstance(value, list):
            return "[" + ", ".join(map(self.of, value)) + "]"
        if isinstance(value, dict):
            return "{" + ", ".join(self.of(k) + ": " + self.of(v) for k, v in value.items()) + "}"
        if isinstance(value, (set, frozenset)):
            return "set{" + ", ".join(sorted(map(self.of, value))) + "}"
        if isinstance(value, Made):
            return self.of_made(value)
        raise TypeError(type(value))

    def of_made(self, value):
        if value.how == "persistent":
            text = "persistent(" + self.of(value.args[0]) + ")"
        else:
            text = value.how + " " + value.cls.named + self.of(value.args)
            text += " ".join(
                [""] + [k + "=" + self.of(v) for k, v in value.keywords.items()]
            )
        return text + "".join(" state " + self.of(state) for state in value.states)


class Plain:
    def __init__(self):
        self.x = 1
        self.self = self


class NewArguments:
    def __new__(cls, *args):
        return object.__new__(cls)

    def __getnewargs__(self):
        return (1, "two")


class NewKeywords:
    def __new__(cls, *args, **keywords):
        return object.__new__(cls)

    def __getnewargs_ex__(self):
        return (1,), {"two": 2, "three": [3]}


class Slots:
    __slots__ = ("a", "b")

    def __init__(self):
        self.a, self.b = 1, [2]


class Reduced:
    def __reduce__(self):
        return (len, ([1],), {"state": None})


def values():
    yield "none", None
    yield "bools", [True, False, True]
    edges = [0, 1, -1, 127, 128, -128, -129, 255, 256, 65535, 65536, -32769]
    edges += [s * 2**n + d for n in (31, 32, 62, 63, 64, 127, 128) for s in (1, -1) for d in (-1, 0, 1)]
    yield "ints", edges
    yield "long ints", [2**2039 - 1, -(2**2039), 2**2040, 10**300]
    yield "floats", [0.0, -0.0, 1.0, 0.1, -1e308, 5e-324, 1.7976931348623157e308, float("inf"), float("-inf"), float("nan"), 1e22]
    yield "strings", ["", "a", "abc" * 100, "ä", "€", "\U0001f600", "\0", "\n\r\t\\\"'", "\ufffd", "\\u0041", "x" * 300, "é" * 200, "\x1a", "tail\\"]
    yield "bytes", [b"", b"a", bytes(range(256)), b"b" * 300, bytearray(), bytearray(b"\x00\xff" * 200)]
    yield "tuples", [(), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), ((), ((1,),))]
    yield "lists", [[], [1], [[], [[]]]]
    yield "dicts", [{}, {"a": 1}, {1: 2, 3.5: 4, None: 5, "x": {"y": {}}, (1, ("a", None)): 6}]
    yield "sets", [set(), {1}, {1, "a", None, (2, 3)}, frozenset(), frozenset([1, 2])]
    shared = ["shared"]
    yield "shared", [shared, shared, {"again": shared}, (shared,), ("t", shared), ("t", shared)]
    loop = []
    loop.append(loop)
    loop.append({"loop": loop})
    yield "recursive list", loop
    inner = []
    knot = (inner, 1)
    inner.append(knot)
    yield "recursive tuple", inner
    table = {}
    table["me"] = [table, (table,)]
    yield "recursive dict", table
    yield "ordered", collections.OrderedDict([("b", 1), ("a", [2])])
    yield "defaultdict", collections.defaultdict(list, {"k": [1]})
    yield "counter", collections.Counter("hello")
    yield "complex", [1j, complex(-0.0, 2)]
    yield "standard", [datetime.datetime(2024, 2, 29, 1, 2, 3, 4), decimal.Decimal("1.5"), fractions.Fraction(1, 3), uuid.UUID(int=5), range(3), slice(1, None)]
    yield "plain object", Plain()
    yield "objects", [Plain(), NewArguments(), Slots(), Reduced()]
    yield "classes", [Plain, len, collections.OrderedDict]


def real_pickles():
    for name, value in values():
        for protocol in range(6):
            if name == "objects" and protocol < 2:
                continue
            data = pickle.dumps(value, protocol)
            yield f"{name}, protocol {protocol}", data
            yield f"{name}, protocol {protocol}, optimised", pickletools.optimize(data)
            yield f"{name}, protocol {protocol}, by pickle.py", pickle._dumps(value, protocol)
    batches = [list(range(1001)), {i: None for i in range(1001)}, set(range(1001)), tuple(range(1001))]
    for protocol in (0, 2, 4):
        yield f"batches, protocol {protocol}", pickle.dumps(batches, protocol)
    for protocol in (4, 5):
        yield f"keywords, protocol {protocol}", pickle.dumps(NewKeywords(), protocol)


class Program:
    """Random opcodes that mostly fit on what is on the stack."""

    LEAVES = [
        b"N", b"\x88", b"\x89", b"I7\n", b"I01\n", b"J\xff\xff\xff\xff", b"K\x05", b"M\x00\x01",
        b"L12L\n", b"\x8a\x02\x00\x80", b"\x8b\x01\x00\x00\x00\x7f", b"F1.5\n", b"G\x40\x00\x00\x00\x00\x00\x00\x00",
        b"S'ab'\n", b"T\x01\x00\x00\x00q", b"U\x02hi", b"B\x01\x00\x00\x00\xff", b"C\x00", b"\x8e\x01" + bytes(7) + b"z",
        b"Vx\\u20ac\n", b"\x8c\x01s", b"X\x01\x00\x00\x00t", b"\x8d\x01" + bytes(7) + b"u",
        b"]", b")", b"}", b"\x8f", b"cm\nn\n", b"Pid\n", b"(", b"(", b"(",
    ]
    REST = [
        b"a", b"e", b"l", b"t", b"t", b"\x85", b"\x86", b"\x87", b"d", b"s", b"u", b"\x90", b"\x91",
        b"0", b"2", b"1", b"g0\n", b"h\x01", b"j\x02\x00\x00\x00", b"p0\n", b"q\x01", b"r\x02\x00\x00\x00", b"\x94",
        b"h\x00", b"\x94", b"\x93", b"R", b"b", b"im\nn\n", b"o", b"\x81", b"\x92", b"Q",
    ]

    def __init__(self, rng):
        self.rng = rng

    def draw(self):
        """Grows a program by steps that Python takes until it is long enough."""
        program, wanted = b"", self.rng.randint(1, 25)
        for _ in range(400):
            if wanted == 0:
                break
            step = self.rng.choice(self.LEAVES if self.rng.random() < 0.4 else self.REST)
            if self.is_taken(program + step):
                program, wanted = program + step, wanted - 1
        return program

    @staticmethod
    def is_taken(program):
        try:
            # A result on top of whatever is there: Python does not mind what is below.
            Unpickler(program + b"N.").load()
            return True
        except Exception:
            return False


def random_pickles():
    rng = random.Random(SEED)
    found = 0
    while found < RANDOM_PROGRAMS:
        program = b"\x80\x05" + Program(rng).draw()
        # Gathers what is left on the stack, marks included.
        for closing in (b".", b"t.", b"tt.", b"ttt.", b"tttt."):
            data = b"(" + program + closing if closing != b"." else program + closing
            if has_one_result(data) and usable(data):
                found += 1
                yield f"random {found}", data
                break


class Strict(pickle._Unpickler):
    """Fills only lists, dicts and sets, builds only what was made, and leaves nothing below the result."""

    dispatch = dict(pickle._Unpickler.dispatch)

    def __init__(self, data):
        super().__init__(io.BytesIO(data), encoding="utf-8")

    find_class = Unpickler.find_class
    persistent_load = Unpickler.persistent_load

    def load(self):
        value = super().load()
        if self.stack or self.metastack:
            raise ValueError("something is left")
        return value

    @classmethod
    def fill(cls, opcode, depth, filled):
        load = cls.dispatch[opcode[0]]

        def checked(self):
            stack = self.metastack[-1] if depth == 0 else self.stack[:-depth]
            if not isinstance(stack[-1], filled):
                raise TypeError(opcode)
            load(self)

        cls.dispatch[opcode[0]] = checked


Strict.fill(pickle.APPEND, 1, list)
Strict.fill(pickle.APPENDS, 0, list)
Strict.fill(pickle.SETITEM, 2, dict)
Strict.fill(pickle.SETITEMS, 0, dict)
Strict.fill(pickle.ADDITEMS, 0, (set, frozenset))
Strict.fill(pickle.BUILD, 1, Made)


def has_one_result(data):
    try:
        Strict(data).load()
        return True
    except Exception:
        return False


KEYS = (type(None), bool, int, float, str, bytes)


def usable(data):
    """Leaves out what is meant to differ: keys, and what Python makes of its own lists' state."""
    bad = []

    def look(value, seen):
        if id(value) in seen or bad:
            return
        seen.add(id(value))
        keys = []
        if isinstance(value, dict):
            keys = list(value)
            for item in value.values():
                look(item, seen)
        if isinstance(value, (set, frozenset)):
            keys = list(value)
        if isinstance(value, (list, tuple)):
            for item in value:
                look(item, seen)
        if isinstance(value, Made):
            look(value.args, seen)
            look(value.states, seen)
            look(value.keywords, seen)
        # One key to Python, several to Java.
        numbers = [k for k in keys if isinstance(k, (bool, int, float))]
        if len(numbers) != len({type(k) for k in numbers}) and len(numbers) > 1:
            bad.append(value)
        if any(not is_key(k) for k in keys):
            bad.append(value)

    try:
        value = Unpickler(data).load()
        look(value, set())
        Text().of(value)
        return not bad
    except Exception:
        return False


def is_key(key):
    return all(map(is_key, key)) if isinstance(key, tuple) else isinstance(key, KEYS)


def main():
    seen = set()
    for name, data in list(real_pickles()) + list(random_pickles()):
        if data in seen:
            continue
        seen.add(data)
        text = Text().of(Unpickler(data).load())
        print(name, base64.b64encode(data).decode(), text, sep="\t")


if __name__ == "__main__":
    import sys

    sys.set_int_max_str_digits(0)
    main()
