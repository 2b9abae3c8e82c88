import ArgumentParser

struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Who did what: the audit trail.",
        subcommands: [AuditTailCommand.self, AuditSearchCommand.self, AuditVerifyCommand.self, AuditExportCommand.self]
    )
}
