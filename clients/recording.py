#!/usr/bin/env python3
"""Reads a packed recording of Cairn (docs/recording-format.md) with nothing but Python's own library.

    recording.py FILE.cairn...      prints the columns of each as JSON, one a line

Take it, or write it anew in your engine's language: it is the description of the format, as a program. It trusts the
bytes to be a server's; a server that reads strangers' bytes must check more (src/features/recordings/format/packed.rs).
"""
import json
import math
import struct
import sys
import zlib


class Reader:
    """Integers, one after the other (LEB128)."""

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
        """Each as far from the one before it as is written."""
        values, last = [], 0
        for _ in range(count):
            last += self.signed()
            values.append(last)
        return values

    def column(self, reaches):
        """Each as far from what the two before it promise as is written."""
        values, last, moved = [], 0, 0
        for reach in reaches[self.take()]:
            value = last + (moved * reach + 2048 >> 12) + self.signed()
            values.append(value)
            last, moved = value, value - last
        return values


def reaches(times, cuts):
    """How far each frame goes on from the two before it, in 4096ths, by each of the three predictors."""
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
    """Quaternions whose largest part, or nearly so, was left out."""
    per_one = reader.take()
    left_out, frame = {}, 0
    for _ in range(reader.take()):
        frame += reader.take()
        left_out[frame] = reader.take()
    of_parts = reaches(times, [frame for frame in left_out if frame > 0])
    parts = [reader.column(of_parts) for _ in range(3)]
    numbers, before, out = [], [0.0] * 4, 0
    for at, steps in enumerate(zip(*parts)):
        out = left_out.get(at, out)
        quaternion = [step / per_one for step in steps]
        quaternion.insert(out, math.sqrt(per_one * per_one - sum(step * step for step in steps)) / per_one)
        # A quaternion and its opposite turn alike; between the nearer ones one can blend.
        if sum(one * other for one, other in zip(before, quaternion)) < 0:
            quaternion = [0.0 - part for part in quaternion]
        numbers += quaternion
        before = quaternion
    return numbers


def decode(packed):
    """The columns of a packed recording, as a dictionary."""
    magic, version, length = struct.unpack_from("<4sB3xI", packed)
    if magic != b"\xcaREC" or version != 1:
        raise ValueError("no recording of version 1")
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
    of_axes = reaches(times, teleports)
    axes = [reader.column(of_axes) for _ in range(3)]
    columns["pos"] = [step / per_unit for place in zip(*axes) for step in place]
    columns["rot"] = rotations(reader, times) if flags & 2 else []
    columns["state"] = reader.differences(len(times)) if flags & 4 else []
    columns["teleports"] = teleports
    events = reader.take()
    for name in ("event_ms", "event_code", "event_arg"):
        columns[name] = reader.differences(events)
    # What a recording has not is left out.
    always = ("content_version", "complete", "t_ms", "pos")
    return {name: value for name, value in columns.items() if name in always or value}


if __name__ == "__main__":
    for path in sys.argv[1:]:
        with open(path, "rb") as file:
            print(json.dumps(decode(file.read()), ensure_ascii=False, separators=(",", ":")))
