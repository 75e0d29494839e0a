// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QSet>
#include <QString>

#include <limits>
#include <map>
#include <vector>

namespace pilothouse {

/// One GPU's part in a job, on whatever node.
struct JobRank {
    QString target, device;
    QString job; ///< the same for all ranks of it

    bool operator==(const JobRank &) const = default;
};

/// What GPUs under load are clocked at, for comparing one with those that should do the same: the
/// other ranks of its job, on any node; without a job the other GPUs of its node that have none,
/// which say less, so that it takes three. Models that are known must be the same. Plain data;
/// times are Unix ms.
class PeerClocks {
public:
    static constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

    /// All there are now; what is known of clocks stays.
    void setRanks(const QList<JobRank> &ranks);
    void setModel(const QString &target, const QString &device, const QString &model);
    void keepOnly(const QSet<QString> &targets);
    /// `hertz`: NaN = not under load, or not known.
    void report(const QString &target, const QString &device, double hertz, qint64 time);
    /// Median of its peers' clocks, in hertz; NaN = there are too few to compare with.
    double peersOf(const QString &target, const QString &device, qint64 time) const;

private:
    struct Gpu {
        QString model;
        double hertz = nothing;
        qint64 at = 0;
        const std::vector<const Gpu *> *ranks = nullptr; ///< of its job; null = none
        std::size_t place = 0; ///< among them
    };
    void assignRanks();
    static bool compares(const Gpu &gpu, const Gpu &other, qint64 time);

    std::map<QString, std::map<QString, Gpu>> m_nodes; ///< by target, by device
    QList<JobRank> m_ranks;
    std::map<QString, std::vector<const Gpu *>> m_jobs;
};

} // namespace pilothouse
