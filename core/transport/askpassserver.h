// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/secret.h"
#include "core/transport/transport.h"

#include <map>
#include <memory>
#include <optional>

class QSocketNotifier;

namespace pilothouse {

/// Takes the questions of pilothouse-askpass on a unix socket of ours. Main thread.
class AskpassServer : public QObject {
    Q_OBJECT

public:
    /// `path` must not be there yet and be short enough for a socket.
    explicit AskpassServer(QString path, QObject *parent = nullptr);
    ~AskpassServer() override;
    bool isListening() const { return m_listener.valid(); }
    QString path() const { return m_path; }
    /// Askers must know it; goes to them through the environment.
    QByteArray token() const { return m_token; }

    /// Ends a question; nullopt declines it. Ids that are over are ignored.
    void answer(int id, const std::optional<Secret> &secret);

Q_SIGNALS:
    /// `kind`: "" for a text, "confirm" for yes or no, "none" for a notice that ends by itself.
    void asked(int id, const QString &kind, const QString &prompt);
    /// ssh does not want to know any more.
    void withdrawn(int id);

private:
    struct Asker;
    void accept();
    void read(int id);
    void drop(int id);
    const QString m_path;
    const QByteArray m_token;
    Descriptor m_listener;
    std::unique_ptr<QSocketNotifier> m_notifier;
    std::map<int, std::unique_ptr<Asker>> m_askers;
    int m_nextId = 1;
};

} // namespace pilothouse
