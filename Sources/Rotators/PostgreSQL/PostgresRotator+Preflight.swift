import RotationModel

extension PostgresRotator {
    package func preflight(_ context: StepContext) async -> [PreflightFinding] { [] }
}
