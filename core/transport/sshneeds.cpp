// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/sshneeds.h"

#include "core/transport/knownhosts.h"

#include <QFile>
#include <QFileInfo>

#include <algorithm>

namespace pilothouse {

static QString first(const SshGValues &values, const char *key)
{
    return values.value(QLatin1String(key)).value(0);
}

static bool isSet(const QString &value)
{
    return !value.isEmpty() && value != QLatin1String("none") && value != QLatin1String("no")
        && value != QLatin1String("false");
}

static bool isCertificate(const QString &algorithm)
{
    return algorithm.contains(QLatin1String("-cert-v0"));
}

static bool isOnToken(const QString &algorithm)
{
    return algorithm.startsWith(QLatin1String("sk-"))
        || algorithm.startsWith(QLatin1String("webauthn-sk-"));
}

template <typename Can> static bool none(const QStringList &list, Can can)
{
    return !list.isEmpty() && std::none_of(list.begin(), list.end(), can);
}

// Lists as of libssh 0.10.6 on OpenSSL 3.
static bool knowsKex(const QString &name)
{
    return name.startsWith(QLatin1String("curve25519-sha256"))
        || name.startsWith(QLatin1String("ecdh-sha2-nistp"))
        || name.startsWith(QLatin1String("diffie-hellman-group"));
}

static bool knowsCipher(const QString &name)
{
    return name == QLatin1String("chacha20-poly1305@openssh.com")
        || (name.startsWith(QLatin1String("aes"))
            && (name.endsWith(QLatin1String("-ctr")) || name.endsWith(QLatin1String("-cbc"))
                || name.endsWith(QLatin1String("-gcm@openssh.com"))));
}

static bool knowsMac(const QString &name)
{
    return name.startsWith(QLatin1String("hmac-sha2-")) || name == QLatin1String("hmac-sha1")
        || name == QLatin1String("hmac-sha1-etm@openssh.com");
}

QStringList neededByOptions(const SshGValues &values, const ResolvedHost &host)
{
    QStringList needs;
    const auto need = [&](bool needed, const char *name) {
        if (needed)
            needs << QLatin1String(name);
    };
    const auto prefers = [&](const char *name) {
        return host.preferredAuthentications.contains(QLatin1String(name));
    };
    need(!host.proxyCommand.isEmpty(), "ProxyCommand");
    need(isSet(first(values, "proxyusefdpass")), "ProxyUseFdpass");
    need(isSet(first(values, "pkcs11provider")), "PKCS11Provider");
    // Distributions switch GSSAPI on for everybody; who means it names it, or has a ticket
    // (resolveHost() looks for that).
    need(isSet(first(values, "gssapiauthentication"))
            && first(values, "preferredauthentications").contains(QLatin1String("gssapi")),
        "GSSAPIAuthentication");
    need(isSet(first(values, "hostbasedauthentication")) && prefers("hostbased"),
        "HostbasedAuthentication");
    need(isSet(first(values, "knownhostscommand")), "KnownHostsCommand");
    need(first(values, "verifyhostkeydns") == QLatin1String("true")
            || first(values, "verifyhostkeydns") == QLatin1String("yes"),
        "VerifyHostKeyDNS");
    need(none(host.kexAlgorithms, knowsKex), "KexAlgorithms");
    need(none(host.hostKeyAlgorithms,
             [](const QString &name) { return !isCertificate(name) && !isOnToken(name); }),
        "HostKeyAlgorithms");
    need(none(host.ciphers, knowsCipher), "Ciphers");
    need(none(host.macs, knowsMac), "MACs");
    return needs;
}

// A public half tells its type in its first word.
static bool isTokenIdentity(const QString &file)
{
    QFile half(file + QStringLiteral(".pub"));
    if (!half.open(QFile::ReadOnly))
        return QFileInfo::exists(file) && file.endsWith(QLatin1String("_sk"));
    return isOnToken(QString::fromLatin1(half.readLine(4096)).trimmed());
}

QStringList neededByFiles(const ParsedSshG &parsed)
{
    QStringList needs;
    QStringList certificates = parsed.certificateFiles;
    for (const QString &identity : parsed.host.identityFiles)
        certificates << identity + QStringLiteral("-cert.pub"); // ssh looks for it by itself
    const auto exists = [](const QString &file) { return QFileInfo(file).isFile(); };
    if (std::any_of(certificates.begin(), certificates.end(), exists))
        needs << QStringLiteral("CertificateFile");
    const auto &identities = parsed.host.identityFiles;
    if (std::any_of(identities.begin(), identities.end(), isTokenIdentity))
        needs << QStringLiteral("SecurityKeyProvider");
    const ResolvedHost &host = parsed.host;
    const QString name = host.hostKeyAlias.isEmpty() ? knownHostsName(host.hostName, host.port)
                                                     : knownHostsName(host.hostKeyAlias, 22);
    if (lookUpHost(host.userKnownHosts + host.globalKnownHosts, name).hostCa)
        needs << QStringLiteral("@cert-authority");
    return needs;
}

} // namespace pilothouse
