// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/feed/targetfeed.h"

#include <algorithm>

namespace pilothouse {

TargetFeed::TargetFeed(QObject *parent)
    : QObject(parent)
{
    m_pause.setSingleShot(true);
    m_pause.setInterval(100);
    const auto tell = [this] {
        m_more = false;
        m_pause.start();
        Q_EMIT statusesChanged();
    };
    connect(&m_pause, &QTimer::timeout, this, [this, tell] {
        if (m_more)
            tell();
    });
    connect(this, &TargetFeed::statusChanged, this, [this, tell] {
        if (m_pause.isActive())
            m_more = true;
        else
            tell();
    });
}

QString TargetFeed::targetName(const QString &id) const
{
    const auto found = status(id);
    return found ? found->target.name : id;
}

bool TargetFeed::simulated() const
{
    const auto all = targets();
    return std::any_of(all.begin(), all.end(),
        [](const TargetStatus &one) { return one.target.kind == TargetKind::Simulated; });
}

} // namespace pilothouse
