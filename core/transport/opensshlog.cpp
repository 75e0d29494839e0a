// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/opensshlog.h"

#include "core/transport/libsshconnect.h"

#include <QCoreApplication>
#include <QRegularExpression>

namespace pilothouse {

static constexpr qsizetype keptText = 4096;

OpenSshLog::OpenSshLog(std::shared_ptr<ResolvedHost> host, StageSink report)
    : m_chain(host->jumps + QList<std::shared_ptr<ResolvedHost>>{host})
    , m_report(std::move(report))
{
    begin(Stage::Tcp);
}

const ResolvedHost &OpenSshLog::current() const
{
    return *m_chain[std::min(m_index, m_chain.size() - 1)];
}

void OpenSshLog::begin(Stage stage)
{
    m_stage = stage;
    if (!inHop())
        m_clock = std::make_unique<StageClock>(m_report, stage);
    else if (stage == Stage::Tcp)
        m_clock = std::make_unique<StageClock>(m_report, Stage::JumpHost, current().alias);
    if (inHop())
        m_clock->running(stageTitle(stage));
}

void OpenSshLog::done(const QString &result)
{
    if (inHop())
        m_clock->running(stageTitle(m_stage) + QStringLiteral(": ") + result);
    else
        m_clock->done(result);
}

void OpenSshLog::notice(const QString &text)
{
    if (m_clock)
        m_clock->running(text);
}

void OpenSshLog::authenticated(const QString &method)
{
    if (inHop())
        m_clock->done(displayName(current()) + QStringLiteral(", ") + method);
    else
        m_clock->done(method);
    ++m_index;
    m_address.clear();
    m_noise.clear();
    m_key.clear();
    m_methods.clear();
    m_known = false;
    m_complaints.clear(); // what was said of a host that let us in is no failure's cause
    if (m_index < m_chain.size())
        begin(Stage::Tcp);
    else
        m_clock.reset();
}

void OpenSshLog::progress(const QString &text)
{
    static const QRegularExpression connecting(
        QStringLiteral("^Connecting to \\S+ \\[([^\\]]*)\\] port (\\d+)")),
        software(QStringLiteral(
            "^Remote protocol version (?:2\\.|1\\.99).*, remote software version (.*)$")),
        noise(QStringLiteral("banner line \\d+: (.*)$")),
        key(QStringLiteral("^Server host key: (\\S+) (\\S+)"));
    if (const auto match = connecting.match(text); match.hasMatch()) {
        m_address = match.captured(1) + QLatin1Char(':') + match.captured(2);
    } else if (text.startsWith(QLatin1String("Connection established")) && m_stage == Stage::Tcp) {
        done(m_address);
        begin(Stage::Banner);
    } else if (const auto before = noise.match(text); before.hasMatch()) {
        m_noise = (m_noise + before.captured(1) + QLatin1Char('\n')).left(keptText);
    } else if (const auto banner = software.match(text); banner.hasMatch()) {
        if (m_stage == Stage::Tcp) { // through a proxy: its end is all that is seen
            done(QCoreApplication::translate("transport", "%1:%2 through the proxy")
                     .arg(current().hostName)
                     .arg(current().port));
            begin(Stage::Banner);
        }
        m_noise.clear(); // a gateway may greet first
        if (m_stage == Stage::Banner) {
            done(banner.captured(1).replace(QLatin1Char('_'), QLatin1Char(' ')));
            begin(Stage::HostKey);
        }
    } else if (const auto shown = key.match(text); shown.hasMatch()) {
        QString type = shown.captured(1);
        if (type.startsWith(QLatin1String("ecdsa-")))
            type = QStringLiteral("ecdsa");
        type.remove(QRegularExpression(QStringLiteral("^ssh-")));
        m_key = type.toUpper() + QLatin1Char(' ') + shown.captured(2);
    } else if (text.contains(QLatin1String("is known and matches the"))) {
        m_known = true;
    } else if (text.startsWith(QLatin1String("SSH2_MSG_NEWKEYS sent"))
        && m_stage == Stage::HostKey) {
        const bool once = m_once.contains(m_key.section(QLatin1Char(' '), 1));
        done(m_key
            + (once           ? QCoreApplication::translate("transport", ", accepted once")
                    : m_known ? QCoreApplication::translate("transport", ", known")
                              : QCoreApplication::translate("transport", ", new")));
        begin(Stage::Authentication);
    } else if (text.startsWith(QLatin1String("Authentications that can continue: "))) {
        m_methods = text.section(QLatin1String(": "), 1);
    } else if (text.startsWith(QLatin1String("Entering interactive session"))) {
        m_ready = m_index == m_chain.size();
    }
}

void OpenSshLog::complaint(const QString &text)
{
    static const QRegularExpression offending(
        QStringLiteral("^Offending (?:\\S+ )?key in (.*:\\d+)$"));
    m_revoked = m_revoked || text.contains(QLatin1String("is marked as revoked"));
    m_badKey = m_badKey || text.contains(QLatin1String("HOST IDENTIFICATION HAS CHANGED"))
        || text.contains(QLatin1String("REVOKED HOST KEY DETECTED"));
    if (const auto match = offending.match(text); match.hasMatch())
        m_offending = match.captured(1);
    if (text.startsWith(QLatin1Char('@')) && text.endsWith(QLatin1Char('@'))
        && text.count(QLatin1Char('@')) == text.size())
        return;
    m_complaints = (m_complaints + text + QLatin1Char('\n')).right(keptText);
}

void OpenSshLog::line(const QString &text)
{
    static const QRegularExpression debug(QStringLiteral("^debug[123]: ")),
        welcome(QStringLiteral("^Authenticated to .* using \"([^\"]*)\"\\.$"));
    const QString one = text.trimmed();
    if (one.isEmpty() || one.startsWith(QLatin1String("OpenSSH_")))
        return;
    if (m_ready) {
        if (!debug.match(one).hasMatch())
            complaint(one);
        return;
    }
    if (one.startsWith(QLatin1String("debug1: ")))
        progress(one.mid(8));
    else if (const auto in = welcome.match(one); in.hasMatch() && m_index < m_chain.size())
        authenticated(in.captured(1));
    else if (!debug.match(one).hasMatch())
        complaint(one);
}

Error OpenSshLog::failed(const std::optional<Error> &own)
{
    Error error = own ? *own : meaning();
    const QString step = error.stage.isEmpty() ? stageId(m_stage) : error.stage;
    if (inHop() && !own)
        error.message = QCoreApplication::translate("transport", "Jump host %1: %2")
                            .arg(current().alias, error.message);
    if (m_clock)
        m_clock->failed(error);
    error.stage = step;
    return error;
}

} // namespace pilothouse
