// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/invocation.h"
#include "core/base/task.h"

#include <vector>

namespace pilothouse::ctl {

class Desk;

struct Option {
    const char *name; ///< without dashes; a single letter is a short one
    const char *value; ///< "N" (a number), "FILE", ...; null for a flag
    const char *help;
};

/// One verb, as data. Help, parsing and the suggestion of near names come from it.
struct Verb {
    const char *name; ///< one or two words: "run", "agent deploy"
    const char *arguments; ///< "ALIAS [--] CMD..."
    const char *summary;
    const char *example;
    int least, most; ///< number of words; most -1 = any
    bool ownCode; ///< exit code is the command's own, so a failure of ours is 255
    std::vector<Option> options;
    /// Gives the exit code.
    Task<int> (*run)(Desk &desk, Invocation invocation);
    const char *more; ///< of its help: what it prints, how it ends
};

/// In the order of the help.
const std::vector<const Verb *> &verbTable();
/// Takes the verb's word or words off the front; null when there is none of that name.
const Verb *takeVerb(QStringList &words);
/// The nearest name to one that is none; empty when nothing is near.
QString nearestVerb(const QString &wrong);

} // namespace pilothouse::ctl
