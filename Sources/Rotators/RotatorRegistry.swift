package import RotationModel

/// The rotators that this daemon has, by name.
package protocol RotatorRegistry: Sendable {
    /// - Returns: `nil` if there is no rotator of this name, or if its file may not be trusted.
    func rotator(named name: RotatorName) async -> (any Rotator)?
    /// All rotators, by name.
    func manifests() async -> [RotatorManifest]
}
