// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/opensshmaster.h"

#include "core/base/paths.h"
#include "core/transport/bounded.h"
#include "core/transport/libsshconnect.h"
#include "core/transport/sshgrun.h"

#include <QDir>
#include <QProcessEnvironment>

#include <csignal>
#include <sys/prctl.h>
#include <unistd.h>

namespace pilothouse {

static constexpr int defaultConnectSeconds = 15;
static constexpr qsizetype longestSocketPath = 80; // 108, less what ssh adds while it binds

static std::unique_ptr<QTemporaryDir> shortFolder()
{
    const QString name = QStringLiteral("/ssh-XXXXXX");
    for (const QString &base : {paths::runtime(), QDir::tempPath(), QStringLiteral("/tmp")}) {
        if (QFile::encodeName(base + name).size() + 4 > longestSocketPath)
            continue;
        auto folder = std::make_unique<QTemporaryDir>(base + name);
        if (folder->isValid())
            return folder;
    }
    return nullptr;
}

OpenSshMaster::OpenSshMaster(
    std::shared_ptr<ResolvedHost> host, Prompter *prompter, StageSink report)
    : m_host(std::move(host))
    , m_name(displayName(*m_host))
    , m_prompter(prompter)
    , m_report(std::move(report))
    , m_log(std::make_unique<OpenSshLog>(m_host, m_report))
{
}

std::shared_ptr<OpenSshMaster> OpenSshMaster::create(
    std::shared_ptr<ResolvedHost> host, Prompter *prompter, StageSink report)
{
    return {
        new OpenSshMaster(std::move(host), prompter, std::move(report)), [](OpenSshMaster *last) {
            QMetaObject::invokeMethod(last, &OpenSshMaster::retire, Qt::AutoConnection);
        }};
}

OpenSshMaster::~OpenSshMaster()
{
    m_process.disconnect(this);
}

// Deleting a running QProcess would wait for it.
void OpenSshMaster::retire()
{
    close();
    m_process.disconnect(this);
    if (!QCoreApplication::instance()) { // on the way out: nothing comes back to do it later
        m_process.waitForFinished(1000);
        delete this;
    } else if (m_process.state() == QProcess::NotRunning) {
        deleteLater();
    } else {
        connect(&m_process, &QProcess::finished, this, &QObject::deleteLater);
    }
}

QStringList OpenSshMaster::masterArguments() const
{
    const int connectSeconds
        = m_host->connectTimeoutSeconds > 0 ? m_host->connectTimeoutSeconds : defaultConnectSeconds;
    QStringList arguments{QStringLiteral("-M"), QStringLiteral("-N"), QStringLiteral("-T"),
        QStringLiteral("-v"), QStringLiteral("-S"), m_control,
        QStringLiteral("-oIgnoreUnknown=ForkAfterAuthentication,SessionType"),
        QStringLiteral("-oForkAfterAuthentication=no"), QStringLiteral("-oSessionType=none"),
        QStringLiteral("-oControlPersist=no"), QStringLiteral("-oClearAllForwardings=yes"),
        QStringLiteral("-oPermitLocalCommand=no"), QStringLiteral("-oRemoteCommand=none"),
        QStringLiteral("-oForwardX11=no"), QStringLiteral("-oVisualHostKey=no"),
        QStringLiteral("-oConnectTimeout=%1").arg(connectSeconds)};
    arguments << (m_askpass ? QStringLiteral("-oBatchMode=no") : QStringLiteral("-oBatchMode=yes"));
    // With "no", ssh would log in to a host with a changed key. New keys are taken in asked().
    if (m_host->strictHostKeyChecking == QLatin1String("no"))
        arguments << QStringLiteral("-oStrictHostKeyChecking=ask");
    // Silence both ways ends it after 15 s: ssh gives up one interval after the last unanswered
    // question.
    if (m_host->serverAliveInterval == 0)
        arguments << QStringLiteral("-oServerAliveInterval=5")
                  << QStringLiteral("-oServerAliveCountMax=2");
    // What is accepted once stands in a configuration that includes the usual ones.
    arguments << (m_once.isEmpty() ? sshConfigArguments()
                                   : QStringList{QStringLiteral("-F"), onceConfig()});
    return arguments + m_destination;
}

QStringList OpenSshMaster::commandArguments(const QByteArray &line) const
{
    // Without its own configuration, and with a proxy that cannot work: when the master is gone
    // this ssh must fail, not connect by itself.
    return {QStringLiteral("-F"), QStringLiteral("/dev/null"), QStringLiteral("-S"), m_control,
        QStringLiteral("-T"), QStringLiteral("-oControlMaster=no"),
        QStringLiteral("-oProxyCommand=false"), QStringLiteral("-oBatchMode=yes"),
        QStringLiteral("-oEscapeChar=none"), QStringLiteral("--"), QStringLiteral("pilothouse"),
        QString::fromUtf8(line)};
}

QStringList OpenSshMaster::checkArguments() const
{
    return {QStringLiteral("-F"), QStringLiteral("/dev/null"), QStringLiteral("-S"), m_control,
        QStringLiteral("-O"), QStringLiteral("check"), QStringLiteral("--"),
        QStringLiteral("pilothouse")};
}

static QProcessEnvironment environmentFor(const AskpassServer *askpass)
{
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("LC_ALL"), QStringLiteral("C")); // system errors in English
    if (!askpass)
        return environment;
    environment.insert(
        QStringLiteral("SSH_ASKPASS"), paths::bundled(QStringLiteral("pilothouse-askpass")));
    environment.insert(QStringLiteral("SSH_ASKPASS_REQUIRE"), QStringLiteral("force"));
    environment.insert(QStringLiteral("PILOTHOUSE_ASKPASS_SOCKET"), askpass->path());
    environment.insert(
        QStringLiteral("PILOTHOUSE_ASKPASS_TOKEN"), QString::fromLatin1(askpass->token()));
    return environment;
}

Task<Result<>> OpenSshMaster::connectMaster(Context context, QStringList destination)
{
    const auto self = shared_from_this();
    const std::stop_callback stop(context.stop(), [this] { m_stop.request_stop(); });
    m_folder = shortFolder();
    if (!m_folder)
        co_return fail(m_log->failed(Error{ErrorKind::Internal, QStringLiteral("tcp"),
            QCoreApplication::translate("transport", "There is no folder for the control socket."),
            paths::runtime(), {}}));
    m_control = m_folder->filePath(QStringLiteral("ctl"));
    if (!paths::bundled(QStringLiteral("pilothouse-askpass")).isEmpty()) {
        m_askpass = std::make_unique<AskpassServer>(m_folder->filePath(QStringLiteral("ask")));
        if (m_askpass->isListening()) {
            connect(m_askpass.get(), &AskpassServer::asked, this, &OpenSshMaster::asked);
        } else {
            m_askpass.reset();
        }
    }
    connect(&m_process, &QProcess::readyReadStandardError, this, &OpenSshMaster::readLog);
    connect(&m_process, &QProcess::finished, this, &OpenSshMaster::ended);
    connect(&m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            ended();
    });
    m_process.setProcessEnvironment(environmentFor(m_askpass.get()));
    m_process.setStandardInputFile(QProcess::nullDevice());
    m_process.setStandardOutputFile(QProcess::nullDevice());
    m_process.setChildProcessModifier([parent = getpid()] {
        setsid(); // no terminal: neither its Ctrl-C nor its prompts
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        if (getppid() != parent)
            _exit(1);
    });
    m_destination = std::move(destination);
    m_process.start(QStringLiteral("ssh"), masterArguments());

    auto connecting = bounded(context, m_connected, stageId(Stage::Authentication), {});
    auto connected = co_await std::move(connecting);
    m_stop.request_stop();
    if (m_openPrompts > 0) { // the prompter is the caller's: nobody may be in it any more
        m_quiet.emplace();
        auto quiet = m_quiet->future();
        static_cast<void>(co_await std::move(quiet));
    }
    m_prompter = nullptr;
    if (connected) {
        m_up = true;
        co_return {};
    }
    Error error = connected.error();
    if (!m_closed && (error.kind == ErrorKind::Cancelled || error.kind == ErrorKind::Timeout)
        && m_process.state() != QProcess::NotRunning) {
        error.stage.clear();
        error = m_log->failed(error);
    }
    close();
    co_return fail(error);
}

void OpenSshMaster::readLog()
{
    m_line += m_process.readAllStandardError();
    for (qsizetype end = 0; (end = m_line.indexOf('\n')) >= 0;) {
        m_log->line(QString::fromUtf8(m_line.left(end)));
        m_line.remove(0, end + 1);
    }
    if (m_up || m_closed)
        return;
    if (m_log->mustStop())
        m_process.terminate(); // ended() tells why
    else if (m_log->isReady())
        m_connected.finish({});
}

void OpenSshMaster::ended()
{
    readLog();
    if (m_line.size() > 0)
        m_log->line(QString::fromUtf8(std::exchange(m_line, {})));
    if (!m_closed && std::exchange(m_again, false)) {
        QMetaObject::invokeMethod(this, &OpenSshMaster::startAgain, Qt::QueuedConnection);
        return;
    }
    if (std::exchange(m_closed, true))
        return;
    m_stop.request_stop();
    if (m_up) {
        Q_EMIT lost(Error{ErrorKind::Unreachable, QStringLiteral("connection"),
            QCoreApplication::translate("transport", "The connection to %1 was lost.").arg(m_name),
            m_log->complaints().trimmed(), {}});
        return;
    }
    if (m_process.error() == QProcess::FailedToStart) {
        m_connected.finish(fail(m_log->failed(Error{ErrorKind::Unsupported, QStringLiteral("tcp"),
            QCoreApplication::translate("transport", "The ssh program was not found."),
            m_process.errorString(),
            QCoreApplication::translate("transport", "Install the package openssh-client.")})));
        return;
    }
    m_connected.finish(fail(m_log->failed(m_declined)));
}

// With a key that is accepted once: what the first attempt said and was told counts no more.
void OpenSshMaster::startAgain()
{
    if (m_closed)
        return;
    m_line.clear();
    m_declined.reset();
    m_tried.clear();
    m_log = std::make_unique<OpenSshLog>(m_host, m_report);
    for (const Once &once : std::as_const(m_once))
        m_log->acceptedOnce(once.fingerprint);
    m_process.start(QStringLiteral("ssh"), masterArguments());
}

void OpenSshMaster::close()
{
    m_closed = true;
    m_stop.request_stop();
    if (m_folder)
        m_folder->remove(); // now: a program on its way out may not come back to it
    if (m_process.state() == QProcess::NotRunning)
        return;
    m_process.terminate();
    if (QCoreApplication::instance() && !std::exchange(m_ending, true))
        QTimer::singleShot(2000, &m_process, [this] { m_process.kill(); });
}

} // namespace pilothouse
