// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>

#include <memory>

namespace pilothouse {

/// What one call of pilothousectl left.
struct Ran {
    int code = -1; ///< -1 = it crashed or never ended
    QByteArray out, err;
    QJsonObject json() const;
    QJsonObject error() const; ///< the object on stderr
};

/// "run local -- true" as a list of words.
inline QStringList words(const char *line)
{
    return QString::fromUtf8(line).split(QLatin1Char(' '));
}

/// `start` and a script for sh there.
inline QStringList shell(const char *start, const QString &script)
{
    return words(start) << QStringLiteral("sh") << QStringLiteral("-c") << script;
}

/// A home folder of its own in which pilothousectl runs; its agent is ended with it.
class CtlHost {
public:
    CtlHost();
    ~CtlHost();

    Ran run(const QStringList &arguments, const QByteArray &input = {}) const;
    /// `terminal`: path of a pseudo-terminal that becomes the program's; without it has none.
    /// `inputFile`: is its standard input, instead of a pipe from here.
    std::unique_ptr<QProcess> start(const QStringList &arguments, const QByteArray &terminal = {},
        const QString &inputFile = {}) const;
    /// A line of sh in which $CTL is the program, for pipes.
    Ran shell(const QString &line) const;
    QString file(const QString &name) const { return m_folder.filePath(name); }
    QString sshConfig() const { return file(QStringLiteral("ssh_config")); }
    QString ledger() const { return file(QStringLiteral("data/pilothouse/ledger.db")); }

private:
    void prepare(QProcess &process, const QByteArray &terminal) const;
    QTemporaryDir m_folder;
};

} // namespace pilothouse
