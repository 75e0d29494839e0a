// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/hostkeycheck.h"
#include "core/transport/knownhostsline.h"
#include "core/transport/libsshconnect.h"
#include "core/transport/opensshlog.h"

#include <QCoreApplication>
#include <QFile>

namespace pilothouse {

static QString tr(const char *text)
{
    return QCoreApplication::translate("transport", text);
}

// The key that stands in "file:line" of a known_hosts file, as people compare it.
static QString keptFingerprint(const QString &place)
{
    const auto colon = place.lastIndexOf(QLatin1Char(':'));
    QFile file(place.left(colon));
    if (colon < 0 || !file.open(QFile::ReadOnly))
        return {};
    QByteArray line;
    for (int number = place.mid(colon + 1).toInt(); number > 0 && !file.atEnd(); --number)
        line = file.readLine();
    const auto entry = parseKnownHostsLine(line);
    return entry ? entry->key.fingerprint() : QString();
}

Error OpenSshLog::badKey() const
{
    const bool revoked = m_revoked || m_complaints.contains(QLatin1String("REVOKED HOST KEY"));
    const QString text = revoked
        ? tr("The key of %1 is revoked. Nothing was sent to it: no user name, no key, no password.")
        : tr("%1 shows a key that differs from the known one. Nothing was sent to it: no user "
             "name, no key, no password.");
    QString cause;
    if (!m_offending.isEmpty())
        cause = QStringLiteral("known %1 (%2); ").arg(keptFingerprint(m_offending), m_offending);
    cause += QStringLiteral("shown ") + m_key;
    return {ErrorKind::HostKey, stageId(Stage::HostKey), text.arg(knownHostsNameOf(current())),
        cause, tr("Ask whoever runs the host, and compare the fingerprints by another way.")};
}

Error OpenSshLog::meaning() const
{
    const ResolvedHost &host = current();
    const QString &text = m_complaints;
    const auto says
        = [&](const char *part) { return text.contains(QLatin1String(part), Qt::CaseInsensitive); };
    const auto error = [&](ErrorKind kind, Stage stage, QString message, const char *next) {
        return Error{
            kind, stageId(stage), std::move(message), text.trimmed(), next ? tr(next) : QString()};
    };
    const QString place = QStringLiteral("%1:%2").arg(host.hostName).arg(host.port);
    if (m_badKey)
        return badKey();
    if (says("could not resolve hostname"))
        return error(ErrorKind::Unreachable, Stage::Tcp,
            tr("The name %1 is not known.").arg(host.hostName),
            "Check the HostName in your SSH configuration, and that the VPN or DNS that knows it "
            "is up.");
    if (says("connection refused"))
        return error(ErrorKind::Unreachable, Stage::Tcp,
            tr("Nothing listens on port %2 of %1.").arg(host.hostName).arg(host.port),
            "Check the port, and that the SSH server runs there.");
    if (!m_noise.isEmpty() || says("banner line too long")) {
        auto other = error(ErrorKind::BadReply, Stage::Banner,
            tr("What listens on %1 is no SSH server.").arg(place), "Check the port.");
        other.cause.prepend(m_noise);
        return other;
    }
    if (says("timed out during banner exchange"))
        return error(ErrorKind::Timeout, Stage::Banner,
            tr("%1 took the connection but did not greet.").arg(place),
            "Check that an SSH server listens on this port.");
    if (says("connect to host") && (says("timed out") || says("in progress")))
        return error(ErrorKind::Timeout, Stage::Tcp,
            tr("%1 does not answer on port %2.").arg(host.hostName).arg(host.port),
            "Check that the host is up, and the network, VPN and firewall on the way.");
    if (says("connect to host"))
        return error(ErrorKind::Unreachable, Stage::Tcp,
            tr("%1 cannot be reached on port %2.").arg(host.hostName).arg(host.port),
            "Check the network, VPN and firewall on the way.");
    if (says("invalid characters") || says("client sent invalid protocol")
        || says("protocol major versions differ"))
        return error(ErrorKind::BadReply, Stage::Banner,
            tr("What listens on %1 is no SSH server.").arg(place), "Check the port.");
    if (says("unable to negotiate"))
        return error(ErrorKind::Unsupported, Stage::HostKey,
            tr("ssh and %1 have no algorithm in common.").arg(place),
            "Allow one of the server's algorithms in your SSH configuration.");
    if (says("requested strict checking"))
        return error(ErrorKind::HostKey, Stage::HostKey,
            tr("The key of %1 is not known, and StrictHostKeyChecking is set to yes.")
                .arg(knownHostsNameOf(host)),
            "Add the key to known_hosts after comparing its fingerprint.");
    if (says("host key verification failed"))
        return error(ErrorKind::HostKey, Stage::HostKey,
            tr("The key of %1 was not accepted.").arg(knownHostsNameOf(host)),
            "Compare the fingerprint with whoever runs the host, then retry.");
    if (says("too many authentication failures"))
        return error(ErrorKind::Denied, Stage::Authentication,
            tr("%1 refused too many keys or passwords.").arg(displayName(host)),
            "Set IdentitiesOnly and the right IdentityFile for this host.");
    if (says("permission denied (") || says("permission denied, please try again"))
        return error(ErrorKind::Denied, Stage::Authentication,
            tr("%1 was refused by the server.").arg(displayName(host)),
            "Check the user name, and that one of your keys is in authorized_keys there.");
    if (m_stage == Stage::Tcp && !host.proxyCommand.isEmpty())
        return error(ErrorKind::Unreachable, Stage::Tcp,
            tr("The ProxyCommand to %1 did not come through.").arg(place),
            "Run the ProxyCommand in a terminal to see why.");
    return error(
        ErrorKind::Unreachable, m_stage, tr("%1 ended the connection.").arg(place), "Try again.");
}

} // namespace pilothouse
