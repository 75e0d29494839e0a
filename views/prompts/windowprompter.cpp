// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/prompts/windowprompter.h"

#include "core/base/reply.h"
#include "views/prompts/hostkeydialog.h"
#include "views/prompts/secretsdialog.h"

#include <QTimer>
#include <QWidget>

#include <algorithm>
#include <stop_token>

namespace pilothouse {

/// One question: how it is shown, and what happens when it is withdrawn.
struct WindowPrompter::Question {
    quint64 number = 0;
    std::function<QDialog *(QWidget *)> make;
    std::function<void(Error)> giveUp;
    std::unique_ptr<std::stop_callback<std::function<void()>>> stop;
};

WindowPrompter::WindowPrompter(QObject *parent)
    : QObject(parent)
{
}

WindowPrompter::~WindowPrompter()
{
    delete m_dialog;
    for (const auto &question : m_queue)
        question->giveUp(cancelled(QStringLiteral("prompt")));
}

int WindowPrompter::waiting() const
{
    return int(m_queue.size());
}

void WindowPrompter::enqueue(std::shared_ptr<Question> question, const Context &context)
{
    const quint64 number = question->number = m_next++;
    m_queue.push_back(question);
    if (!context.deadline().isForever()) {
        QTimer::singleShot(int(std::clamp<qint64>(context.deadline().remainingTime(), 0, 1 << 30)),
            this, [this, number] { withdraw(number); });
    }
    // May come from any thread, and at once when it has stopped already.
    std::function<void()> onStop = [this, number] {
        QMetaObject::invokeMethod(
            this, [this, number] { withdraw(number); }, Qt::QueuedConnection);
    };
    question->stop = std::make_unique<std::stop_callback<std::function<void()>>>(
        context.stop(), std::move(onStop));
    if (m_queue.size() == 1)
        showNext();
}

void WindowPrompter::withdraw(quint64 number)
{
    for (auto one = m_queue.begin(); one != m_queue.end(); ++one) {
        if ((*one)->number != number)
            continue;
        const bool shown = one == m_queue.begin();
        const auto question = *one;
        m_queue.erase(one);
        // Before the dialog closes: its closing would answer "no" for the person.
        question->giveUp(cancelled(QStringLiteral("prompt")));
        if (shown && m_dialog) {
            m_dialog->disconnect(this);
            m_dialog->close();
        }
        if (shown)
            showNext();
        return;
    }
}

void WindowPrompter::showNext()
{
    if (m_queue.empty())
        return;
    const auto question = m_queue.front();
    m_dialog = question->make(m_window);
    m_dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(m_dialog, &QDialog::finished, this, [this, number = question->number](int) {
        if (!m_queue.empty() && m_queue.front()->number == number)
            m_queue.pop_front();
        showNext();
    });
    m_dialog->open();
    m_dialog->raise();
}

Task<Result<HostKeyAnswer>> WindowPrompter::askHostKey(Context context, HostKeyQuestion question)
{
    Reply<HostKeyAnswer> reply;
    auto one = std::make_shared<Question>();
    one->make = [reply, question](QWidget *window) -> QDialog * {
        auto *dialog = new HostKeyDialog(question, window);
        QObject::connect(dialog, &QDialog::finished, dialog,
            [dialog, reply](int) { reply.finish(dialog->answer()); });
        return dialog;
    };
    one->giveUp = [reply](Error error) { reply.finish(fail(std::move(error))); };
    enqueue(std::move(one), context);
    auto future = reply.future();
    co_return co_await std::move(future);
}

Task<Result<QList<Secret>>> WindowPrompter::askSecrets(Context context, SecretQuestion question)
{
    Reply<QList<Secret>> reply;
    auto one = std::make_shared<Question>();
    one->make = [reply, question](QWidget *window) -> QDialog * {
        auto *dialog = new SecretsDialog(question, window);
        QObject::connect(dialog, &QDialog::finished, dialog, [dialog, reply](int code) {
            if (code == QDialog::Accepted)
                reply.finish(dialog->secrets());
            else
                reply.finish(fail(cancelled(QStringLiteral("prompt"))));
        });
        return dialog;
    };
    one->giveUp = [reply](Error error) { reply.finish(fail(std::move(error))); };
    enqueue(std::move(one), context);
    auto future = reply.future();
    co_return co_await std::move(future);
}

} // namespace pilothouse
