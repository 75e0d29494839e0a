// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// Private to core/yaml
#pragma once

#include "core/yaml/yamlnode.h"

namespace pilothouse {

struct YamlSpot {
    const YamlNode *parent = nullptr;
    const YamlNode *node = nullptr;
};

// Guesses, the best first, of how a text reads after an edit. Whoever asks reads them back and
// takes the first that means what was wanted, so that a wrong one is no harm.
std::vector<QByteArray> replaceInYaml(
    const QByteArray &text, const YamlSpot &spot, const YamlNode &value);
std::vector<QByteArray> addToYamlMap(
    const QByteArray &text, const YamlNode &map, const QByteArray &key, const YamlNode &value);
std::vector<QByteArray> addToYamlSequence(
    const QByteArray &text, const YamlNode &sequence, const YamlNode &value);
std::vector<QByteArray> removeFromYaml(
    const QByteArray &text, const YamlNode &parent, std::size_t index);

/// Like sameYaml(), but the keys of maps may come in any order.
bool sameMeaning(const YamlNode &a, const YamlNode &b);

} // namespace pilothouse
