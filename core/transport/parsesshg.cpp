// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// Maps what `ssh -G` prints (OpenSSH 9.2: one "keyword value" a line, keywords lower case).
#include "core/transport/sshconfig.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>

namespace pilothouse {

// What libssh 0.10.6 can negotiate; the rest of a list is left to the system's ssh.
static const QStringList libsshKex{QStringLiteral("curve25519-sha256"),
    QStringLiteral("curve25519-sha256@libssh.org"), QStringLiteral("ecdh-sha2-nistp256"),
    QStringLiteral("ecdh-sha2-nistp384"), QStringLiteral("ecdh-sha2-nistp521"),
    QStringLiteral("diffie-hellman-group18-sha512"),
    QStringLiteral("diffie-hellman-group16-sha512"),
    QStringLiteral("diffie-hellman-group-exchange-sha256"),
    QStringLiteral("diffie-hellman-group14-sha256")};

static QStringList list(const QString &value)
{
    return value.split(QLatin1Char(','), Qt::SkipEmptyParts);
}

/// `~` and the tokens that -G leaves as they are in file names (ssh_config(5), TOKENS).
static QString expanded(QString path, const ResolvedHost &host)
{
    if (path == QLatin1String("~") || path.startsWith(QLatin1String("~/")))
        path = QDir::homePath() + path.mid(1);
    else if (path.startsWith(QLatin1String("${HOME}")))
        path = QDir::homePath() + path.mid(7);
    QString out;
    for (qsizetype i = 0; i < path.size(); ++i) {
        if (path[i] != QLatin1Char('%') || i + 1 >= path.size()) {
            out += path[i];
            continue;
        }
        const char16_t token = path[++i].unicode();
        if (token == u'%')
            out += QLatin1Char('%');
        else if (token == u'd')
            out += QDir::homePath();
        else if (token == u'h')
            out += host.hostName;
        else if (token == u'n')
            out += host.alias;
        else if (token == u'p')
            out += QString::number(host.port);
        else if (token == u'r')
            out += host.user;
        else if (token == u'u')
            out += qEnvironmentVariable("USER");
        else if (token == u'k')
            out += host.hostKeyAlias.isEmpty() ? host.alias : host.hostKeyAlias;
        else
            out += QLatin1Char('%') + QChar(token);
    }
    return out;
}

static int seconds(const QString &value)
{
    return value == QLatin1String("none") ? 0 : value.toInt();
}

static bool yes(const QString &value)
{
    return value == QLatin1String("yes") || value == QLatin1String("true");
}

static bool set(const QString &value)
{
    return !value.isEmpty() && value != QLatin1String("none") && value != QLatin1String("no")
        && value != QLatin1String("false");
}

/// What libssh cannot do of this host, by the keyword that asks for it.
static QStringList beyondLibssh(
    const QMultiHash<QString, QString> &values, const ResolvedHost &host)
{
    QStringList needs;
    if (set(values.value(QStringLiteral("proxycommand"))))
        needs << QStringLiteral("ProxyCommand");
    const auto certificates = values.values(QStringLiteral("certificatefile"));
    for (const auto &file : certificates) {
        if (QFileInfo::exists(expanded(file, host))) {
            needs << QStringLiteral("CertificateFile");
            break;
        }
    }
    for (const auto &file :
        host.identityFiles) { // ssh also takes KEY-cert.pub beside a key by itself
        if (QFileInfo::exists(file + QStringLiteral("-cert.pub"))) {
            needs << QStringLiteral("CertificateFile");
            break;
        }
    }
    for (const auto &file : host.identityFiles) {
        if (file.endsWith(QLatin1String("_sk")) && QFileInfo::exists(file)) {
            needs << QStringLiteral("a FIDO key (%1)").arg(QFileInfo(file).fileName());
            break;
        }
    }
    static const QList<QPair<QString, QString>> switches{
        {QStringLiteral("pkcs11provider"), QStringLiteral("PKCS11Provider")},
        {QStringLiteral("gssapiauthentication"), QStringLiteral("GSSAPIAuthentication")},
        {QStringLiteral("hostbasedauthentication"), QStringLiteral("HostbasedAuthentication")},
        {QStringLiteral("knownhostscommand"), QStringLiteral("KnownHostsCommand")},
        {QStringLiteral("verifyhostkeydns"), QStringLiteral("VerifyHostKeyDNS")},
        {QStringLiteral("proxyusefdpass"), QStringLiteral("ProxyUseFdpass")}};
    for (const auto &[key, name] : switches) {
        if (set(values.value(key)))
            needs << name;
    }
    if (!host.kexAlgorithms.isEmpty()
        && std::none_of(host.kexAlgorithms.begin(), host.kexAlgorithms.end(),
            [](const QString &kex) { return libsshKex.contains(kex); }))
        needs << QStringLiteral("KexAlgorithms %1").arg(host.kexAlgorithms.join(QLatin1Char(',')));
    if (!host.hostKeyAlgorithms.isEmpty()
        && std::all_of(host.hostKeyAlgorithms.begin(), host.hostKeyAlgorithms.end(),
            [](const QString &type) { return type.contains(QLatin1String("-cert-")); }))
        needs << QStringLiteral("HostKeyAlgorithms with certificates only");
    needs.removeDuplicates();
    return needs;
}

Result<ParsedSshG> parseSshG(const QString &alias, const QByteArray &text)
{
    QMultiHash<QString, QString> values; // values() gives the newest first
    const auto lines = text.split('\n');
    for (const auto &line : lines) {
        const auto blank = line.indexOf(' ');
        if (blank > 0)
            values.insert(QString::fromUtf8(line.left(blank)).toLower(),
                QString::fromUtf8(line.mid(blank + 1)).trimmed());
    }
    ParsedSshG parsed;
    ResolvedHost &host = parsed.host;
    host.alias = alias;
    host.hostName = values.value(QStringLiteral("hostname"));
    host.user = values.value(QStringLiteral("user"));
    bool portGood = false;
    host.port = values.value(QStringLiteral("port")).toUShort(&portGood);
    if (host.hostName.isEmpty() || !portGood || host.port == 0)
        return fail({ErrorKind::BadReply, QStringLiteral("resolve"),
            QCoreApplication::translate(
                "sshconfig", "“ssh -G %1” did not print a host name and a port.")
                .arg(alias),
            QString::fromUtf8(text.left(500)),
            QCoreApplication::translate("sshconfig", "Run it by hand and look at what it says.")});
    host.hostKeyAlias = values.value(QStringLiteral("hostkeyalias"));
    auto files = values.values(QStringLiteral("identityfile"));
    std::reverse(files.begin(), files.end());
    for (const auto &file : std::as_const(files)) {
        if (file != QLatin1String("none"))
            host.identityFiles << expanded(file, host);
    }
    host.identitiesOnly = yes(values.value(QStringLiteral("identitiesonly")));
    const QString agent = values.value(QStringLiteral("identityagent"));
    host.identityAgent = agent == QLatin1String("SSH_AUTH_SOCK") ? QString()
        : agent.startsWith(QLatin1Char('$'))
        ? qEnvironmentVariable(agent.mid(1).toUtf8().constData())
        : expanded(agent, host);
    const auto knownHosts = [&](const QString &key) {
        QStringList out;
        const auto words = values.value(key).split(QLatin1Char(' '), Qt::SkipEmptyParts);
        for (const auto &word : words)
            out << expanded(word, host);
        return out;
    };
    host.userKnownHosts = knownHosts(QStringLiteral("userknownhostsfile"));
    host.globalKnownHosts = knownHosts(QStringLiteral("globalknownhostsfile"));
    host.strictHostKeyChecking = values.value(QStringLiteral("stricthostkeychecking"));
    host.hashKnownHosts = yes(values.value(QStringLiteral("hashknownhosts")));
    host.kexAlgorithms = list(values.value(QStringLiteral("kexalgorithms")));
    host.hostKeyAlgorithms = list(values.value(QStringLiteral("hostkeyalgorithms")));
    host.ciphers = list(values.value(QStringLiteral("ciphers")));
    host.macs = list(values.value(QStringLiteral("macs")));
    host.publicKeyAlgorithms = list(values.value(QStringLiteral("pubkeyacceptedalgorithms")));
    host.preferredAuthentications = list(values.value(QStringLiteral("preferredauthentications")));
    if (host.preferredAuthentications.isEmpty()) { // OpenSSH's order
        static const QList<QPair<QString, QString>> methods{
            {QStringLiteral("gssapi-with-mic"), QStringLiteral("gssapiauthentication")},
            {QStringLiteral("hostbased"), QStringLiteral("hostbasedauthentication")},
            {QStringLiteral("publickey"), QStringLiteral("pubkeyauthentication")},
            {QStringLiteral("keyboard-interactive"),
                QStringLiteral("kbdinteractiveauthentication")},
            {QStringLiteral("password"), QStringLiteral("passwordauthentication")}};
        for (const auto &[method, key] : methods) {
            if (set(values.value(key)))
                host.preferredAuthentications << method;
        }
    }
    host.connectTimeoutSeconds = seconds(values.value(QStringLiteral("connecttimeout")));
    host.serverAliveInterval = seconds(values.value(QStringLiteral("serveraliveinterval")));
    host.serverAliveCountMax
        = values.value(QStringLiteral("serveralivecountmax"), QStringLiteral("3")).toInt();
    host.numberOfPasswordPrompts
        = values.value(QStringLiteral("numberofpasswordprompts"), QStringLiteral("3")).toInt();
    host.addressFamily = values.value(QStringLiteral("addressfamily"));
    const QString command = values.value(QStringLiteral("proxycommand"));
    host.proxyCommand = set(command) ? command : QString();
    host.needsOpenSsh = beyondLibssh(values, host);
    const QString jump = values.value(QStringLiteral("proxyjump"));
    parsed.proxyJump = set(jump) ? jump : QString();
    return parsed;
}

} // namespace pilothouse
