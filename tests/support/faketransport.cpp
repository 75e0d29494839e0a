// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/faketransport.h"

#include <QCoroTimer>
#include <QPointer>

namespace pilothouse {

using namespace std::chrono_literals;

FakeTransport::FakeTransport(std::shared_ptr<Transport> real)
    : m_state(std::make_shared<State>())
{
    m_state->real = std::move(real);
}

FakeTransport::~FakeTransport()
{
    FakeTransport::close();
}

Error FakeTransport::goneError()
{
    return {ErrorKind::Unreachable, QStringLiteral("connection"),
        QStringLiteral("The connection was lost."), QStringLiteral("fake"), {}};
}

void FakeTransport::lose()
{
    if (std::exchange(m_state->gone, true))
        return;
    if (m_state->real)
        m_state->real->close();
    Q_EMIT lost(goneError());
}

void FakeTransport::close()
{
    calls << QStringLiteral("close");
    m_state->gone = true;
    if (m_state->real)
        m_state->real->close();
}

Task<Result<Output>> FakeTransport::run(Context context, Command command)
{
    const auto state = m_state;
    const auto answer = onRun;
    calls << QStringLiteral("run ") + command.program + QLatin1Char(' ')
            + command.arguments.join(QLatin1Char(' '));
    co_await QCoro::sleepFor(1ms);
    if (context.stopped())
        co_return fail(cancelled(QStringLiteral("command")));
    if (state->gone)
        co_return fail(goneError());
    if (answer) {
        const auto given = answer(command);
        if (given)
            co_return *given;
    }
    if (state->real)
        co_return co_await state->real->run(context, command);
    Output missing;
    missing.exitCode = 127;
    missing.err = "command not found";
    co_return missing;
}

Task<Result<std::shared_ptr<Descriptor>>> FakeTransport::open(Context context, Command command)
{
    const auto state = m_state;
    const auto seen = onOpen;
    calls << QStringLiteral("open ") + command.program + QLatin1Char(' ')
            + command.arguments.join(QLatin1Char(' '));
    co_await QCoro::sleepFor(1ms);
    if (context.stopped())
        co_return fail(cancelled(QStringLiteral("command")));
    if (state->gone || !state->real)
        co_return fail(goneError());
    if (seen) {
        const auto changed = seen(command);
        if (!changed)
            co_return fail(changed.error());
        command = *changed;
    }
    co_return co_await state->real->open(context, command);
}

Task<Result<>> FakeTransport::upload(
    Context context, QByteArray data, QString remotePath, Progress progress)
{
    const auto state = m_state;
    const QPointer<FakeTransport> self(this);
    const qint64 cut = cutUploadAt;
    calls << QStringLiteral("upload ") + remotePath;
    co_await QCoro::sleepFor(1ms);
    if (context.stopped())
        co_return fail(cancelled(QStringLiteral("upload")));
    if (state->gone || !state->real)
        co_return fail(goneError());
    if (cut < 0 || cut >= data.size())
        co_return co_await state->real->upload(context, data, remotePath, progress);
    // What a dead connection leaves on the far side: a partial file that nobody checked.
    const QByteArray part = data.left(cut);
    const auto written = co_await state->real->upload(context, part, remotePath, progress);
    if (self)
        self->lose();
    if (!written)
        co_return fail(written.error());
    co_return fail(goneError());
}

} // namespace pilothouse
