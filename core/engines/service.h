// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/reply.h"
#include "core/jobs/enginesource.h"
#include "core/session/link.h"

#include <QHash>
#include <QPointer>

#include <memory>
#include <vector>

namespace pilothouse {

class Workspace;

/// Finds engines on targets as these connect, and drops them when their link goes. Main thread.
class EngineService : public EngineSource {
    Q_OBJECT

public:
    /// The workspace must outlive it.
    explicit EngineService(Workspace *workspace, QObject *parent = nullptr);
    ~EngineService() override;

    QList<std::shared_ptr<Engine>> engines() const override;
    std::shared_ptr<Engine> engine(const QString &kind, const QString &target) const override;

    /// Those of a connected target, once it was looked for all kinds. Unreachable when it is not
    /// connected. A kind that could not be looked for is a note, as `problems` tells.
    Task<Result<QList<std::shared_ptr<Engine>>>> find(Context context, QString target);
    /// What could not be found out on a target, one sentence each.
    QStringList problems(const QString &target) const;

private:
    struct Found {
        std::shared_ptr<const Link> link;
        QList<std::shared_ptr<Engine>> engines;
        QStringList problems;
        bool looked = false;
        std::vector<Reply<bool>> waiting;
    };
    void follow(const QString &target);
    static Task<> look(QPointer<EngineService> self, QString target, std::shared_ptr<Found> found);

    Workspace *m_workspace;
    QHash<QString, std::shared_ptr<Found>> m_found; ///< by target
};

} // namespace pilothouse
