// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

#include <optional>

namespace pilothouse {

/// A word as a shell takes it: as it is when plain, else in single quotes. For sh, bash, dash, zsh
/// and busybox; for csh and tcsh as long as no newline and no "!" is in it. For lines that people
/// read, copy and edit; what is sent to a node goes through core/transport/remotecommand.
QString quotedWord(const QString &word);

/// The same for the word that names the program: words that a shell would take for an assignment, a
/// keyword or a job are quoted too.
QString quotedProgram(const QString &word);

/// A whole command line of them.
QString quotedLine(const QStringList &words);

/// The words of a line in which a shell would only remove quotes. Nothing when there is more to it
/// ($, `, |, &, ;, <, >, (, ), *, ?, [, {, ~ or # at the start of a word, a newline) or a quote
/// does not close.
std::optional<QStringList> splitLikeShell(const QString &line);

} // namespace pilothouse
