// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// One long file by several calls at once.
#include "core/agentlink/grpcfiles.h"

#include <condition_variable>
#include <map>
#include <thread>

namespace pilothouse {

namespace {

constexpr qint64 blockSize = 4 * 1024 * 1024;
constexpr qint64 callsAtOnce = 4;
constexpr qint64 window = 2 * callsAtOnce; // blocks that may wait for their turn
constexpr qint64 rangesPerCall = 64; // keeps a request short whatever the path

/// Blocks come in any order and leave in theirs.
class BlockQueue {
public:
    /// Waits until the block is near its turn; false when nobody takes any more.
    bool put(qint64 block, QByteArray bytes)
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [&] { return m_over || block < m_next + window; });
        if (m_over)
            return false;
        m_ready.emplace(block, std::move(bytes));
        m_changed.notify_all();
        return true;
    }
    /// The next one in order; nothing when it is over.
    std::optional<QByteArray> take()
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [&] { return m_over || m_ready.contains(m_next); });
        if (!m_ready.contains(m_next))
            return std::nullopt;
        QByteArray bytes = std::move(m_ready[m_next]);
        m_ready.erase(m_next++);
        m_changed.notify_all();
        return bytes;
    }
    void end(const std::optional<Error> &error = {})
    {
        const std::lock_guard lock(m_mutex);
        if (!m_over && error)
            m_error = error;
        m_over = true;
        m_changed.notify_all();
    }
    std::optional<Error> error() const { return m_error; }

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::map<qint64, QByteArray> m_ready;
    qint64 m_next = 0;
    bool m_over = false;
    std::optional<Error> m_error;
};

struct Wanted {
    StubPointer stub;
    QString remote;
    qint64 from = 0, size = 0;
    qint64 blocks() const { return (size - from + blockSize - 1) / blockSize; }
};

/// Blocks `first`, `first + step`, ... of the file, as far as one call goes.
Result<> fetchBlocks(
    const Wanted &wanted, const Context &context, qint64 first, qint64 step, BlockQueue &queue)
{
    proto::ReadRangesRequest request;
    for (qint64 block = first; block < wanted.blocks() && request.ranges_size() < rangesPerCall;
         block += step) {
        const qint64 offset = wanted.from + block * blockSize;
        auto *range = request.add_ranges();
        range->set_path(wanted.remote.toStdString());
        range->set_offset(quint64(offset));
        range->set_length(quint64(std::min(blockSize, wanted.size - offset)));
    }
    BlockingCall call(context);
    const auto reader = wanted.stub->ReadRanges(&call.client, request);
    proto::RangeChunk chunk;
    QByteArray bytes;
    while (reader->Read(&chunk)) {
        if (!chunk.error().empty())
            return fail({ErrorKind::BadReply, QStringLiteral("copy"),
                QCoreApplication::translate("agentlink", "%1 could not be read to its end.")
                    .arg(wanted.remote),
                cleanText(chunk.error()), {}});
        bytes.append(chunk.data().data(), qsizetype(chunk.data().size()));
        if (bytes.size() > blockSize)
            return fail({ErrorKind::BadReply, QStringLiteral("copy"),
                QCoreApplication::translate("agentlink", "The node sent more than was asked for."),
                wanted.remote, {}});
        if (chunk.end()
            && !queue.put(first + qint64(chunk.range()) * step, std::exchange(bytes, {})))
            return {};
    }
    if (const auto status = reader->Finish(); !status.ok())
        return fail(toError(status, QStringLiteral("copy"), context.stopped()));
    return {};
}

} // namespace

Result<> fetchInOrder(const StubPointer &stub, const Context &context, const QString &remote,
    qint64 from, qint64 size, const std::function<bool(const QByteArray &)> &take)
{
    const Wanted wanted{stub, remote, from, size};
    const qint64 calls = std::min(callsAtOnce, wanted.blocks());
    BlockQueue queue;
    std::stop_source stop;
    const std::stop_callback asked(context.stop(), [&stop] { stop.request_stop(); });
    const Context own(stop.get_token(), context.deadline());
    {
        std::vector<std::jthread> threads; // joined before `queue` goes
        for (qint64 call = 0; call < calls; ++call)
            threads.emplace_back([&, call] {
                for (qint64 first = call; first < wanted.blocks(); first += calls * rangesPerCall) {
                    if (const auto done = fetchBlocks(wanted, own, first, calls, queue); !done) {
                        queue.end(done.error());
                        return;
                    }
                }
            });
        for (qint64 block = 0; block < wanted.blocks(); ++block) {
            const auto bytes = queue.take();
            const qint64 expected = std::min(blockSize, size - from - block * blockSize);
            if (!bytes || !take(*bytes) || bytes->size() != expected)
                break; // failed, refused, or the file became shorter
        }
        queue.end();
        stop.request_stop();
    }
    if (context.stopped())
        return fail(cancelled(QStringLiteral("copy")));
    if (const auto error = queue.error())
        return fail(*error);
    return {};
}

} // namespace pilothouse
