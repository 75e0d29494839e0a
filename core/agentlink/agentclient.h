// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/permit.h"
#include "core/base/task.h"
#include "core/types/fileinfo.h"
#include "core/types/job.h"
#include "core/types/node.h"

#include <QObject>
#include <QtNumeric>

#include <functional>
#include <memory>

namespace pilothouse {

enum class SeriesKind { Gauge, Counter, State };

/// One catalogue entry; `number` is its index in a tick's values.
struct SeriesInfo {
    QString metric, device, unit;
    SeriesKind kind = SeriesKind::Gauge;
    double step = 1;
};

struct Unsupported {
    QString metric, device, reason;
};

struct AgentCatalogue {
    QString ringId;
    quint32 version = 0;
    QList<SeriesInfo> series;
    QList<Unsupported> unsupported;
    qint64 firstWallNs = 0, rollupFirstWallNs = 0;
};

/// A decoded tick, values in base units; NaN = absent.
struct AgentTick {
    quint64 number = 0;
    qint64 boottimeNs = 0, wallNs = 0;
    std::vector<double> values;
};

struct AgentRollup {
    qint64 startWallNs = 0;
    int seconds = 30;
    std::vector<double> min, max, last; ///< by catalogue number
};

/// A consumer's place in an agent's ring; kept by the consumer, empty at first.
struct TelemetryCursor {
    QString ringId;
    quint64 after = 0;
};

/// A running server stream. Destroying it cancels it. Handlers run on the main thread.
class AgentStream {
public:
    virtual ~AgentStream() = default;
};

/// What a telemetry subscription delivers, on the main thread, in order.
struct TelemetryHandlers {
    std::function<void(const AgentCatalogue &)> catalogue; ///< first, and whenever it changed
    /// One or more ticks of that catalogue. `sentWallNs` and `sentBoottimeNs`: the agent's clocks.
    std::function<void(std::vector<AgentTick> ticks, qint64 sentWallNs, qint64 sentBoottimeNs)>
        ticks;
    /// Messages of the kernel, with the node's own clock; null = not asked for. Some come again
    /// with each subscription.
    std::function<void(const std::vector<KernelMessage> &)> kernel = {};
    std::function<void(const Error &)> ended;
};

/// A GPU at one moment, as WatchGpus gives it. NaN = not known.
struct GpuInstant {
    QString uuid;
    double busyRatio = qQNaN(), memoryBytes = qQNaN(), watts = qQNaN(), celsius = qQNaN(),
           smHertz = qQNaN();
};

struct GpuHandlers {
    std::function<void(qint64 wallNs, const QList<GpuInstant> &)> now; ///< the node's clock
    std::function<void(const Error &)> ended; ///< Unsupported by older agents
};

struct JobHandlers {
    std::function<void(const Job &)> job; ///< all once, then each change
    std::function<void()> listed; ///< the first listing is complete
    std::function<void(const QString &id)> forgotten;
    std::function<void(const Error &)> ended;
};

struct LogHandlers {
    std::function<void(quint64 offset, const QByteArray &data)> data;
    /// complete: the job has ended and every byte was delivered.
    std::function<void(bool complete, std::optional<Error> error)> ended;
};

struct ExecHandlers {
    std::function<void(const QByteArray &)> out, err;
    std::function<void()> sent; ///< ExecStream::pending() is less than it was
    std::function<void(Result<std::pair<int, int>> exitCodeAndSignal)> ended;
};

/// A running remote command with a writable stdin.
class ExecStream : public AgentStream {
public:
    virtual void write(QByteArray input) = 0;
    /// Bytes written that still wait here, since the command reads slowly. Whoever has much to give
    /// pauses at some amount and goes on at ExecHandlers::sent; signals overtake what waits.
    virtual qsizetype pending() const { return 0; }
    virtual void closeInput() = 0;
    virtual void signal(int number) = 0;
};

struct ByteRange {
    QString path;
    quint64 offset = 0;
    quint64 length = 0; ///< 0 = to the end
};

struct Submitted {
    Job job;
    bool existed = false; ///< the id was known: nothing was started again
};

/// The agent as seen from the console, in plain structs: one connected epoch, never reconnects.
/// Main thread only. Ends every pending call with Unreachable once the link is lost.
class AgentClient : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;
    virtual Task<Result<NodeFacts>> hello(Context context) = 0;

    virtual std::unique_ptr<AgentStream> subscribe(
        TelemetryCursor cursor, quint32 newest, TelemetryHandlers handlers)
        = 0;
    virtual Task<Result<std::vector<AgentRollup>>> backFill(
        Context context, QString ringId, qint64 fromWallNs, qint64 toWallNs)
        = 0;
    /// The GPUs several times a second (1 to 20), out of turn; kept nowhere.
    virtual std::unique_ptr<AgentStream> watchGpus(int perSecond, GpuHandlers handlers) = 0;
    virtual Task<Result<QList<Process>>> processes(Context context, int limit) = 0;
    /// To exactly that process: NotFound when it has ended, Denied when it is somebody else's.
    virtual Task<Result<>> signalProcess(
        Context context, Permit permit, quint32 pid, quint64 startTicks, int number)
        = 0;

    virtual Task<Result<Submitted>> submit(Context context, Permit permit, QString id, JobSpec spec)
        = 0;
    /// Empty ids = all; unknown ids are simply not in the answer.
    virtual Task<Result<QList<Job>>> jobs(Context context, QStringList ids) = 0;
    virtual std::unique_ptr<AgentStream> watchJobs(JobHandlers handlers) = 0;
    virtual Task<Result<Job>> cancel(Context context, Permit permit, QString id, int graceSeconds)
        = 0;
    virtual Task<Result<Job>> signal(Context context, Permit permit, QString id, int number) = 0;
    virtual Task<Result<>> forget(Context context, Permit permit, QString id) = 0;
    virtual std::unique_ptr<AgentStream> readLog(
        QString id, quint64 offset, bool follow, quint64 limit, LogHandlers handlers)
        = 0;

    /// Sorted by name, links not followed; at most a million entries, BadReply when there are more.
    virtual Task<Result<QList<FileInfo>>> listFolder(Context context, QString path) = 0;
    virtual Task<Result<QList<FileInfo>>> stat(Context context, QStringList paths) = 0;
    virtual Task<Result<QList<QByteArray>>> readRanges(Context context, QList<ByteRange> ranges)
        = 0;
    virtual Task<Result<QString>> hash(Context context, QString path) = 0; ///< XXH3-128, hex
    /// Streams a remote file into a local partial file, checks its hash, gives it the remote one's
    /// permissions and time, renames. Resumes a partial; what is there already is not fetched.
    virtual Task<Result<>> download(Context context, QString remote, QString local,
        std::function<void(qint64, qint64)> progress)
        = 0;
    /// The same the other way.
    virtual Task<Result<>> uploadFile(Context context, Permit permit, QString local, QString remote,
        std::function<void(qint64, qint64)> progress)
        = 0;
    /// Makes the folders and links among the entries, in order, and gives folders and files mode
    /// and modifiedNs (0 = left as they are). Links are never followed. One answer each: `error` is
    /// empty when it worked.
    virtual Task<Result<QList<FileInfo>>> placeFiles(
        Context context, Permit permit, QList<FileInfo> entries)
        = 0;
    virtual std::unique_ptr<ExecStream> exec(Permit permit, QStringList argv, QString folder,
        QMap<QString, QString> environment, ExecHandlers handlers)
        = 0;
    /// Asks the daemon to make place for a newer one; jobs go on.
    virtual Task<Result<>> handOver(Context context, QString reason) = 0;

Q_SIGNALS:
    /// The channel is gone (keepalive, pump or peer). Emitted once.
    void lost(const pilothouse::Error &error);
};

} // namespace pilothouse
