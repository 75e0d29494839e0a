// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/jobs/targetlinks.h"
#include "tests/support/fakeagentclient.h"

#include <QMap>

namespace pilothouse {

/// Links a test makes and breaks.
class FakeLinks : public TargetLinks {
public:
    QStringList known{QStringLiteral("ssh:lab")};

    QStringList targets() const override { return known; }
    QString name(const QString &target) const override { return target.mid(4); }
    std::shared_ptr<const Link> link(const QString &target) const override
    {
        return m_links.value(target);
    }

    /// `aheadMs`: of the node's clock.
    void connectTo(const std::shared_ptr<FakeNode> &node, qint64 aheadMs = 0,
        const QString &target = QStringLiteral("ssh:lab"))
    {
        auto link = std::make_shared<Link>();
        link->targetId = target;
        m_client = std::make_shared<FakeAgentClient>(node);
        link->agent = m_client;
        link->clock->measure(aheadMs * 1'000'000, 0, 0);
        m_links.insert(link->targetId, link);
        Q_EMIT linkChanged(link->targetId);
    }
    void lose()
    {
        m_client->lose();
        m_links.clear();
        Q_EMIT linkChanged(QStringLiteral("ssh:lab"));
    }

private:
    QMap<QString, std::shared_ptr<const Link>> m_links;
    std::shared_ptr<FakeAgentClient> m_client;
};

} // namespace pilothouse
