// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/ttyprompter.h"

#include "app/ctl/output.h"
#include "core/base/offload.h"

#include <cerrno>
#include <fcntl.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

namespace pilothouse::ctl {

namespace {

/// The terminal of this process; its echo comes back when this dies.
class Terminal {
public:
    Terminal()
        : m_fd(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY))
    {
    }
    ~Terminal()
    {
        if (m_hidden) {
            ::tcsetattr(m_fd, TCSAFLUSH, &m_before);
            writeAll(m_fd, "\n");
        }
        if (m_fd >= 0)
            ::close(m_fd);
    }
    Terminal(const Terminal &) = delete;
    bool there() const { return m_fd >= 0; }
    void hide()
    {
        if (::tcgetattr(m_fd, &m_before) != 0)
            return;
        termios hidden = m_before;
        hidden.c_lflag &= ~tcflag_t(ECHO);
        m_hidden = ::tcsetattr(m_fd, TCSAFLUSH, &hidden) == 0;
    }
    Result<QByteArray> ask(const QString &prompt, const Context &context)
    {
        writeAll(m_fd, prompt.toUtf8());
        QByteArray line;
        for (;;) {
            pollfd ready{m_fd, POLLIN, 0};
            const int polled = ::poll(&ready, 1, 100); // a stop must not wait for a key
            if (context.stopped())
                return fail(cancelled(QStringLiteral("prompt")));
            if (context.expired())
                return fail(timedOut(QStringLiteral("prompt"), tr("Nobody answered in time.")));
            if (polled <= 0)
                continue;
            char c = 0;
            const ssize_t got = ::read(m_fd, &c, 1);
            if (got < 0 && (errno == EINTR || errno == EAGAIN))
                continue;
            if (got <= 0)
                return fail(cancelled(QStringLiteral("prompt")));
            if (c == '\n')
                return line;
            line += c;
        }
    }

private:
    int m_fd;
    bool m_hidden = false;
    termios m_before{};
};

struct Asked {
    QString prompt;
    bool echo = true;
};

Error nobody(const QString &stage, const QString &message)
{
    return {ErrorKind::Denied, stage, message, {},
        tr("Run this from a terminal, or use a key that needs no question.")};
}

Result<QList<Secret>> askAll(
    const QString &intro, const QList<Asked> &fields, const Context &context)
{
    QList<Secret> answers;
    for (const auto &field : fields) {
        Terminal terminal; // one each, since the echo differs
        if (!terminal.there())
            return fail(nobody(QStringLiteral("prompt"), tr("There is no terminal to ask on.")));
        if (!field.echo)
            terminal.hide();
        const auto answer
            = terminal.ask(answers.isEmpty() ? intro + field.prompt : field.prompt, context);
        if (!answer)
            return fail(answer.error());
        answers << Secret(*answer);
    }
    return answers;
}

} // namespace

/// "ED25519 SHA256:... (also used by lab2)"
static QString keyText(const HostKeyQuestion &question)
{
    const QString key = question.type + QLatin1Char(' ') + question.fingerprint;
    return question.alsoKnownAs.isEmpty()
        ? key
        : tr("%1 (also used by %2)")
              .arg(key, question.alsoKnownAs.mid(0, 5).join(QStringLiteral(", ")));
}

Task<Result<HostKeyAnswer>> TtyPrompter::askHostKey(Context context, HostKeyQuestion question)
{
    if (!m_hostKey.isEmpty()) {
        if (m_hostKey == question.fingerprint)
            co_return HostKeyAnswer::AcceptAndSave;
        Error other{ErrorKind::HostKey, QStringLiteral("host_key"),
            tr("%1 shows a key that is not the one of --host-key.").arg(question.host),
            keyText(question), {}};
        co_return fail(other);
    }
    Error unknown{ErrorKind::HostKey, QStringLiteral("host_key"),
        tr("The key of %1 is not known.").arg(question.host), keyText(question),
        tr("Compare the fingerprint with whoever runs the host, then give it with --host-key.")};
    if (m_quiet)
        co_return fail(unknown);
    const QString text = tr("The key of %1 is not known:\n  %2\nType yes to accept and save it: ")
                             .arg(question.host, keyText(question));
    const QList<Asked> fields{Asked{QString(), true}};
    auto asking = offload([text, fields, context] { return askAll(text, fields, context); });
    const auto answer = co_await std::move(asking);
    if (!answer)
        co_return fail(answer.error().kind == ErrorKind::Denied ? unknown : answer.error());
    const bool yes = answer->first().reveal().trimmed().toLower() == "yes";
    co_return yes ? HostKeyAnswer::AcceptAndSave : HostKeyAnswer::Reject;
}

Task<Result<QList<Secret>>> TtyPrompter::askSecrets(Context context, SecretQuestion question)
{
    const Error unasked = nobody(QStringLiteral("authentication"),
        tr("%1 asks for a secret, and there is no terminal to ask on.").arg(question.host));
    if (m_quiet)
        co_return fail(unasked);
    QString intro;
    if (question.again)
        intro += tr("That was not accepted.\n");
    if (!question.title.isEmpty())
        intro += question.title + QLatin1Char('\n');
    if (!question.instruction.isEmpty())
        intro += question.instruction + QLatin1Char('\n');
    QList<Asked> fields;
    for (const auto &field : question.fields)
        fields << Asked{field.prompt.isEmpty() ? tr("Answer: ") : field.prompt, field.echo};
    auto asking = offload([intro, fields, context] { return askAll(intro, fields, context); });
    const auto answers = co_await std::move(asking);
    if (!answers)
        co_return fail(answers.error().kind == ErrorKind::Denied ? unasked : answers.error());
    co_return *answers;
}

Task<Result<QString>> TtyPrompter::askLine(Context context, QString prompt)
{
    const QList<Asked> fields{Asked{prompt, true}};
    if (m_quiet)
        co_return fail(nobody(QStringLiteral("prompt"), tr("There is no terminal to ask on.")));
    auto asking = offload([fields, context] { return askAll(QString(), fields, context); });
    const auto answers = co_await std::move(asking);
    if (!answers)
        co_return fail(answers.error());
    co_return QString::fromUtf8(answers->first().reveal());
}

} // namespace pilothouse::ctl
