"""The last things that were made, kept by this process: made once, however many ask for them at the same moment."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import Lock
from typing import Generic, TypeVar

Thing = TypeVar("Thing")


@dataclass
class _Making(Generic[Thing]):
    """Something that is being made, and how many wait for it."""

    lock: Lock = field(default_factory=Lock)
    waiting: int = 0
    made: list[Thing] = field(default_factory=list)


class Shelf(Generic[Thing]):
    """At most so many things, and no more than `room` together; what is larger than the room is made each time.

    Only for what never changes under its key: a key names everything the thing is made of.
    """

    def __init__(self, *, most: int, room: int, size: Callable[[Thing], int]) -> None:
        self._most, self._room, self._size = most, room, size
        self._kept: OrderedDict[Hashable, Thing] = OrderedDict()
        self._making: dict[Hashable, _Making[Thing]] = {}
        self._lock = Lock()

    def of(self, key: Hashable, make: Callable[[], Thing]) -> Thing:
        """What is kept under this key, else what `make` makes; who asks while it is being made waits for the same.

        Where making it fails, the next one in the queue tries.
        """
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
            making = self._making.setdefault(key, _Making())
            making.waiting += 1
        try:
            with making.lock:
                if not making.made:
                    making.made.append(make())
                    self._keep(key, making.made[0])
                return making.made[0]
        finally:
            with self._lock:
                making.waiting -= 1
                if not making.waiting:
                    del self._making[key]

    def _keep(self, key: Hashable, thing: Thing) -> None:
        if self._size(thing) > self._room:
            return
        with self._lock:
            self._kept[key] = thing
            while len(self._kept) > self._most or sum(map(self._size, self._kept.values())) > self._room:
                self._kept.popitem(last=False)
