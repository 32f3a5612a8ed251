"""Whether a value is still what it was: a digest of it that runs no code of the project.

Only what is known to hold all of its state in plain sight is compared: Python's own containers and simple values, and
instances of classes written in Python. Whatever may have state elsewhere (sockets, locks, generators, open files,
extension types) cannot be compared, nor can what only names a thing that tests may change: a folder, an address of a
database, or nothing at all, as a fixture returns that fills a table.
"""

import sys
import types

MOST_PARTS = 2000
MOST_BYTES = 1 << 20
ATOMS = frozenset((type(None), bool, int, float, complex, type(Ellipsis), type(NotImplemented), range))
TEXTS = frozenset((str, bytes, bytearray))
# They cannot change, and their repr is their value.
PLAIN = frozenset(("datetime.date", "datetime.timedelta", "datetime.timezone", "decimal.Decimal", "uuid.UUID"))
CONTAINERS = (dict, list, tuple, set, frozenset)
# Classes written in Python whose instances stand for something else.
ELSEWHERE = frozenset("pathlib pathlib._local io socket threading subprocess tempfile".split())
POINTER = tuple.__itemsize__


# Of a class, as long as one value is looked at: no class lives longer for it.
MEMBERS = {}


class Unknown(Exception):
    """The value cannot be compared."""


def digest_of(value):
    """Raises Unknown."""
    MEMBERS.clear()
    if value is None or isinstance(value, (type, types.ModuleType)):
        raise Unknown()
    if isinstance(value, str) and ("://" in value or value.startswith(("/", "\\"))):
        raise Unknown()
    tokens, seen, open_values, size = [], {}, [value], 0
    while open_values:
        part = open_values.pop()
        if len(tokens) > 2 * MOST_PARTS or len(open_values) > MOST_PARTS:
            raise Unknown()
        cls = type(part)
        if cls in ATOMS:
            tokens += (cls.__name__, part)
        elif cls in TEXTS:
            size += len(part)
            if size > MOST_BYTES:
                raise Unknown()
            tokens += (cls.__name__, bytes(part) if cls is bytearray else part)
        elif id(part) in seen:
            tokens += ("again", seen[id(part)])
        else:
            seen[id(part)] = len(seen)
            known, inside = parts_of(part, cls)
            size += len(known) if isinstance(known, bytes) else 0
            if size > MOST_BYTES:
                raise Unknown()
            tokens += (cls.__name__, known)
            open_values += inside
    return hash(tuple(tokens))


def parts_of(value, cls):
    """What tells a value from others of its type, and the values that it holds."""
    if cls is types.FunctionType:
        # Its code, as two functions of one `def` are alike if what they hold is.
        return id(value.__code__), closure_of(value) + [value.__dict__, value.__defaults__]
    if cls is types.MethodType:
        return "method", [value.__func__, value.__self__]
    if cls is types.BuiltinFunctionType:
        owner = value.__self__
        return value.__name__, [] if owner is None or isinstance(owner, types.ModuleType) else [owner]
    if isinstance(value, (type, types.ModuleType)) or is_member(value):
        return id(value), []
    name = "%s.%s" % (cls.__module__, cls.__name__)
    if name in PLAIN:
        return repr(value), []
    if name in ("datetime.datetime", "datetime.time"):
        return repr(value.replace(tzinfo=None)), [str(value.tzinfo) if name_of_zone(value.tzinfo) else value.tzinfo]
    if name == "numpy.ndarray":
        return array(value), []
    return "object", content_of(value, cls)


def closure_of(function):
    found = []
    for cell in function.__closure__ or ():
        try:
            found.append(cell.cell_contents)
        except ValueError:
            found.append("empty")
    return found


def is_member(value):
    """Of an enumeration."""
    enum = sys.modules.get("enum")
    return enum is not None and isinstance(value, enum.Enum)


def name_of_zone(zone):
    return type(zone).__module__ in ("datetime", "zoneinfo")


def array(value):
    if value.dtype.hasobject or value.nbytes > MOST_BYTES:
        raise Unknown()
    return ("%s %s " % (value.dtype.str, value.shape)).encode() + value.tobytes()


def content_of(value, cls):
    """Of containers, and of instances of classes that are written in Python: of others too much may be out of sight."""
    base = next((each for each in CONTAINERS if isinstance(value, each)), object)
    inside = []
    if cls is not base:
        inside = attributes_of(value, cls, base)
    if base is dict:
        for key, item in dict.items(value):
            inside += (key, item)
    elif base in (list, tuple):
        inside += base.__iter__(value)
    elif base is not object:
        inside += sorted(base.__iter__(value), key=place_in_set)
    if len(inside) > MOST_PARTS:
        raise Unknown()
    return inside


def place_in_set(item):
    """The same for equal texts and numbers. To hash others may run code of the project."""
    return hash(item) if type(item) in ATOMS or type(item) in (str, bytes) else id(item)


def attributes_of(value, cls, base):
    """The instance's own, from its dictionary and its slots."""
    if cls not in MEMBERS:
        MEMBERS[cls] = members_of(cls, base)
    found = []
    if cls.__dictoffset__:
        found.append(object.__getattribute__(value, "__dict__"))
    for member in MEMBERS[cls]:
        try:
            found.append(member.__get__(value, cls))
        except AttributeError:
            found.append("empty")
    return found


def members_of(cls, base):
    """Its slots. Raises Unknown for a class whose instances have room for more: it is not written in Python."""
    members = [
        member
        for each in cls.__mro__
        for member in each.__dict__.values()
        if isinstance(member, types.MemberDescriptorType)
    ]
    # Beyond its slots, an instance has room for a dictionary and for weak references to it.
    if cls.__basicsize__ - base.__basicsize__ > POINTER * (len(members) + 2) or cls.__itemsize__ != base.__itemsize__:
        raise Unknown()
    if base is object and not members and not cls.__dictoffset__:
        raise Unknown()
    if any(each.__module__ in ELSEWHERE for each in cls.__mro__):
        raise Unknown()
    return members
