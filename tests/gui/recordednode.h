// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/jobs/targetlinks.h"
#include "core/telemetry/store.h"
#include "tests/support/fakeagentclient.h"

#include <QJsonObject>

namespace pilothouse {

/// The agent of a recorded node: its jobs, logs and one folder. Times count back from `now`.
class RecordedAgent : public FakeAgentClient {
public:
    RecordedAgent(const QJsonObject &recording, const QString &target, qint64 now);
    Task<Result<QList<FileInfo>>> listFolder(Context context, QString path) override;

private:
    QString m_folder;
    QList<FileInfo> m_files;
};

/// Links of the recorded targets that are open and have files.
class RecordedLinks : public TargetLinks {
public:
    RecordedLinks(const QJsonObject &recording, qint64 now);
    QStringList targets() const override { return m_links.keys(); }
    QString name(const QString &target) const override { return target.section(u':', -1); }
    std::shared_ptr<const Link> link(const QString &target) const override
    {
        return m_links.value(target);
    }

private:
    QMap<QString, std::shared_ptr<const Link>> m_links;
};

/// Puts tests/fixtures/workspace/telemetry.json into a store, ending at `now`, a value each second
/// between the recorded ones.
void fillStore(TelemetryStore *store, const QJsonObject &telemetry, qint64 now);

} // namespace pilothouse
