// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>

#include <optional>

namespace pilothouse {

/// GPUs of one type in a list of generic resources.
struct SlurmGpus {
    QString type; ///< "h100"; empty = not named
    int count = 0;
    bool operator==(const SlurmGpus &) const = default;
};

/// Of "gpu:h100:8(S:0-1),shard:4", "gres:gpu:2", "gres/gpu:a100=4", "(null)". What is no GPU is
/// left out. A name without a number counts as one, as Slurm has it.
QList<SlurmGpus> slurmGpus(const QString &gres);

/// Parts of a list at its commas outside brackets: "a,b[1,2]" gives two.
QStringList slurmList(const QString &text);

/// Slurm's times: "5" minutes, "5:30", "1:00:00", "2-12", "2-12:30:00" (days first). 0 for
/// UNLIMITED and INFINITE; nothing for what is none.
std::optional<int> slurmSeconds(const QString &text);
/// "2-12:30:00" or "1:00:00".
QString slurmTime(int seconds);

/// "16G", "512" (MiB), "100000K", "1T", in bytes; nothing for what is none.
std::optional<quint64> slurmBytes(const QString &text);

/// Exit code and signal of "768" (as wait() gives it) or "3:0".
struct SlurmExit {
    std::optional<int> code, signal;
};
SlurmExit slurmExit(const QString &text);

/// Empty for "(null)", "N/A", "None" and such.
QString slurmWord(const QString &text);

} // namespace pilothouse
