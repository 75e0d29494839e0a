// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// The lister of aliases: reads files only, as ssh_config(5) says. Nothing is executed.
#include "core/transport/sshconfig.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSet>

#include <glob.h>

namespace pilothouse {

namespace {

constexpr int deepest = 16; // as OpenSSH
constexpr qint64 largest = 4 * 1024 * 1024;
constexpr qsizetype mostFiles = 1000, mostAliases = 100'000;

/// Words of one line: blanks separate, double quotes hold together, "=" may stand once after the
/// keyword, an unquoted # that starts a word begins a comment.
QStringList wordsOf(const QString &line)
{
    QStringList words;
    QString word;
    bool quoted = false, any = false;
    const auto finish = [&] {
        if (any)
            words << word;
        word.clear();
        any = false;
    };
    for (qsizetype i = 0; i < line.size(); ++i) {
        const QChar c = line[i];
        if (c == QLatin1Char('"')) {
            quoted = !quoted;
            any = true;
        } else if (!quoted && (c == QLatin1Char(' ') || c == QLatin1Char('\t'))) {
            finish();
        } else if (!quoted && c == QLatin1Char('=') && words.isEmpty() && any) {
            finish();
        } else if (!quoted && c == QLatin1Char('=') && words.size() == 1 && !any) {
            continue; // "Host = name"
        } else if (!quoted && !any && c == QLatin1Char('#')) {
            break;
        } else {
            word += c;
            any = true;
        }
    }
    finish();
    return words;
}

struct Lister {
    AliasList list;
    QSet<QString> seen; ///< aliases
    QString sshFolder; ///< relative Includes start here
    QStringList open; ///< chain of files, to name a loop

    void problem(const QString &file, int line, const QString &what)
    {
        if (list.problems.size() < 50)
            list.problems << QCoreApplication::translate("sshconfig", "%1 line %2: %3")
                                 .arg(file)
                                 .arg(line)
                                 .arg(what);
    }

    void include(const QString &pattern, const QString &from, int line)
    {
        QString path = pattern;
        if (path.startsWith(QLatin1String("~/")))
            path = QDir::homePath() + path.mid(1);
        else if (!path.startsWith(QLatin1Char('/')))
            path = sshFolder + QLatin1Char('/') + path;
        glob_t found{};
        if (::glob(QFile::encodeName(path).constData(), 0, nullptr, &found) == 0) {
            for (std::size_t i = 0; i < found.gl_pathc; ++i) {
                const QString file = QFile::decodeName(found.gl_pathv[i]);
                if (open.contains(file))
                    problem(from, line,
                        QCoreApplication::translate(
                            "sshconfig", "Include of %1 goes round in a circle")
                            .arg(file));
                else if (open.size() >= deepest)
                    problem(from, line,
                        QCoreApplication::translate("sshconfig", "Include nests deeper than 16"));
                else
                    read(file, from, line);
            }
        }
        ::globfree(&found);
    }

    void read(const QString &path, const QString &from, int fromLine)
    {
        if (list.filesRead.size() >= mostFiles)
            return;
        QFile file(path);
        if (!QFileInfo(path).isFile())
            return;
        list.filesRead << path;
        if (!file.open(QFile::ReadOnly)) {
            problem(from.isEmpty() ? path : from, fromLine,
                QCoreApplication::translate("sshconfig", "%1 cannot be read: %2")
                    .arg(path, file.errorString()));
            return;
        }
        if (file.size() > largest) {
            problem(path, 0,
                QCoreApplication::translate(
                    "sshconfig", "the file is larger than 4 MB and was not read"));
            return;
        }
        open << path;
        int number = 0;
        while (!file.atEnd()) {
            ++number;
            const QString line = QString::fromUtf8(file.readLine()).trimmed();
            const QStringList words = wordsOf(line);
            const QString keyword = words.value(0).toLower();
            if (keyword == QLatin1String("include")) {
                for (const auto &pattern : words.mid(1))
                    include(pattern, path, number);
            } else if (keyword == QLatin1String("host")) {
                takeHosts(words.mid(1), path, number);
            }
        }
        open.removeLast();
    }

    void takeHosts(const QStringList &words, const QString &file, int line)
    {
        for (const auto &word : words) {
            const bool pattern = word.contains(QLatin1Char('*')) || word.contains(QLatin1Char('?'))
                || word.startsWith(QLatin1Char('!'));
            if (pattern || word.isEmpty())
                continue;
            // "-x" would be an option of ssh; control bytes have no place in a name.
            const bool odd = word.startsWith(QLatin1Char('-')) || word.size() > 1024
                || std::any_of(word.begin(), word.end(),
                    [](QChar c) { return c.unicode() < 0x20 || c.unicode() == 0x7F; });
            if (odd) {
                problem(file, line,
                    QCoreApplication::translate(
                        "sshconfig", "a Host name that cannot be used was left out"));
                continue;
            }
            if (seen.contains(word) || list.aliases.size() >= mostAliases)
                continue;
            seen.insert(word);
            list.aliases << word;
        }
    }
};

} // namespace

AliasList listSshAliases(const QString &configFile)
{
    Lister lister;
    lister.sshFolder = QFileInfo(configFile).absolutePath();
    lister.read(configFile, QString(), 0);
    return lister.list;
}

} // namespace pilothouse
