#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Pilothouse developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the bundled fonts from Debian's fonts-inter and fonts-jetbrains-mono (both OFL-1.1):
tabular digits become the default ones (Qt 6.4 cannot set font features), features that rewrite what
was typed ("->", "3x4") go, and glyphs outside Latin, Greek, Cyrillic, arrows and mathematics go.
Run by hand; the results are committed."""
import pathlib

from fontTools import subset
from fontTools.ttLib import TTFont

here = pathlib.Path(__file__).parent
inter = pathlib.Path("/usr/share/fonts/opentype/inter")
mono = pathlib.Path("/usr/share/fonts/truetype/jetbrains-mono")
RANGES = [(0x20, 0x7E), (0xA0, 0x24F), (0x2B0, 0x36F), (0x370, 0x3FF), (0x400, 0x52F), (0x2000, 0x206F), (0x2070, 0x209F),
          (0x20A0, 0x20BF), (0x2100, 0x214F), (0x2150, 0x218F), (0x2190, 0x21FF), (0x2200, 0x22FF), (0x2300, 0x23FF),
          (0x2400, 0x243F), (0x25A0, 0x25FF), (0x2713, 0x2717), (0xFB00, 0xFB06), (0xFFFD, 0xFFFD)]
MONO_RANGES = RANGES + [(0x2500, 0x259F)]


def freeze_tabular(font):
    table = font["GSUB"].table
    wanted = set()
    for record in table.FeatureList.FeatureRecord:
        if record.FeatureTag == "tnum":
            wanted.update(record.Feature.LookupListIndex)
    mapping = {}
    for index in wanted:
        for sub in table.LookupList.Lookup[index].SubTable:
            mapping.update(getattr(getattr(sub, "ExtSubTable", sub), "mapping", {}))
    for cmap in font["cmap"].tables:
        for code, glyph in list(cmap.cmap.items()):
            cmap.cmap[code] = mapping.get(glyph, glyph)
    # Interpolated weights are off by a unit or two: make them exactly one width.
    digits = [font.getBestCmap()[ord(digit)] for digit in "0123456789"]
    widths = [font["hmtx"][digit][0] for digit in digits]
    assert max(widths) - min(widths) < 8, widths
    for digit in digits:
        font["hmtx"][digit] = (widths[0], font["hmtx"][digit][1])


def make(source, target, family, style, ranges, tabular):
    font = TTFont(source)
    if tabular:
        freeze_tabular(font)
    options = subset.Options()
    options.layout_features = ["kern", "mark", "mkmk", "ccmp", "locl"]
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.hinting = not tabular
    options.notdef_outline = True
    options.glyph_names = False
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[code for first, last in ranges for code in range(first, last + 1)])
    subsetter.subset(font)
    names = font["name"]
    # Names of our own: an installed Inter without tabular digits must not be taken for this one.
    for number, text in ((1, family), (2, style), (3, f"{family} {style}"), (4, f"{family} {style}"),
                         (6, f"{family} {style}".replace(" ", ""))):
        names.setName(text, number, 3, 1, 0x409)
    font.save(here / target)
    print(target, (here / target).stat().st_size)


for weight in ("Regular", "Medium", "SemiBold"):
    make(inter / f"Inter-{weight}.otf", f"PilothouseInter-{weight}.otf", "Pilothouse Inter", weight, RANGES, True)
make(mono / "JetBrainsMono-Regular.ttf", "PilothouseMono-Regular.ttf", "Pilothouse Mono", "Regular", MONO_RANGES, False)
