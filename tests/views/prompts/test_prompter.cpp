// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/prompts/hostkeydialog.h"
#include "views/prompts/secretsdialog.h"
#include "views/prompts/windowprompter.h"
#include "views/theme/theme.h"

#include <QApplication>
#include <QLineEdit>
#include <QPushButton>
#include <QTest>

using namespace pilothouse;

class TestPrompter : public QObject {
    Q_OBJECT

    std::unique_ptr<QWidget> m_window;
    std::unique_ptr<WindowPrompter> m_prompter;

    template <typename Dialog> static Dialog *shown()
    {
        const auto widgets = QApplication::topLevelWidgets();
        for (auto *widget : widgets) {
            if (auto *dialog = qobject_cast<Dialog *>(widget); dialog && dialog->isVisible())
                return dialog;
        }
        return nullptr;
    }
    static void press(QWidget *dialog, const QString &text)
    {
        const auto buttons = dialog->findChildren<QPushButton *>();
        for (auto *button : buttons) {
            if (button->text() == text)
                return button->click();
        }
        QFAIL(qPrintable(text));
    }
    static HostKeyQuestion key(const QString &host)
    {
        HostKeyQuestion question;
        question.host = host;
        question.fingerprint = QStringLiteral("SHA256:abc");
        return question;
    }

private Q_SLOTS:
    void initTestCase() { Theme::install(Scheme::Light); }
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
        m_window = std::make_unique<QWidget>();
        m_window->show();
        m_prompter = std::make_unique<WindowPrompter>();
        m_prompter->setWindow(m_window.get());
    }
    void cleanup()
    {
        m_prompter.reset();
        m_window.reset();
    }

    void hostKeyAnswers_data()
    {
        QTest::addColumn<QString>("button");
        QTest::addColumn<int>("answer");
        QTest::newRow("reject") << "Do not connect" << int(HostKeyAnswer::Reject);
        QTest::newRow("once") << "Connect once" << int(HostKeyAnswer::AcceptOnce);
        QTest::newRow("save") << "Save the key and connect" << int(HostKeyAnswer::AcceptAndSave);
    }

    void hostKeyAnswers()
    {
        QFETCH(QString, button);
        QFETCH(int, answer);
        std::optional<Result<HostKeyAnswer>> got;
        auto asking = m_prompter->askHostKey({}, key("lab"));
        asking.then([&](Result<HostKeyAnswer> result) { got = result; });
        QVERIFY(!got);
        press(shown<HostKeyDialog>(), button);
        QTRY_VERIFY(got);
        QVERIFY(*got);
        QCOMPARE(int(**got), answer);
        QCOMPARE(m_prompter->waiting(), 0);
    }

    void severalFieldsBecomeSecrets()
    {
        SecretQuestion question;
        question.host = "lab";
        question.title = "2FA";
        SecretQuestion::Field code, pin;
        code.prompt = "Code:";
        code.echo = true;
        pin.prompt = "PIN:";
        question.fields << code << pin;
        std::optional<Result<QList<Secret>>> got;
        auto asking = m_prompter->askSecrets({}, question);
        asking.then([&](Result<QList<Secret>> result) { got = result; });
        auto *dialog = shown<SecretsDialog>();
        QVERIFY(dialog);
        const auto fields = dialog->findChildren<QLineEdit *>();
        QCOMPARE(fields.size(), 2);
        QCOMPARE(fields[0]->echoMode(), QLineEdit::Normal);
        QCOMPARE(fields[1]->echoMode(), QLineEdit::Password);
        fields[0]->setText("123456");
        fields[1]->setText("geheim ü");
        press(dialog, "Continue");
        QTRY_VERIFY(got);
        QVERIFY(*got);
        QCOMPARE((*got)->size(), 2);
        QCOMPARE((**got)[0].reveal(), QByteArray("123456"));
        QCOMPARE((**got)[1].reveal(), QByteArray("geheim ü"));
    }

    void declinedIsCancelled()
    {
        std::optional<Result<QList<Secret>>> got;
        auto asking = m_prompter->askSecrets({}, {});
        asking.then([&](Result<QList<Secret>> result) { got = result; });
        shown<SecretsDialog>()->reject();
        QTRY_VERIFY(got);
        QVERIFY(!*got);
        QCOMPARE(got->error().kind, ErrorKind::Cancelled);
    }

    void oneAfterTheOther()
    {
        QStringList order;
        auto first = m_prompter->askHostKey({}, key("one"));
        first.then([&](Result<HostKeyAnswer>) { order << "one"; });
        auto second = m_prompter->askHostKey({}, key("two"));
        second.then([&](Result<HostKeyAnswer>) { order << "two"; });
        QCOMPARE(m_prompter->waiting(), 2);
        QVERIFY(shown<HostKeyDialog>()->windowTitle().contains("one"));
        shown<HostKeyDialog>()->reject();
        QTRY_COMPARE(order, QStringList{"one"});
        QTRY_VERIFY(shown<HostKeyDialog>());
        QVERIFY(shown<HostKeyDialog>()->windowTitle().contains("two"));
        shown<HostKeyDialog>()->reject();
        QTRY_COMPARE(order, (QStringList{"one", "two"}));
    }

    void stoppedQuestionsAreWithdrawn()
    {
        std::stop_source stop;
        std::optional<Result<HostKeyAnswer>> shownGot, queuedGot;
        auto visible = m_prompter->askHostKey(Context(stop.get_token()), key("one"));
        visible.then([&](Result<HostKeyAnswer> result) { shownGot = result; });
        auto queued = m_prompter->askHostKey(Context(stop.get_token()), key("two"));
        queued.then([&](Result<HostKeyAnswer> result) { queuedGot = result; });
        stop.request_stop();
        QTRY_VERIFY(shownGot && queuedGot);
        QCOMPARE(shownGot->error().kind, ErrorKind::Cancelled);
        QCOMPARE(queuedGot->error().kind, ErrorKind::Cancelled);
        QTRY_VERIFY(!shown<HostKeyDialog>());
    }

    void deadlineWithdraws()
    {
        std::optional<Result<HostKeyAnswer>> got;
        auto asking = m_prompter->askHostKey(Context({}, QDeadlineTimer(1)), key("one"));
        asking.then([&](Result<HostKeyAnswer> result) { got = result; });
        QTRY_VERIFY(got);
        QVERIFY(!*got);
    }

    void ownerDiesMeanwhile()
    {
        std::optional<Result<HostKeyAnswer>> got;
        auto asking = m_prompter->askHostKey({}, key("one"));
        asking.then([&](Result<HostKeyAnswer> result) { got = result; });
        m_prompter.reset();
        QTRY_VERIFY(got);
        QCOMPARE(got->error().kind, ErrorKind::Cancelled);
        QVERIFY(!shown<HostKeyDialog>());
    }

    void returnDoesNotAcceptAKey()
    {
        std::optional<Result<HostKeyAnswer>> got;
        auto asking = m_prompter->askHostKey({}, key("one"));
        asking.then([&](Result<HostKeyAnswer> result) { got = result; });
        QTest::keyClick(shown<HostKeyDialog>(), Qt::Key_Return);
        QTRY_VERIFY(got);
        QCOMPARE(**got, HostKeyAnswer::Reject);
    }
};

QTEST_MAIN(TestPrompter)
#include "test_prompter.moc"
