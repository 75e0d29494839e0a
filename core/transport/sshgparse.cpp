// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/sshneeds.h"
#include "core/transport/sshtokens.h"

#include <QCoreApplication>

namespace pilothouse {

namespace {

// Keyword to values, in order of lines: identityfile and certificatefile come several times.
SshGValues valuesOf(const QByteArray &text)
{
    SshGValues values;
    for (const QByteArray &line : text.split('\n')) {
        const QString one = QString::fromUtf8(line).trimmed();
        const auto space = one.indexOf(QLatin1Char(' '));
        if (space > 0)
            values[one.left(space).toLower()] << one.mid(space + 1);
    }
    return values;
}

class Reader {
public:
    explicit Reader(const SshGValues &values)
        : m_values(values)
    {
    }
    QString text(const char *key) const { return m_values.value(QLatin1String(key)).value(0); }
    QString unlessNone(const char *key) const
    {
        const QString value = text(key);
        return value.compare(QLatin1String("none"), Qt::CaseInsensitive) == 0 ? QString() : value;
    }
    bool flag(const char *key, bool otherwise = false) const
    {
        const QString value = text(key);
        if (value.isEmpty())
            return otherwise;
        return value == QLatin1String("yes") || value == QLatin1String("true");
    }
    int number(const char *key, int otherwise) const
    {
        bool good = false;
        const int value = text(key).toInt(&good);
        return good ? value : otherwise;
    }
    QStringList list(const char *key) const
    {
        return text(key).split(QLatin1Char(','), Qt::SkipEmptyParts);
    }

private:
    const SshGValues &m_values;
};

// Paths stand there without quotes, so a space may be one between paths or one inside.
QStringList pathsOf(const QString &text)
{
    QStringList paths;
    for (const QString &piece : text.split(QLatin1Char(' '))) {
        const bool starts = paths.isEmpty() || piece.startsWith(QLatin1Char('/'))
            || piece.startsWith(QLatin1Char('~')) || piece.startsWith(QLatin1String("${"))
            || piece.startsWith(QLatin1Char('%'));
        if (starts)
            paths << piece;
        else
            paths.last() += QLatin1Char(' ') + piece;
    }
    paths.removeAll(QString());
    paths.removeAll(QStringLiteral("none"));
    return paths;
}

// What may be tried, in order: ssh's default order, less what is switched off.
QStringList methodsOf(const Reader &read)
{
    QStringList methods = read.list("preferredauthentications");
    if (methods.isEmpty())
        methods
            = QStringLiteral("gssapi-with-mic,hostbased,publickey,keyboard-interactive,password")
                  .split(QLatin1Char(','));
    const auto drop = [&](bool off, const char *method) {
        if (off)
            methods.removeAll(QLatin1String(method));
    };
    const bool silent = read.flag("batchmode");
    drop(!read.flag("gssapiauthentication"), "gssapi-with-mic");
    drop(!read.flag("hostbasedauthentication"), "hostbased");
    // "unbound" and "host-bound" are yes with a limit.
    drop(read.text("pubkeyauthentication") == QLatin1String("false")
            || read.text("pubkeyauthentication") == QLatin1String("no"),
        "publickey");
    drop(silent || !read.flag("kbdinteractiveauthentication", true), "keyboard-interactive");
    drop(silent || !read.flag("passwordauthentication", true), "password");
    return methods;
}

QString strictOf(const QString &value)
{
    if (value == QLatin1String("true") || value == QLatin1String("yes"))
        return QStringLiteral("yes");
    if (value == QLatin1String("false") || value == QLatin1String("no")
        || value == QLatin1String("off"))
        return QStringLiteral("no");
    return value.isEmpty() ? QStringLiteral("ask") : value;
}

QString agentOf(const QString &value, const ResolvedHost &host)
{
    if (value.isEmpty() || value == QLatin1String("SSH_AUTH_SOCK"))
        return {};
    if (value == QLatin1String("none"))
        return value;
    if (value.startsWith(QLatin1Char('$')) && !value.startsWith(QLatin1String("${"))) {
        const QString path = qEnvironmentVariable(value.mid(1).toUtf8().constData());
        return path.isEmpty() ? QStringLiteral("none") : path;
    }
    return expandSshPath(value, host);
}

} // namespace

Result<ParsedSshG> parseSshG(const QString &alias, const QByteArray &text)
{
    const SshGValues values = valuesOf(text);
    const Reader read(values);
    ParsedSshG parsed;
    ResolvedHost &host = parsed.host;
    host.alias = alias;
    host.hostName = read.text("hostname");
    host.user = read.text("user");
    const int port = read.number("port", 0);
    if (host.hostName.isEmpty() || port < 1 || port > 65535)
        return fail(Error{ErrorKind::BadReply, QStringLiteral("resolve"),
            QCoreApplication::translate("transport", "ssh -G gave no host name for %1.").arg(alias),
            QString::fromUtf8(text.left(500)),
            QCoreApplication::translate("transport", "Try ssh -G %1 in a terminal.").arg(alias)});
    host.port = quint16(port);
    host.hostKeyAlias = read.unlessNone("hostkeyalias");
    host.identitiesOnly = read.flag("identitiesonly");
    host.identityAgent = agentOf(read.text("identityagent"), host);
    const auto expanded = [&](const QStringList &paths) {
        QStringList result;
        for (const QString &path : paths)
            if (path != QLatin1String("none"))
                result << expandSshPath(path, host);
        result.removeDuplicates();
        return result;
    };
    host.identityFiles = expanded(values.value(QStringLiteral("identityfile")));
    parsed.certificateFiles = expanded(values.value(QStringLiteral("certificatefile")));
    host.userKnownHosts = expanded(pathsOf(read.text("userknownhostsfile")));
    host.globalKnownHosts = expanded(pathsOf(read.text("globalknownhostsfile")));
    host.strictHostKeyChecking = strictOf(read.text("stricthostkeychecking"));
    host.hashKnownHosts = read.flag("hashknownhosts");
    host.kexAlgorithms = read.list("kexalgorithms");
    host.hostKeyAlgorithms = read.list("hostkeyalgorithms");
    host.ciphers = read.list("ciphers");
    host.macs = read.list("macs");
    host.publicKeyAlgorithms = read.list("pubkeyacceptedalgorithms");
    if (host.publicKeyAlgorithms.isEmpty()) // its name before OpenSSH 8.5
        host.publicKeyAlgorithms = read.list("pubkeyacceptedkeytypes");
    host.preferredAuthentications = methodsOf(read);
    host.connectTimeoutSeconds = read.number("connecttimeout", 0);
    host.serverAliveInterval = read.number("serveraliveinterval", 0);
    host.serverAliveCountMax = read.number("serveralivecountmax", 3);
    host.numberOfPasswordPrompts = read.number("numberofpasswordprompts", 3);
    host.addressFamily = read.text("addressfamily");
    if (host.addressFamily.isEmpty())
        host.addressFamily = QStringLiteral("any");
    host.proxyCommand = read.unlessNone("proxycommand");
    parsed.proxyJump = read.unlessNone("proxyjump");
    host.needsOpenSsh = neededByOptions(values, host);
    return parsed;
}

} // namespace pilothouse
