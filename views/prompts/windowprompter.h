// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/prompter.h"

#include <QObject>
#include <QPointer>

#include <deque>
#include <memory>

class QDialog;
class QWidget;

namespace pilothouse {

/// Asks in dialogs of the window, one after the other, without blocking anything else. A question
/// whose Context stops or expires is withdrawn. Main thread.
class WindowPrompter : public QObject, public Prompter {
    Q_OBJECT

public:
    explicit WindowPrompter(QObject *parent = nullptr);
    ~WindowPrompter() override;
    void setWindow(QWidget *window) { m_window = window; }

    Task<Result<HostKeyAnswer>> askHostKey(Context context, HostKeyQuestion question) override;
    Task<Result<QList<Secret>>> askSecrets(Context context, SecretQuestion question) override;

    int waiting() const; ///< questions shown or queued

private:
    struct Question;
    void enqueue(std::shared_ptr<Question> question, const Context &context);
    void withdraw(quint64 number);
    void showNext();
    std::deque<std::shared_ptr<Question>> m_queue; ///< the first one is shown
    QPointer<QWidget> m_window;
    QPointer<QDialog> m_dialog;
    quint64 m_next = 1;
};

} // namespace pilothouse
