import Foundation
import SecretModel
import TestSupport
import Testing

/// The module of `deploy/terraform`, by the stock provider, from nothing to nothing.
@Suite(.timeLimit(.minutes(20))) struct TerraformTests {
    /// Where the unpacked provider is: a filesystem mirror (`terraform providers mirror`).
    private static let plugins = ProcessInfo.processInfo.environment["KEYTURN_TERRAFORM_PLUGINS"] ?? "/opt/tf-plugins"

    private static var isThere: Bool {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let programs = path.split(separator: ":").map { "\($0)/terraform" }
        return programs.contains { FileManager.default.isExecutableFile(atPath: $0) }
            && FileManager.default.fileExists(atPath: Self.plugins + "/registry.terraform.io/hashicorp/aws")
    }

    @Test(
        "Terraform applies, plans nothing, changes, imports and destroys, without a skip_ flag",
        .enabled(if: Self.isThere, "terraform, or its provider in KEYTURN_TERRAFORM_PLUGINS, is not on this machine")
    )
    func module() async throws {
        let scratch = try ScratchDirectory("terraform")
        let target = try FileTarget(scratch, password: "first")
        let daemon = try await DaemonProcess(arguments: ["--rotators", try FileTarget.rotators(scratch)])
        let role = try await Self.role(of: daemon, scratch)
        let terraform = try Terraform(daemon, scratch, plugins: Self.plugins, login: target.value("first"), role: role)

        try await terraform.run("init", "-input=false")
        try await terraform.run("apply", "-auto-approve", "-input=false")
        try await terraform.expectEmptyPlan()
        let attribute = "AttributeKey=Username,AttributeValue=apply"
        let calls = try await daemon.answer(of: "cloudtrail", "lookup-events", "--lookup-attributes", attribute, "--max-items", "1")
        #expect(calls["Events"]?.arrayValue?.count == 1, "the provider works as the session of its role")
        let described = try await daemon.answer("describe-secret", "--secret-id", "shop/database")
        #expect(described["RotationRules"] == ["AutomaticallyAfterDays": 30])
        #expect(described["ReplicationStatus"]?.arrayValue?.map { $0["Status"] } == ["InSync"])
        #expect(described["KmsKeyId"]?.stringValue?.contains(":key/") == true)
        let value = try await daemon.answer("get-secret-value", "--secret-id", "shop/database")["SecretString"]?.stringValue ?? ""
        #expect(try JSONValue(parsing: Array(value.utf8))["password"] == "first")
        #expect(try !terraform.stateHolds("first"), "I8 what is written once is not in the state")
        let output = try await terraform.output()
        #expect(output["secrets"]?["value"] == ["shop/database", "shop/session-key", "shop/settings"])
        #expect(output["default_key_manager"]?["value"] == "AWS")

        let change = ["-var", "description=Changed", "-var", "rotation_days=7", "-var", "key_enabled=true"]
        try await terraform.run(["apply", "-auto-approve", "-input=false"] + change)
        try await terraform.expectEmptyPlan(change)
        #expect(try await daemon.answer("describe-secret", "--secret-id", "shop/database")["Description"] == "Changed")

        // A rotation moves AWSCURRENT on: that is no drift.
        _ = try await daemon.answer("rotate-secret", "--secret-id", "shop/database")
        try await eventually("the login is rotated", within: .seconds(60)) { try target.password() != "first" }
        try await eventually("the rotation has ended", within: .seconds(60)) {
            try await daemon.answer("list-secret-version-ids", "--secret-id", "shop/database")["Versions"]?.arrayValue?.count == 2
        }
        try await terraform.expectEmptyPlan(change)

        for (address, id) in try await terraform.importables() {
            try await terraform.run("state", "rm", address)
            try await terraform.run(["import", "-input=false"] + change + [address, id])
        }
        // What the API does not tell (deletion windows) comes back with an apply that changes nothing else.
        try await terraform.run(["apply", "-auto-approve", "-input=false"] + change)
        try await terraform.expectEmptyPlan(change)

        try await terraform.run(["destroy", "-auto-approve", "-input=false"] + change)
        #expect(try await daemon.answer("list-secrets")["SecretList"] == [])
        let keys = try await daemon.answer(of: "kms", "list-keys")["Keys"]?.arrayValue ?? []
        var states: [String] = []
        for key in keys {
            let metadata = try await daemon.answer(of: "kms", "describe-key", "--key-id", key["KeyId"]?.stringValue ?? "")["KeyMetadata"]
            if metadata?["KeyManager"] == "CUSTOMER" { states.append(metadata?["KeyState"]?.stringValue ?? "") }
        }
        #expect(states == ["PendingDeletion"])
    }
}

extension TerraformTests {
    /// The role that the provider assumes, as in a pipeline: its name, and the id that it asks for.
    private static func role(of daemon: DaemonProcess, _ scratch: ScratchDirectory) async throws -> (arn: String, externalID: String) {
        let externalID = "pipeline/7"
        let trust: JSONValue = [
            "Statement": [
                "Effect": "Allow", "Principal": ["AWS": "000000000000"], "Action": "sts:AssumeRole",
                "Condition": ["StringEquals": ["sts:ExternalId": .string(externalID)]],
            ]
        ]
        try scratch.write(trust.text, to: "trust.json")
        let role = try await daemon.keyturn("role", "create", "terraform", "--trust", scratch.path(of: "trust.json"))
        try await daemon.keyturn("policy", "attach", "AdministratorAccess", "--role", "terraform")
        return (role["Arn"]?.stringValue ?? "", externalID)
    }
}

/// A copy of the module, and the terraform that works in it.
private struct Terraform {
    private let directory: String
    private let environment: [String: String]

    init(
        _ daemon: DaemonProcess,
        _ scratch: ScratchDirectory,
        plugins: String,
        login: JSONValue,
        role: (arn: String, externalID: String)
    ) throws {
        self.directory = scratch.path(of: "module")
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../deploy/terraform").standardized.path
        try FileManager.default.createDirectory(atPath: self.directory, withIntermediateDirectories: true)
        for name in try FileManager.default.contentsOfDirectory(atPath: root) where name.hasSuffix(".tf") {
            try FileManager.default.copyItem(atPath: "\(root)/\(name)", toPath: "\(self.directory)/\(name)")
        }
        let provider = """
            provider "aws" {
              assume_role {
                role_arn     = "\(role.arn)"
                session_name = "apply"
                external_id  = "\(role.externalID)"
              }
            }
            """
        try scratch.write(provider, to: "module/override.tf")
        let mirror = #"provider_installation { filesystem_mirror { path = "\#(plugins)" } }"#
        try scratch.write(mirror, to: "terraformrc")
        var variables: [String: String] = [
            "TF_CLI_CONFIG_FILE": scratch.path(of: "terraformrc"), "TF_IN_AUTOMATION": "1", "CHECKPOINT_DISABLE": "1",
            "AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null", "AWS_EC2_METADATA_DISABLED": "true",
        ]
        variables.merge(daemon.environment) { _, new in new }
        variables["TF_VAR_endpoint"] = variables.removeValue(forKey: "AWS_ENDPOINT_URL")
        variables["TF_VAR_region"] = daemon.environment["AWS_DEFAULT_REGION"]
        variables["TF_VAR_rotator"] = "file-target"
        variables["TF_VAR_database_password"] = login["password"]?.stringValue
        let rest = (login.members ?? []).filter { $0.name != "password" }
        variables["TF_VAR_database"] = JSONValue.object(rest).text
        self.environment = variables
    }

    @discardableResult
    func run(_ arguments: String...) async throws -> Command { try await self.run(arguments) }

    @discardableResult
    func run(_ arguments: [String], expecting codes: Set<Int32> = [0]) async throws -> Command {
        let command = try await Command.run(
            ["terraform", "-chdir=\(self.directory)"] + arguments + (arguments.first == "output" ? [] : ["-no-color"]),
            environment: self.environment
        )
        guard codes.contains(command.exitCode) else {
            throw FixtureError(
                "terraform \(arguments.joined(separator: " ")) ended with \(command.exitCode): \(command.errors) \(command.output)"
            )
        }
        return command
    }

    func expectEmptyPlan(_ variables: [String] = [], sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let plan = try await self.run(["plan", "-detailed-exitcode", "-input=false"] + variables, expecting: [0, 2])
        #expect(plan.exitCode == 0, "the plan is not empty: \(plan.output)", sourceLocation: sourceLocation)
    }

    func output() async throws -> JSONValue { try JSONValue(parsing: Array(try await self.run("output", "-json").output.utf8)) }

    func stateHolds(_ text: String) throws -> Bool { try readFile(self.directory + "/terraform.tfstate").contains("\"\(text)\"") }

    /// Address and import id of what can be imported: versions with write-only values cannot.
    func importables() async throws -> [(String, String)] {
        let state = try JSONValue(parsing: Array(try await self.run("show", "-json").output.utf8))
        let resources = state["values"]?["root_module"]?["resources"]?.arrayValue ?? []
        let kinds = ["aws_kms_key", "aws_kms_alias", "aws_secretsmanager_secret", "aws_secretsmanager_secret_rotation"]
        let names = ["aws_secretsmanager_secret_policy", "aws_secretsmanager_secret_version.settings"]
        return resources.compactMap { resource in
            guard let address = resource["address"]?.stringValue, let kind = resource["type"]?.stringValue, resource["mode"] == "managed",
                let id = resource["values"]?["id"]?.stringValue, kinds.contains(kind) || names.contains(kind) || names.contains(address)
            else { return nil }
            return (address, id)
        }
    }
}
