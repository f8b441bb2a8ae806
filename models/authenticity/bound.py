"""How much all campaigns of a judge remember together: beyond the most the heaviest forget their oldest."""

import heapq
from collections.abc import Mapping

from models.authenticity.memory import Memory


def shrink(memories: Mapping[int, Memory], weights: Mapping[int, int], most: int) -> set[int]:
    """Let whoever is heaviest forget until all together weigh the most at most; return who forgot.

    Numbers name the memories and what each weighs. Each step looks at one of them: to look at all of 4000 in
    each took a minute where a tenth was to be forgotten.
    """
    shrunk, beyond = set[int](), sum(weights.values()) - most
    if beyond <= 0:
        return shrunk
    heaviest = [(-weight, -number) for number, weight in weights.items()]
    heapq.heapify(heaviest)
    while beyond > 0:
        weight, number = (-one for one in heaviest[0])
        memory = memories[number]
        memory.shrink()
        heapq.heapreplace(heaviest, (-memory.weight, -number))
        beyond -= weight - memory.weight
        shrunk.add(number)
    return shrunk
