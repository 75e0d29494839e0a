// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "agents/gputest/modules.h"
#include "agents/gputest/options.h"
#include "agents/gputest/table.h"

#include <QRegularExpression>
#include <QTest>

using namespace gputest;

class TestGputestParts : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void picksModules();
    void readsOptions();
    void printsUnreadableNames();
};

void TestGputestParts::picksModules()
{
    const std::vector<Module> all{{"compute_70", false, 70, {}}, {"compute_80", false, 80, {}},
        {"sm_75", true, 75, {}}, {"sm_80", true, 80, {}}, {"sm_86", true, 86, {}},
        {"sm_90 old", true, 90, {}}, {"sm_90 new", true, 90, {}}, {"sm_100", true, 100, {}}};
    const auto names = [&](int major, int minor) {
        QStringList found;
        for (const Module *module : modulesFor(all, major, minor))
            found << QString::fromLatin1(module->name);
        return found.join(QLatin1String(", "));
    };
    QCOMPARE(names(6, 1), QString());
    QCOMPARE(names(7, 0), QStringLiteral("compute_70"));
    QCOMPARE(names(7, 5), QStringLiteral("sm_75, compute_70"));
    QCOMPARE(names(8, 0), QStringLiteral("sm_80, compute_80, compute_70"));
    QCOMPARE(names(8, 9), QStringLiteral("sm_86, sm_80, compute_80, compute_70"));
    QCOMPARE(names(9, 0), QStringLiteral("sm_90 new, sm_90 old, compute_80, compute_70"));
    QCOMPARE(names(10, 3), QStringLiteral("sm_100, compute_80, compute_70"));
    QCOMPARE(names(12, 0), QStringLiteral("compute_80, compute_70"));
}

void TestGputestParts::readsOptions()
{
    const auto options
        = parseOptions({"--seconds", "90", "--devices=GPU-a,GPU-b,", "--patience=5", "--json"});
    QVERIFY(options.problem.empty());
    QCOMPARE(options.seconds, 90);
    QCOMPARE(options.patience, 5);
    QVERIFY(options.json);
    QVERIFY(options.devices == std::vector<std::string>({"GPU-a", "GPU-b"}));
    for (const auto &wrong : {std::vector<std::string>{"--seconds"}, {"--seconds", "99999999999"},
             {"--json=1"}, {""}, {"--devices", ","}})
        QVERIFY(!parseOptions(wrong).problem.empty());
}

void TestGputestParts::printsUnreadableNames()
{
    Report report;
    report.append("/devices",
        {{"uuid", "GPU-1"}, {"name", "bad\xff name"}, {"figures", Json::object()},
            {"skipped", Json::array()}, {"errors", Json::array()}, {"warnings", Json::array()}});
    report.error(0, "It\nis hot.");
    QVERIFY(report.errors());
    const auto text = Report::text(report.copy());
    QVERIFY(text.find('\n') == std::string::npos);
    QVERIFY(nlohmann::json::accept(text));
    QVERIFY(tableOf(report.copy()).find("ERROR: It") != std::string::npos);
}

QTEST_GUILESS_MAIN(TestGputestParts)
#include "test_gputest_parts.moc"
