#!/usr/bin/env python3
"""Reads packed recordings of Cairn (docs/recording-format.md) with Python's standard library only.

    recording.py FILE.cairn...      prints the columns of each file as one line of JSON

Use it, or port it to your engine's language. It expects the bytes to come from a server; code that reads untrusted bytes
must check more (see src/traces/recordings/format/packed.rs).
"""
import json
import math
import struct
import sys
import zlib


class Reader:
    """Reads integers of variable length (LEB128)."""

    def __init__(self, content):
        self.content, self.at = content, 0

    def take(self):
        integer = shift = 0
        while True:
            byte = self.content[self.at]
            self.at += 1
            integer |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return integer

    def signed(self):
        code = self.take()
        return code >> 1 ^ -(code & 1)

    def bytes(self, count):
        self.at += count
        return self.content[self.at - count : self.at]

    def differences(self, count):
        """Values that are stored as the difference from the one before."""
        values, last = [], 0
        for _ in range(count):
            last += self.signed()
            values.append(last)
        return values

    def column(self, factors):
        """Values that are stored as the difference from their prediction."""
        values, last, delta = [], 0, 0
        for factor in factors[self.take()]:
            value = last + (delta * factor + 2048 >> 12) + self.signed()
            values.append(value)
            last, delta = value, value - last
        return values


def prediction_factors(times, cuts):
    """For each of the three predictors the factor of each frame, in 4096ths."""
    count = len(times)
    line, timed = [4096] * count, [0] * count
    for at in range(2, count):
        step, before = times[at] - times[at - 1], times[at - 1] - times[at - 2]
        timed[at] = step * 4096 // before if step <= before * 16 else 0
    for cut in [0, *cuts]:
        for at in (cut, cut + 1):
            if at < count:
                line[at] = timed[at] = 0
    return [0] * count, line, timed


def rotations(reader, times):
    """Quaternions, of each of which one component was left out."""
    per_one = reader.take()
    left_out, frame = {}, 0
    for _ in range(reader.take()):
        frame += reader.take()
        left_out[frame] = reader.take()
    factors = prediction_factors(times, [frame for frame in left_out if frame > 0])
    components = [reader.column(factors) for _ in range(3)]
    numbers, before, component = [], [0.0] * 4, 0
    for at, steps in enumerate(zip(*components)):
        component = left_out.get(at, component)
        quaternion = [step / per_one for step in steps]
        quaternion.insert(component, math.sqrt(per_one * per_one - sum(step * step for step in steps)) / per_one)
        # A quaternion and its negation are the same rotation; take the one that is nearer to the quaternion before.
        if sum(a * b for a, b in zip(before, quaternion)) < 0:
            quaternion = [0.0 - number for number in quaternion]
        numbers += quaternion
        before = quaternion
    return numbers


def decode(packed):
    """The columns of a packed recording, as a dictionary."""
    magic, version, length = struct.unpack_from("<4sB3xI", packed)
    if magic != b"\xcaREC" or version != 1:
        raise ValueError("not a recording of version 1")
    content = zlib.decompress(packed[12:])
    if len(content) != length:
        raise ValueError("damaged")
    reader = Reader(content)
    flags = reader.take()
    columns = {"content_version": reader.take(), "complete": bool(flags & 1)}
    columns["look"] = reader.bytes(reader.take()).decode()
    times, time = [], 0
    for _ in range(reader.take()):
        time += reader.take()
        times.append(time)
    columns["t_ms"] = times
    teleports, frame = [], 0
    for _ in range(reader.take()):
        frame += reader.take()
        teleports.append(frame)
    per_unit = reader.take()
    factors = prediction_factors(times, teleports)
    axes = [reader.column(factors) for _ in range(3)]
    columns["pos"] = [step / per_unit for position in zip(*axes) for step in position]
    columns["rot"] = rotations(reader, times) if flags & 2 else []
    columns["state"] = reader.differences(len(times)) if flags & 4 else []
    columns["teleports"] = teleports
    events = reader.take()
    for name in ("event_ms", "event_code", "event_arg"):
        columns[name] = reader.differences(events)
    # Empty columns are left out.
    always = ("content_version", "complete", "t_ms", "pos")
    return {name: value for name, value in columns.items() if name in always or value}


if __name__ == "__main__":
    for path in sys.argv[1:]:
        with open(path, "rb") as file:
            print(json.dumps(decode(file.read()), ensure_ascii=False, separators=(",", ":")))
