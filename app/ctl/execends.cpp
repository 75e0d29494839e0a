// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/execends.h"

#include "app/ctl/desk.h"
#include "app/ctl/output.h"
#include "core/agentlink/agentclient.h"

#include <QSocketNotifier>

#include <array>
#include <cerrno>
#include <unistd.h>

namespace pilothouse::ctl {

namespace {

/// Reads stdin as it becomes readable; files and terminals alike. No more of it than the command
/// keeps up with.
class Input {
public:
    explicit Input(ExecStream *stream)
        : m_stream(stream)
        , m_notifier(STDIN_FILENO, QSocketNotifier::Read)
    {
        QObject::connect(&m_notifier, &QSocketNotifier::activated, &m_notifier, [this] { read(); });
    }

    void resume()
    {
        if (!m_ended && m_stream->pending() < mostWaiting)
            m_notifier.setEnabled(true);
    }

private:
    void read()
    {
        std::array<char, 64 * 1024> buffer;
        const ssize_t got = ::read(STDIN_FILENO, buffer.data(), buffer.size());
        if (got > 0) {
            m_stream->write(QByteArray(buffer.data(), qsizetype(got)));
            if (m_stream->pending() >= mostWaiting)
                m_notifier.setEnabled(false);
        } else if (got == 0 || (errno != EINTR && errno != EAGAIN)) {
            m_ended = true;
            m_notifier.setEnabled(false);
            m_stream->closeInput();
        }
    }

    static constexpr qsizetype mostWaiting = 1024 * 1024;
    ExecStream *m_stream;
    QSocketNotifier m_notifier;
    bool m_ended = false;
};

} // namespace

std::shared_ptr<ExecEnds> ownEnds(Desk &desk)
{
    auto ends = std::make_shared<ExecEnds>();
    auto input = std::make_shared<std::unique_ptr<Input>>();
    auto *all = &desk;
    const auto pass = [all](int descriptor) {
        return [all, descriptor](const QByteArray &bytes) {
            if (!writeAll(descriptor, bytes))
                all->stop(); // nobody reads stderr any more; of stdout main() is told
        };
    };
    ends->out = pass(STDOUT_FILENO);
    ends->err = pass(STDERR_FILENO);
    ends->sent = [input] {
        if (*input)
            (*input)->resume();
    };
    ends->running = [all, input](ExecStream *stream) {
        if (!stream) {
            input->reset();
            all->onSignal = nullptr;
            return;
        }
        *input = std::make_unique<Input>(stream);
        all->onSignal = [stream](int number) { stream->signal(number); };
    };
    return ends;
}

} // namespace pilothouse::ctl
