// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/libsshoptions.h"

#include "core/transport/sshtokens.h"

#include <QCoreApplication>
#include <QFile>

#include <algorithm>
#include <libssh/libssh.h>

namespace pilothouse {

static QString keyTypeOf(const QString &algorithm)
{
    return algorithm.startsWith(QLatin1String("rsa-sha2-")) ? QStringLiteral("ssh-rsa") : algorithm;
}

QStringList preferKnownTypes(QStringList algorithms, const QStringList &knownTypes)
{
    std::stable_partition(algorithms.begin(), algorithms.end(),
        [&](const QString &algorithm) { return knownTypes.contains(keyTypeOf(algorithm)); });
    return algorithms;
}

QStringList preferSafeCiphers(QStringList ciphers)
{
    const auto notCbc
        = [](const QString &cipher) { return !cipher.endsWith(QLatin1String("-cbc")); };
    if (std::any_of(ciphers.begin(), ciphers.end(), notCbc))
        ciphers.removeIf([&](const QString &cipher) { return !notCbc(cipher); });
    const auto rank = [](const QString &cipher) {
        return cipher.contains(QLatin1String("-gcm"))      ? 0
            : cipher.startsWith(QLatin1String("chacha20")) ? 2
                                                           : 1;
    };
    std::stable_sort(ciphers.begin(), ciphers.end(),
        [&](const QString &a, const QString &b) { return rank(a) < rank(b); });
    return ciphers;
}

Result<> setOptions(ssh_session session, const ResolvedHost &host, const QStringList &knownTypes)
{
    const bool no = false;
    const int quiet = SSH_LOG_NOLOG;
    const unsigned int port = host.port;
    const long patience = 3600; // our own Context and timers decide
    ssh_options_set(session, SSH_OPTIONS_PROCESS_CONFIG, &no);
    ssh_options_set(session, SSH_OPTIONS_LOG_VERBOSITY, &quiet);
    ssh_options_set(session, SSH_OPTIONS_HOST, host.hostName.toUtf8().constData());
    ssh_options_set(session, SSH_OPTIONS_PORT, &port);
    ssh_options_set(session, SSH_OPTIONS_USER, host.user.toUtf8().constData());
    ssh_options_set(session, SSH_OPTIONS_TIMEOUT, &patience);
    // Never read by us, but libssh would otherwise look into ~/.ssh and /etc/ssh on its own.
    ssh_options_set(session, SSH_OPTIONS_KNOWNHOSTS, "/dev/null");
    ssh_options_set(session, SSH_OPTIONS_GLOBAL_KNOWNHOSTS, "/dev/null");
    // Nor is this, but libssh would ask for the account's home folder for each session.
    const QByteArray folder = QFile::encodeName(sshHome() + QStringLiteral("/.ssh"));
    ssh_options_set(session, SSH_OPTIONS_SSH_DIR, folder.constData());
    ssh_options_set(session, SSH_OPTIONS_COMPRESSION, "no");
    const int nodelay = 1;
    ssh_options_set(session, SSH_OPTIONS_NODELAY, &nodelay);

    struct List {
        ssh_options_e option;
        const char *name;
        QStringList words;
    };
    const QStringList ciphers = preferSafeCiphers(host.ciphers);
    const List lists[] = {{SSH_OPTIONS_KEY_EXCHANGE, "KexAlgorithms", host.kexAlgorithms},
        {SSH_OPTIONS_HOSTKEYS, "HostKeyAlgorithms",
            preferKnownTypes(host.hostKeyAlgorithms, knownTypes)},
        {SSH_OPTIONS_CIPHERS_C_S, "Ciphers", ciphers},
        {SSH_OPTIONS_CIPHERS_S_C, "Ciphers", ciphers}, {SSH_OPTIONS_HMAC_C_S, "MACs", host.macs},
        {SSH_OPTIONS_HMAC_S_C, "MACs", host.macs},
        {SSH_OPTIONS_PUBLICKEY_ACCEPTED_TYPES, "PubkeyAcceptedAlgorithms",
            host.publicKeyAlgorithms}};
    for (const List &list : lists) {
        if (list.words.isEmpty())
            continue;
        const QByteArray text = list.words.join(QLatin1Char(',')).toUtf8();
        if (ssh_options_set(session, list.option, text.constData()) == SSH_OK)
            continue;
        return fail(Error{ErrorKind::Unsupported, QStringLiteral("banner"),
            QCoreApplication::translate("transport", "libssh has none of the %1 asked for.")
                .arg(QLatin1String(list.name)),
            QString::fromUtf8(text),
            QCoreApplication::translate("transport", "Use the system's ssh for this host.")});
    }
    return {};
}

} // namespace pilothouse
