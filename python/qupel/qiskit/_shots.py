"""Shots of a converted circuit as Qiskit packs them."""

import numpy as np

from .. import _program


class _Drawn:
    """Shots as numbers, and which bit of a number each classical bit is: rows x shots."""

    def __init__(self, numbers, places):
        self.numbers, self.places = numbers, places

    def packed(self, bits):
        """The bits of a register, the first one lowest, as Qiskit packs them: the highest byte first."""
        count = (len(bits) + 7) // 8
        packed = np.zeros((*self.numbers.shape, count), np.uint8)
        for byte in range(count):
            own = [self.places.get(bit) for bit in bits[8 * byte : 8 * byte + 8]]
            first = own[0]
            if first is not None and first % 8 == 0 and own == list(range(first, first + len(own))):
                whole = self.numbers.astype("<u8", copy=False).view(np.uint8).reshape(*self.numbers.shape, 8)[..., first // 8]
                value = whole if len(own) == 8 else whole & np.uint8(2 ** len(own) - 1)
            else:
                value = sum((((self.numbers >> np.uint64(place)) & np.uint64(1)) << np.uint64(k) for k, place in enumerate(own) if place is not None),
                            np.uint64(0))
            packed[..., count - 1 - byte] = value
        return packed


class _Bits:
    """Shots as bits: rows x shots x bits."""

    def __init__(self, bits):
        self.bits = bits

    def packed(self, bits):
        own = self.bits[:, :, bits[::-1]]
        padded = np.concatenate([np.zeros((*own.shape[:2], -len(bits) % 8), np.uint8), own], axis=2)
        return np.packbits(padded, axis=2)


def samples(converted, features, shots, seed, options):
    if not converted.dynamic and converted.measured and len(features):
        return _Drawn(_program.compile(converted.circuit, (), **options).sample(features, None, shots, seed), converted.measured)
    bits = np.zeros((len(features), shots, converted.source.num_clbits), np.uint8)
    if converted.dynamic:
        circuit = converted.with_measurements()
        for r, row in enumerate(features):
            counts = _program.run(circuit.bind(row), shots=shots, seed=(seed + r) % 2**63, **options).counts
            texts = np.repeat(np.array([list(map(int, text[::-1])) for text in counts], np.uint8), list(counts.values()), axis=0)
            bits[r] = np.random.default_rng(seed + r).permutation(texts)[:, : bits.shape[2]]
    return _Bits(bits)


def seed_of(seed):
    return seed if isinstance(seed, int) else int(np.random.default_rng(seed).integers(2**63))
