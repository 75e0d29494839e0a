// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// Renders every page from a recorded workspace, light and dark, and says what is wrong with it.
#include "tests/gui/checks.h"
#include "tests/gui/recorded.h"
#include "views/acts/typednamedialog.h"
#include "views/common/agelabel.h"
#include "views/frame/mainwindow.h"
#include "views/frame/statusline.h"
#include "views/pages/catalog.h"
#include "views/prompts/hostkeydialog.h"
#include "views/prompts/secretsdialog.h"
#include "views/theme/colorscheme.h"
#include "views/theme/theme.h"

#include <QtWidgets>

#include <cstdio>

using namespace pilothouse;

namespace {

class Painter {
public:
    Painter(QString folder, const QString &recording)
        : m_folder(std::move(folder))
        , m_recording(readRecording(recording))
    {
    }

    void all()
    {
        for (const auto scheme : {Scheme::Dark, Scheme::Light, Scheme::HighContrast}) {
            m_suffix = QLatin1Char('-') + schemeName(scheme);
            if (qApp->devicePixelRatio() > 1)
                m_suffix += QStringLiteral("@2x");
            Theme::instance().setScheme(scheme);
            pages();
            dialogs();
        }
    }

    QStringList problems;

private:
    void pages()
    {
        RecordedFeed feed(m_recording);
        AgeLabel::fixNow(feed.now());
        RecordedActs acts(m_recording);
        MainWindow window(pageCatalog(), nullptr, &feed, &acts, {});
        window.resize(1600, 1000);
        window.statusLine()->setUsage(0.021, 84.0 * 1024 * 1024);
        window.show();
        window.openPage(QStringLiteral("targets"));
        keep(window, QStringLiteral("targets"));
        window.openPage(QStringLiteral("add"));
        keep(window, QStringLiteral("add-host"));
        window.openPage(QStringLiteral("settings"));
        keep(window, QStringLiteral("settings"));
        for (const auto &[id, name] :
            {std::pair{"ssh:dgx-spark", "connecting"}, {"ssh:lambda-a100", "failed"},
                {"ssh:archive", "not-opened"}, {"local", "local"}, {"ssh:train-a2", "stale"}}) {
            window.openTarget(QLatin1String(id), QStringLiteral("connection"));
            keep(window, QStringLiteral("connection-") + QLatin1String(name));
        }
        for (const auto *tab : pageCatalog().tabs) {
            if (QLatin1String(tab->id) == QStringLiteral("connection"))
                continue;
            window.openTarget(QStringLiteral("ssh:gpu-lab-3"), QLatin1String(tab->id));
            keep(window, QStringLiteral("target-") + QLatin1String(tab->id));
        }
        window.showActivity(true);
        window.openTarget(QStringLiteral("ssh:dgx-spark"), QStringLiteral("connection"));
        keep(window, QStringLiteral("activity"));
        window.showActivity(false);
        window.resize(960, 600);
        keep(window, QStringLiteral("small"));
        window.resize(1600, 1000);
        window.openPalette(QStringLiteral("co"));
        keep(window, QStringLiteral("palette"));
        RecordedFeed none((QJsonObject()));
        MainWindow empty(pageCatalog(), nullptr, &none, &acts, {});
        empty.resize(1600, 1000);
        empty.show();
        keep(empty, QStringLiteral("empty"));
    }

    void dialogs()
    {
        HostKeyQuestion key;
        key.host = QStringLiteral("gpu-lab-4");
        key.type = QStringLiteral("ED25519");
        key.fingerprint = QStringLiteral("SHA256:pV3xTtVm1h5JkQ0mZ1yWl0g7Wc0aT0P2qvY7m3Rk9Q");
        key.alsoKnownAs
            = QStringList{QStringLiteral("10.2.0.64"), QStringLiteral("lab4.example.org")};
        HostKeyDialog hostKey(key, nullptr);
        hostKey.show();
        keep(hostKey, QStringLiteral("host-key"));
        SecretQuestion secret;
        secret.host = QStringLiteral("bastion");
        secret.title = QStringLiteral("One-time code for mia@bastion");
        secret.instruction = QStringLiteral("Enter the code of your token, then your PIN.");
        SecretQuestion::Field code, pin;
        code.prompt = QStringLiteral("Code:");
        code.echo = true;
        pin.prompt = QStringLiteral("PIN:");
        secret.fields << code << pin;
        secret.again = true;
        SecretsDialog secrets(secret, nullptr);
        secrets.show();
        keep(secrets, QStringLiteral("secrets"));
        ActInfo act;
        act.title = QStringLiteral("Remove agent");
        act.undo = QStringLiteral("Deploy the agent again.");
        auto *typed = new TypedNameDialog(act, QStringLiteral("gpu-lab-3"), {},
            QStringLiteral("ssh gpu-lab-3 pilothouse-agent remove"), nullptr);
        typed->show();
        keep(*typed, QStringLiteral("typed-name"));
        delete typed;
    }

    void keep(QWidget &widget, const QString &name)
    {
        for (int i = 0; i < 3; ++i) // layouts settle in steps
            QCoreApplication::processEvents();
        widget.grab().save(QStringLiteral("%1/%2%3.png").arg(m_folder, name, m_suffix));
        for (const auto &problem : problemsOf(&widget))
            problems << name + m_suffix + QStringLiteral(": ") + problem;
    }

    QString m_folder, m_suffix;
    QJsonObject m_recording;
};

} // namespace

int main(int argc, char **argv)
{
    QApplication application(argc, argv);
    QCommandLineParser parser;
    parser.addPositionalArgument(QStringLiteral("folder"), QStringLiteral("where pictures go"));
    parser.addPositionalArgument(QStringLiteral("recording"), QStringLiteral("targets.json"));
    parser.process(application);
    const auto arguments = parser.positionalArguments();
    if (arguments.size() != 2) {
        std::fputs("usage: pilothouse-pictures FOLDER RECORDING\n", stderr);
        return 2;
    }
    QApplication::setApplicationVersion(QStringLiteral("0.1.0"));
    QDir().mkpath(arguments[0]);
    Theme::install(Scheme::Dark);
    Painter painter(arguments[0], arguments[1]);
    painter.all();
    painter.problems.removeDuplicates();
    for (const auto &problem : std::as_const(painter.problems))
        std::fprintf(stderr, "%s\n", qPrintable(problem));
    return painter.problems.isEmpty() ? 0 : 1;
}
