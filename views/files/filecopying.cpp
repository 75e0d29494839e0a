// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// FilesPage: everything that copies.
#include "core/session/link.h"
#include "views/files/copyquestion.h"
#include "views/files/filemodel.h"
#include "views/files/filespage.h"
#include "views/theme/icons.h"

#include <QClipboard>
#include <QCoroTask>
#include <QDir>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QMenu>
#include <QMimeData>
#include <QPushButton>
#include <QStandardPaths>
#include <QTableView>
#include <QVBoxLayout>

namespace pilothouse {

static QString downloads()
{
    const QString folder = QStandardPaths::writableLocation(QStandardPaths::DownloadLocation);
    return QDir(folder).exists() ? folder : QDir::homePath();
}

/// `name` in `folder`, or "name (2).ext", the first that is not there.
static QString freeName(const QString &folder, const QString &name, QSet<QString> &taken)
{
    const QFileInfo parts(name);
    QString path = folder + QLatin1Char('/') + name;
    for (int i = 2; QFileInfo::exists(path) || taken.contains(path); ++i) {
        const QString suffix = parts.suffix().isEmpty() || parts.completeBaseName().isEmpty()
            ? QString()
            : QLatin1Char('.') + parts.suffix();
        const QString base = suffix.isEmpty() ? name : parts.completeBaseName();
        path = QStringLiteral("%1/%2 (%3)%4").arg(folder, base).arg(i).arg(suffix);
    }
    taken.insert(path);
    return path;
}

ActRequest FilesPage::copyRequest(const QString &remote, const QString &local, bool folder) const
{
    ActRequest request;
    request.target = m_target;
    request.subject = remote;
    request.parameters.insert(QStringLiteral("remote"), remote);
    request.parameters.insert(QStringLiteral("local"), local);
    if (folder)
        request.parameters.insert(QStringLiteral("recursive"), true);
    return request;
}

QString FilesPage::whyNot(const char *act) const
{
    const auto can = m_context.acts->canAll(QLatin1String(act), {copyRequest({}, {})});
    return can.ok() ? QString() : can.reason;
}

QList<QWidget *> FilesPage::headerActions()
{
    const auto files = selected();
    QString refusal = whyNot("file.download");
    if (refusal.isEmpty() && files.isEmpty())
        refusal = tr("No file is selected.");
    for (const auto &file : files) {
        if (refusal.isEmpty() && file.kind == QLatin1String("other"))
            refusal = tr("%1 is neither a file nor a folder.").arg(fileName(file));
    }
    auto *copy = new QPushButton(tr("Copy path"));
    copy->setEnabled(!files.isEmpty());
    copy->setToolTip(files.isEmpty() ? tr("No file is selected.") : tr("Ctrl+Shift+C"));
    connect(copy, &QPushButton::clicked, this, &FilesPage::copyPaths);
    auto *download = new QPushButton(icon(QStringLiteral("download")), tr("Download"));
    download->setEnabled(refusal.isEmpty());
    download->setToolTip(
        refusal.isEmpty() ? tr("Copies what is selected to this machine") : refusal);
    connect(download, &QPushButton::clicked, this, &FilesPage::askDownload);
    auto *upload = new QPushButton(icon(QStringLiteral("upload")), tr("Upload files"));
    setButtonKind(upload, ButtonKind::Primary);
    const QString closed = whyNot("file.upload");
    upload->setEnabled(closed.isEmpty() && !m_path.isEmpty());
    upload->setToolTip(
        closed.isEmpty() ? tr("Copies files of this machine into %1").arg(m_path) : closed);
    connect(upload, &QPushButton::clicked, this, &FilesPage::askUpload);
    auto *uploadFolder = new QPushButton(tr("Upload folder"));
    uploadFolder->setEnabled(upload->isEnabled());
    uploadFolder->setToolTip(closed.isEmpty()
            ? tr("Copies a folder of this machine and all that is in it into %1").arg(m_path)
            : closed);
    connect(uploadFolder, &QPushButton::clicked, this, &FilesPage::askUploadFolder);
    return {copy, download, uploadFolder, upload};
}

void FilesPage::copyPaths()
{
    QStringList paths;
    const auto files = selected();
    for (const auto &file : files)
        paths << file.path;
    if (!paths.isEmpty())
        QGuiApplication::clipboard()->setText(paths.join(QLatin1Char('\n')));
}

void FilesPage::askDownload()
{
    const auto files = selected();
    if (files.isEmpty() || !whyNot("file.download").isEmpty())
        return;
    auto *dialog = new QFileDialog(this, tr("Download"), downloads());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    if (files.size() == 1 && files.first().kind != QLatin1String("folder")) {
        dialog->setAcceptMode(QFileDialog::AcceptSave);
        dialog->selectFile(fileName(files.first()));
        connect(dialog, &QFileDialog::fileSelected, this,
            [this, remote = files.first().path](const QString &local) {
                m_context.acts->trigger(
                    QStringLiteral("file.download"), {copyRequest(remote, local)});
            });
    } else {
        dialog->setFileMode(QFileDialog::Directory);
        dialog->setOption(QFileDialog::ShowDirsOnly);
        connect(dialog, &QFileDialog::fileSelected, this, &FilesPage::downloadTo);
    }
    dialog->show();
}

void FilesPage::downloadTo(const QString &folder)
{
    QList<CopyItem> items;
    QSet<QString> taken;
    const auto files = selected();
    for (const auto &file : files) {
        const bool isFolder = file.kind == QLatin1String("folder");
        items << CopyItem{isFolder ? folder + QLatin1Char('/') + fileName(file)
                                   : freeName(folder, fileName(file), taken),
            file.path, isFolder, file.kind == QLatin1String("link")};
    }
    plan(items, false, folder);
}

void FilesPage::askUpload()
{
    auto *dialog = new QFileDialog(this, tr("Upload into %1").arg(m_path), QDir::homePath());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFiles);
    connect(dialog, &QFileDialog::filesSelected, this, &FilesPage::upload);
    dialog->show();
}

void FilesPage::askUploadFolder()
{
    auto *dialog
        = new QFileDialog(this, tr("Upload a folder into %1").arg(m_path), QDir::homePath());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    connect(dialog, &QFileDialog::filesSelected, this, &FilesPage::upload);
    dialog->show();
}

void FilesPage::upload(const QStringList &localPaths)
{
    const QString folder = m_path.endsWith(u'/') ? m_path : m_path + QLatin1Char('/');
    QList<CopyItem> items;
    for (const auto &local : localPaths) {
        const QFileInfo file(QDir::cleanPath(local));
        items << CopyItem{file.filePath(), folder + file.fileName(), file.isDir()};
    }
    plan(items, true, m_path);
}

void FilesPage::plan(QList<CopyItem> items, bool upload, const QString &where)
{
    closeQuestion();
    const auto link = m_context.feed->link(m_target);
    if (items.isEmpty() || !link || !link->agent)
        return;
    m_question = new CopyQuestion;
    static_cast<QVBoxLayout *>(layout())->insertWidget(1, m_question);
    connect(m_question, &CopyQuestion::closed, this, &FilesPage::closeQuestion);
    m_planning = std::stop_source();
    const Context context(m_planning.get_token());
    auto looking = planCopies(context, link, std::move(items), upload);
    QCoro::connect(
        std::move(looking), this, [this, context, upload, where](const Result<CopyPlan> &plan) {
            if (context.stopped()) // closed, or another one has begun
                return;
            if (!plan) {
                m_question->refuse(
                    QStringList{plan.error().message, plan.error().cause}.join(u' ').trimmed());
                return;
            }
            if (!plan->asks()) {
                closeQuestion();
                copy(plan->items, upload);
                return;
            }
            if (plan->items.isEmpty()) {
                m_question->refuse(planSentences(*plan, where));
                return;
            }
            connect(m_question, &CopyQuestion::agreed, this, [this, items = plan->items, upload] {
                closeQuestion();
                copy(items, upload);
            });
            m_question->ask(planSentences(*plan, where), !plan->replaced.isEmpty());
        });
}

void FilesPage::closeQuestion()
{
    m_planning.request_stop();
    if (m_question == nullptr)
        return;
    m_question->hide();
    m_question->deleteLater(); // it may be the sender
    m_question = nullptr;
}

/// A folder's place is named by the folder above: the act puts it inside, there or not.
void FilesPage::copy(const QList<CopyItem> &items, bool upload)
{
    QList<ActRequest> requests;
    for (const auto &item : items) {
        const auto place = [&item](const QString &path) {
            return item.folder ? path.left(path.lastIndexOf(u'/') + 1) : path;
        };
        requests << (upload ? copyRequest(place(item.remote), item.local, item.folder)
                            : copyRequest(item.remote, place(item.local), item.folder));
    }
    m_context.acts->trigger(
        upload ? QStringLiteral("file.upload") : QStringLiteral("file.download"), requests);
}

void FilesPage::contextMenu(const QPoint &at)
{
    const auto files = selected();
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->setToolTipsVisible(true);
    if (files.size() == 1 && files.first().kind == QLatin1String("folder"))
        menu->addAction(tr("Open"), this, [this, path = files.first().path] { open(path); });
    const auto header = headerActions(); // the same acts with the same reasons
    for (auto *widget : header) {
        auto *button = static_cast<QPushButton *>(widget);
        auto *action = menu->addAction(button->text());
        action->setEnabled(button->isEnabled());
        action->setToolTip(button->toolTip());
        button->setParent(menu);
        button->hide();
        connect(action, &QAction::triggered, button, &QPushButton::click);
    }
    menu->popup(m_table->viewport()->mapToGlobal(at));
}

void FilesPage::dragEnterEvent(QDragEnterEvent *event)
{
    if (event->mimeData()->hasUrls() && m_connected && whyNot("file.upload").isEmpty())
        event->acceptProposedAction();
}

void FilesPage::dropEvent(QDropEvent *event)
{
    QStringList files;
    const auto urls = event->mimeData()->urls();
    for (const auto &url : urls) {
        if (url.isLocalFile())
            files << url.toLocalFile();
    }
    if (!files.isEmpty())
        upload(files);
    event->acceptProposedAction();
}

} // namespace pilothouse
