// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

class QLocalServer;

namespace pilothouse {

/// One console per user: a second start asks the first to come forward and ends.
class SingleInstance : public QObject {
    Q_OBJECT

public:
    explicit SingleInstance(const QString &socketPath, QObject *parent = nullptr);
    /// True for the first, which listens from now on; false after another was asked to raise.
    bool claim();

Q_SIGNALS:
    void raiseWanted();

private:
    QString m_path;
    QLocalServer *m_server = nullptr;
};

} // namespace pilothouse
