// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QProcess>
#include <QStandardPaths>
#include <QStringList>

#include <optional>

namespace pilothouse {

/// What a real program says to some input. Nothing when it is not installed.
struct Verdict {
    int code = -1;
    QByteArray out, err;
};

inline std::optional<Verdict> askJudge(
    const QString &program, const QStringList &arguments, const QByteArray &input = {})
{
    const QString path = QStandardPaths::findExecutable(program);
    if (path.isEmpty())
        return std::nullopt;
    QProcess process;
    process.start(path, arguments);
    process.write(input);
    process.closeWriteChannel();
    if (!process.waitForFinished(60'000)) {
        process.kill();
        process.waitForFinished();
        return Verdict{-1, process.readAllStandardOutput(), "no end after 60 s"};
    }
    const bool normal = process.exitStatus() == QProcess::NormalExit;
    return Verdict{normal ? process.exitCode() : -1, process.readAllStandardOutput(),
        process.readAllStandardError()};
}

/// PyYAML's reading of a text, as JSON; bytes become {"bytes": base64}.
inline std::optional<Verdict> askPyYaml(const QByteArray &text)
{
    static const QString script = QStringLiteral(
        "import base64, json, sys, yaml\n"
        "def plain(x):\n"
        "    if isinstance(x, bytes): return {'bytes': base64.b64encode(x).decode()}\n"
        "    if isinstance(x, dict): return {str(k): plain(v) for k, v in x.items()}\n"
        "    if isinstance(x, list): return [plain(v) for v in x]\n"
        "    return x if x is None or isinstance(x, (str, int, float)) else repr(x)\n"
        "documents = list(yaml.safe_load_all(sys.stdin.buffer.read()))\n"
        "print(json.dumps([plain(d) for d in documents]))\n");
    return askJudge(QStringLiteral("python3"), {QStringLiteral("-c"), script}, text);
}

} // namespace pilothouse
