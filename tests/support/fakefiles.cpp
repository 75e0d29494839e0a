// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// Files and exec of FakeAgentClient.
#include "tests/support/fakeagentclient.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QFile>
#include <QPointer>

namespace pilothouse {

static Error notFound(const QString &path)
{
    return {ErrorKind::NotFound, QStringLiteral("fake"),
        QStringLiteral("%1 could not be read.").arg(path), QStringLiteral("No such file"), {}};
}

static FileInfo infoOf(const FakeNode &node, const QString &path)
{
    FileInfo info;
    info.path = path;
    if (node.files.contains(path)) {
        info.kind = QStringLiteral("file");
        info.size = quint64(node.files.value(path).size());
        info.mode = 0644;
    } else {
        info.error = QStringLiteral("No such file or directory");
    }
    return info;
}

Task<Result<QList<FileInfo>>> FakeAgentClient::listFolder(Context context, QString path)
{
    const auto state = m_state;
    const auto arrived = co_await arrive(state, context, QStringLiteral("listFolder"), path);
    if (!arrived)
        co_return fail(arrived.error());
    QList<FileInfo> entries;
    const QString prefix = path.endsWith(QLatin1Char('/')) ? path : path + QLatin1Char('/');
    const auto paths = state->node->files.keys();
    for (const auto &one : paths) {
        if (one.startsWith(prefix) && !one.mid(prefix.size()).contains(QLatin1Char('/')))
            entries << infoOf(*state->node, one);
    }
    co_return entries;
}

Task<Result<QList<FileInfo>>> FakeAgentClient::stat(Context context, QStringList paths)
{
    const auto state = m_state;
    const auto arrived
        = co_await arrive(state, context, QStringLiteral("stat"), paths.join(QLatin1Char(' ')));
    if (!arrived)
        co_return fail(arrived.error());
    QList<FileInfo> files;
    for (const auto &path : std::as_const(paths))
        files << infoOf(*state->node, path);
    co_return files;
}

Task<Result<QList<QByteArray>>> FakeAgentClient::readRanges(
    Context context, QList<ByteRange> ranges)
{
    const auto state = m_state;
    const auto arrived = co_await arrive(state, context, QStringLiteral("readRanges"), {});
    if (!arrived)
        co_return fail(arrived.error());
    QList<QByteArray> data;
    for (const auto &range : std::as_const(ranges)) {
        if (!state->node->files.contains(range.path))
            co_return fail(notFound(range.path));
        data << state->node->files.value(range.path)
                    .mid(qsizetype(range.offset), range.length == 0 ? -1 : qsizetype(range.length));
    }
    co_return data;
}

Task<Result<QString>> FakeAgentClient::hash(Context context, QString path)
{
    const auto state = m_state;
    const auto arrived = co_await arrive(state, context, QStringLiteral("hash"), path);
    if (!arrived)
        co_return fail(arrived.error());
    if (!state->node->files.contains(path))
        co_return fail(notFound(path));
    // As long as the real one; nobody compares it with the real one's.
    const auto digest
        = QCryptographicHash::hash(state->node->files.value(path), QCryptographicHash::Md5);
    co_return QString::fromLatin1(digest.toHex());
}

Task<Result<>> FakeAgentClient::download(
    Context context, QString remote, QString local, std::function<void(qint64, qint64)> progress)
{
    const auto state = m_state;
    const auto arrived = co_await arrive(state, context, QStringLiteral("download"), remote);
    if (!arrived)
        co_return fail(arrived.error());
    if (!state->node->files.contains(remote))
        co_return fail(notFound(remote));
    const QByteArray data = state->node->files.value(remote);
    QFile file(local);
    if (!file.open(QFile::WriteOnly) || file.write(data) != data.size()) {
        const Error denied{ErrorKind::Denied, QStringLiteral("copy"),
            QStringLiteral("%1 cannot be written.").arg(local), file.errorString(), {}};
        co_return fail(denied);
    }
    if (progress)
        progress(data.size(), data.size());
    co_return Result<>();
}

Task<Result<>> FakeAgentClient::uploadFile(Context context, Permit, QString local, QString remote,
    std::function<void(qint64, qint64)> progress)
{
    const auto state = m_state;
    const auto arrived = co_await arrive(state, context, QStringLiteral("uploadFile"), remote);
    if (!arrived)
        co_return fail(arrived.error());
    QFile file(local);
    if (!file.open(QFile::ReadOnly))
        co_return fail(notFound(local));
    const QByteArray data = file.readAll();
    state->node->files[remote] = data;
    if (progress)
        progress(data.size(), data.size());
    co_return answered(state, QStringLiteral("uploadFile"));
}

/// The fake's files have neither folders nor times: it only answers.
Task<Result<QList<FileInfo>>> FakeAgentClient::placeFiles(
    Context context, Permit, QList<FileInfo> entries)
{
    const auto state = m_state;
    const auto arrived = co_await arrive(state, context, QStringLiteral("placeFiles"), {});
    if (!arrived)
        co_return fail(arrived.error());
    for (auto &entry : entries)
        entry.error.clear();
    co_return entries;
}

namespace {

/// Gathers input; the node's `execute` is asked once it is closed.
class FakeExec : public ExecStream {
public:
    struct State {
        std::shared_ptr<FakeNode> node;
        QStringList argv;
        QByteArray input;
        ExecHandlers handlers;
        bool ended = false;
        std::shared_ptr<void> watcher; ///< keeps the link's watcher as long as we live
    };
    explicit FakeExec(std::shared_ptr<State> state)
        : m_state(std::move(state))
    {
    }
    void write(QByteArray input) override { m_state->input += input; }
    void closeInput() override
    {
        later([](State &state) {
            Output output;
            if (state.node->execute)
                output = state.node->execute(state.argv, state.input);
            if (!output.out.isEmpty() && state.handlers.out)
                state.handlers.out(output.out);
            if (!output.err.isEmpty() && state.handlers.err)
                state.handlers.err(output.err);
            end(state, std::pair<int, int>(output.exitCode, output.signal));
        });
    }
    void signal(int number) override
    {
        later([number](State &state) { end(state, std::pair<int, int>(0, number)); });
    }
    static void end(State &state, Result<std::pair<int, int>> how)
    {
        if (!std::exchange(state.ended, true) && state.handlers.ended)
            state.handlers.ended(std::move(how));
    }

private:
    void later(std::function<void(State &)> work)
    {
        const std::weak_ptr<State> weak = m_state;
        QMetaObject::invokeMethod(
            QCoreApplication::instance(),
            [weak, work = std::move(work)] {
                if (const auto state = weak.lock())
                    work(*state);
            },
            Qt::QueuedConnection);
    }
    std::shared_ptr<State> m_state;
};

} // namespace

std::unique_ptr<ExecStream> FakeAgentClient::exec(
    Permit, QStringList argv, QString, QMap<QString, QString>, ExecHandlers handlers)
{
    m_node->calls << QStringLiteral("exec ") + argv.join(QLatin1Char(' '));
    auto state = std::make_shared<FakeExec::State>();
    state->node = m_node;
    state->argv = std::move(argv);
    state->handlers = std::move(handlers);
    const auto watcher = watch();
    const std::weak_ptr<FakeExec::State> weak = state;
    watcher->lost = [weak](const Error &error) {
        if (const auto alive = weak.lock())
            FakeExec::end(*alive, fail(error));
    };
    state->watcher = watcher;
    return std::make_unique<FakeExec>(std::move(state));
}

} // namespace pilothouse
