// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/agents/agent/agenthost.h"

#include "agents/agent/filehash.h"
#include "agents/agent/sha256.h"

#include <QDir>
#include <QTest>

#include <fcntl.h>
#include <sys/stat.h>

using namespace pilothouse;
using namespace pilothouse::test;

class TestAgentFiles : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<AgentHost> m_host;
    std::unique_ptr<AgentConnection> m_agent;

    QString home(const QString &name) const { return m_host->home() + QLatin1Char('/') + name; }
    void write(const QString &name, const QByteArray &bytes)
    {
        QFile file(home(name));
        QVERIFY(file.open(QFile::WriteOnly));
        file.write(bytes);
    }
    std::string hashOf(const QByteArray &bytes)
    {
        write(QStringLiteral("hashed"), bytes);
        CallContext context;
        v1::HashFileRequest request;
        request.set_path("~/hashed");
        v1::HashFileReply reply;
        (*m_agent)->HashFile(&context, request, &reply);
        return reply.xxh3_128();
    }
    v1::WriteFileHeader header(const QByteArray &bytes)
    {
        v1::WriteFileHeader result;
        result.set_path("~/target.bin");
        result.set_size(uint64_t(bytes.size()));
        result.set_xxh3_128(hashOf(bytes));
        return result;
    }
    v1::WriteFileReply have(const v1::WriteFileHeader &header)
    {
        CallContext context;
        v1::StatPartialRequest request;
        *request.mutable_header() = header;
        v1::WriteFileReply reply;
        (*m_agent)->StatPartial(&context, request, &reply);
        return reply;
    }
    /// Sends bytes [from, to) in pieces, then half-closes.
    grpc::Status send(v1::WriteFileHeader header, const QByteArray &bytes, qint64 from, qint64 to,
        v1::WriteFileReply &reply)
    {
        CallContext context;
        const auto stream = (*m_agent)->WriteFile(&context, &reply);
        header.set_offset(uint64_t(from));
        v1::WriteFileRequest request;
        *request.mutable_header() = header;
        while (from < to || request.has_header()) {
            const qint64 piece = std::min<qint64>(to - from, 50'000);
            request.set_data(bytes.mid(from, piece).toStdString());
            from += piece;
            if (!stream->Write(request))
                break;
            request.Clear();
        }
        stream->WritesDone();
        return stream->Finish();
    }
    QStringList partials() const
    {
        return QDir(m_host->home())
            .entryList({QStringLiteral("*.partial")}, QDir::Files | QDir::Hidden);
    }

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        m_host = std::make_unique<AgentHost>();
        m_agent = m_host->connect();
        QVERIFY2(m_agent->isOpen(), m_agent->trouble().constData());
    }
    void cleanup()
    {
        m_agent.reset();
        m_host.reset();
    }

    void sha256KnowsItsVectors()
    {
        QCOMPARE(agent::Sha256().hex(),
            std::string("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
        agent::Sha256 abc;
        abc.add("a");
        abc.add("bc");
        QCOMPARE(abc.hex(),
            std::string("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
        agent::Sha256 million; // in pieces that never fit the block
        for (int i = 0; i < 1000; ++i)
            million.add(std::string(1000, 'a'));
        QCOMPARE(million.hex(),
            std::string("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"));
    }

    void hashIsXxh3() { QCOMPARE(hashOf(""), std::string("99aa06d3014798d86001c324468d497f")); }

    void placesFoldersLinksModesAndTimes()
    {
        write(QStringLiteral("plain"), "12345");
        write(QStringLiteral("outside"), "kept");
        v1::PlaceFilesRequest request;
        const auto add = [&](const char *path, const char *kind, unsigned mode, int64_t ns) {
            auto *entry = request.add_entries();
            entry->set_path(path);
            entry->set_kind(kind);
            entry->set_mode(mode);
            entry->set_modified_ns(ns);
            return entry;
        };
        constexpr int64_t then = 1'500'000'000'123'456'789;
        add("~/placed", "folder", 0750, 0);
        add("~/placed/link", "link", 0, 0)->set_link_target("../outside");
        add("~/plain", "file", 0640, then);
        add("~/placed/link", "file", 0777, then); // never through a link
        add("~/plain", "folder", 0700, 0); // something else is in the way
        add("~/plain", "link", 0, 0)->set_link_target("x");
        add("~/placed/link", "link", 0, 0)->set_link_target("elsewhere"); // replaced
        add("~/placed", "folder", 0700, then);
        CallContext context;
        v1::PlaceFilesReply reply;
        QVERIFY((*m_agent)->PlaceFiles(&context, request, &reply).ok());
        QList<bool> worked;
        for (const auto &entry : reply.entries())
            worked << entry.error().empty();
        QCOMPARE(worked, (QList<bool>{true, true, true, false, false, false, true, true}));
        struct stat info { };
        QCOMPARE(::stat(home(QStringLiteral("placed")).toUtf8().constData(), &info), 0);
        QCOMPARE(info.st_mode & 07777U, 0700U);
        QCOMPARE(int64_t(info.st_mtim.tv_sec) * 1'000'000'000 + info.st_mtim.tv_nsec, then);
        QCOMPARE(::stat(home(QStringLiteral("plain")).toUtf8().constData(), &info), 0);
        QCOMPARE(info.st_mode & 07777U, 0640U);
        QCOMPARE(int64_t(info.st_mtim.tv_sec) * 1'000'000'000 + info.st_mtim.tv_nsec, then);
        QCOMPARE(::stat(home(QStringLiteral("outside")).toUtf8().constData(), &info), 0);
        QVERIFY((info.st_mode & 07777U) != 0777U);
        QByteArray target(100, '\0');
        target.resize(::readlink(home(QStringLiteral("placed/link")).toUtf8().constData(),
            target.data(), std::size_t(target.size())));
        QCOMPARE(target, QByteArray("elsewhere"));
    }

    void listsAndStats()
    {
        QVERIFY(QDir().mkpath(home(QStringLiteral("folder/sub"))));
        write(QStringLiteral("folder/b"), "12345");
        QVERIFY(QFile::link(QStringLiteral("b"), home(QStringLiteral("folder/a"))));
        CallContext context;
        v1::ListFolderRequest request;
        request.set_path("~/folder");
        v1::ListFolderReply reply;
        QVERIFY((*m_agent)->ListFolder(&context, request, &reply).ok());
        QCOMPARE(reply.entries_size(), 3);
        QCOMPARE(reply.entries(0).kind(), std::string("link"));
        QCOMPARE(reply.entries(0).link_target(), std::string("b"));
        QCOMPARE(reply.entries(1).size(), 5U);
        QCOMPARE(reply.entries(2).kind(), std::string("folder"));
        CallContext again;
        request.set_limit(2);
        QVERIFY((*m_agent)->ListFolder(&again, request, &reply).ok());
        QVERIFY(reply.cut());
        CallContext rest;
        request.set_after(reply.last());
        QVERIFY((*m_agent)->ListFolder(&rest, request, &reply).ok());
        QVERIFY(!reply.cut());
        QCOMPARE(reply.entries_size(), 1);
        CallContext third;
        v1::StatFilesRequest stat;
        stat.add_paths("folder/b"); // below home
        stat.add_paths("/no/such");
        stat.add_paths(std::string("a\0b", 3));
        v1::StatFilesReply files;
        QVERIFY((*m_agent)->StatFiles(&third, stat, &files).ok());
        QCOMPARE(files.files(0).kind(), std::string("file"));
        QCOMPARE(files.files(1).kind(), std::string());
        QCOMPARE(files.files(1).error(), std::string());
        QVERIFY(files.files(2).error().find("NUL") != std::string::npos);
    }

    void refusalsNameTheCause_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<int>("code");
        QTest::newRow("missing") << QByteArray("/no/such") << int(grpc::StatusCode::NOT_FOUND);
        QTest::newRow("not a folder")
            << QByteArray("/proc/self/stat") << int(grpc::StatusCode::FAILED_PRECONDITION);
        QTest::newRow("empty") << QByteArray("") << int(grpc::StatusCode::INVALID_ARGUMENT);
        QTest::newRow("NUL") << QByteArray("/tmp\0/x", 7)
                             << int(grpc::StatusCode::INVALID_ARGUMENT);
    }
    void refusalsNameTheCause()
    {
        QFETCH(QByteArray, path);
        CallContext context;
        v1::ListFolderRequest request;
        request.set_path(path.toStdString());
        v1::ListFolderReply reply;
        const auto status = (*m_agent)->ListFolder(&context, request, &reply);
        QTEST(int(status.error_code()), "code");
        QVERIFY(!status.error_message().empty());
    }

    void manyRangesInOneCall()
    {
        QByteArray bytes;
        for (int i = 0; i < 300'000; ++i)
            bytes += char(i * 7 + i / 251);
        write(QStringLiteral("data"), bytes);
        v1::ReadRangesRequest request;
        for (int i = 0; i < 200; ++i) {
            auto *range = request.add_ranges();
            range->set_path("~/data");
            range->set_offset(uint64_t(i) * 1499);
            range->set_length(uint64_t(i) + 1);
        }
        auto *whole = request.add_ranges();
        whole->set_path("~/data");
        auto *missing = request.add_ranges();
        missing->set_path("~/none");
        auto *beyond = request.add_ranges();
        beyond->set_path("~/data");
        beyond->set_offset(299'990);
        beyond->set_length(100);
        CallContext context;
        const auto stream = (*m_agent)->ReadRanges(&context, request);
        std::vector<QByteArray> got(203);
        std::vector<int> ends(203);
        QString error;
        v1::RangeChunk chunk;
        while (stream->Read(&chunk)) {
            if (!chunk.error().empty())
                error = QString::fromStdString(chunk.error());
            got[chunk.range()] += QByteArray::fromStdString(chunk.data());
            ends[chunk.range()] += chunk.end();
        }
        QVERIFY(stream->Finish().ok());
        for (int i = 0; i < 200; ++i)
            QCOMPARE(got[size_t(i)], bytes.mid(i * 1499, i + 1));
        QVERIFY(got[200] == bytes);
        QVERIFY(error.contains(QStringLiteral("No such file")));
        QCOMPARE(got[202], bytes.right(10));
        QVERIFY(std::all_of(ends.begin(), ends.end(), [](int n) { return n == 1; }));
    }

    void resumesAnUploadCutAtEveryTenth()
    {
        QByteArray bytes;
        for (int i = 0; i < 1'000'003; ++i)
            bytes += char(i * 31 + i / 257);
        const auto head = header(bytes);
        for (int tenth = 1; tenth < 10; ++tenth) {
            QFile::remove(home(QStringLiteral("target.bin")));
            v1::WriteFileReply reply;
            const qint64 cut = bytes.size() * tenth / 10;
            { // the connection breaks: no half-close, no answer
                CallContext context;
                const auto stream = (*m_agent)->WriteFile(&context, &reply);
                v1::WriteFileRequest request;
                *request.mutable_header() = head;
                request.set_data(bytes.left(cut).toStdString());
                QVERIFY(stream->Write(request));
                QVERIFY(eventually([&] { return have(head).have() == uint64_t(cut); }));
                context.TryCancel();
                stream->Finish();
            }
            QCOMPARE(partials().size(), 1);
            QVERIFY(!QFile::exists(home(QStringLiteral("target.bin"))));
            QVERIFY(send(head, bytes, qint64(have(head).have()), bytes.size(), reply).ok());
            QVERIFY(reply.complete());
            QFile file(home(QStringLiteral("target.bin")));
            QVERIFY(file.open(QFile::ReadOnly));
            QVERIFY(file.readAll() == bytes);
            QCOMPARE(partials().size(), 0);
            QVERIFY(have(head).complete()); // the last answer may have been lost
        }
    }

    void uploadRefusals()
    {
        const QByteArray bytes(1000, 'x');
        auto head = header(bytes);
        v1::WriteFileReply reply;
        QCOMPARE(send(head, bytes, 500, 1000, reply).error_code(),
            grpc::StatusCode::FAILED_PRECONDITION);
        QCOMPARE(send(head, bytes + bytes, 0, 2000, reply).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
        head.set_xxh3_128(std::string(32, '0'));
        QCOMPARE(send(head, bytes, 0, 1000, reply).error_code(), grpc::StatusCode::DATA_LOSS);
        QCOMPARE(have(head).have(), 0U);
        head.set_path("/no/such/folder/file");
        QCOMPARE(send(head, bytes, 0, 1000, reply).error_code(), grpc::StatusCode::NOT_FOUND);
        head.set_xxh3_128("../../etc/passwd");
        QCOMPARE(
            send(head, bytes, 0, 1000, reply).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    }

    void emptyFileAndMode()
    {
        auto head = header({});
        head.set_mode(0750);
        v1::WriteFileReply reply;
        QVERIFY(send(head, {}, 0, 0, reply).ok());
        QVERIFY(reply.complete());
        struct stat info { };
        QCOMPARE(::stat(home(QStringLiteral("target.bin")).toLocal8Bit().constData(), &info), 0);
        QCOMPARE(info.st_mode & 0777, 0750U);
    }
};

QTEST_GUILESS_MAIN(TestAgentFiles)
#include "test_agent_files.moc"
