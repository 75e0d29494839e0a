// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/reply.h"
#include "core/telemetry/queryplan.h"
#include "core/telemetry/segmentfolder.h"

#include <condition_variable>
#include <thread>
#include <variant>

namespace pilothouse {

/// The one thread that changes hot rows and files. Everything arrives through its queue.
class StoreThread {
public:
    struct Append {
        std::vector<SeriesId> ids;
        std::vector<StoreTick> ticks;
    };
    struct Query {
        Context context;
        std::vector<SeriesId> ids;
        ColumnGrid grid;
        Reply<std::vector<Curve>> reply;
    };
    struct Flush {
        Reply<> reply;
    };
    using Message = std::variant<Append, RowBatch, Query, Flush>;

    /// `onAppended` is called on this thread, at most once per turn of it.
    StoreThread(const QString &folder, StoreOptions options, std::function<void()> onAppended);
    ~StoreThread(); ///< everything posted is handed to the kernel first

    Result<> open();
    void post(Message message);
    /// What a query would answer, when it takes no waiting and little decoding; else nothing.
    /// Nothing as well while rows that were posted before are not in yet. Any thread.
    std::optional<std::vector<Curve>> answerAtOnce(
        const std::vector<SeriesId> &ids, const ColumnGrid &grid) const;

    Registry &registry() { return m_registry; }
    const Registry &registry() const { return m_registry; }
    const ReadGate &gate() const { return m_gate; }
    bool writable() const { return m_writable; }
    const std::shared_ptr<DamageList> &damage() const { return m_damage; }

private:
    using Clock = std::chrono::steady_clock;

    void run();
    void handle(Append &append);
    void handle(RowBatch &batch);
    void handle(Query &query);
    void handle(Flush &flush);
    void take(RowBatch batch, bool journal);
    std::vector<RowBatch> byTarget(RowBatch batch) const;
    void updateLatest(const RowBatch &batch);
    void storeSealed();
    void storeSealed(Lane &lane);
    void storeAll();
    void loadHot();
    bool adopt(StoredTarget &target, const BlockRef &ref); ///< false: memory is full
    void latestFrom(const BlockRef &ref);
    void evict();
    void choosePacking();
    void keepJournalSmall();
    void housekeep(Clock::time_point now);
    int capacity(std::size_t cells) const;

    StoreOptions m_options;
    ReadGate m_gate;
    Registry m_registry{m_gate};
    std::shared_ptr<DamageList> m_damage = std::make_shared<DamageList>();
    std::shared_ptr<ColdCache> m_cold;
    SegmentFolder m_folder;
    std::function<void()> m_onAppended;
    bool m_writable = false;

    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::vector<Message> m_queue;
    std::atomic<std::size_t> m_pending{0}; ///< messages with rows that are not in yet
    bool m_stopping = false;
    // The thread's own:
    std::size_t m_hotBytes = 0, m_grown = 0; ///< bytes of hot rows, and since that was counted
    bool m_running = false, m_changed = false, m_unsynced = false;
    Clock::time_point m_nextFlush, m_nextSync, m_nextRetain;
    std::thread m_thread;
};

} // namespace pilothouse
