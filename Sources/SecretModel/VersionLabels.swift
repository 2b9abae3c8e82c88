/// The staging labels of one secret. A label cannot stand on two versions, because a label has one holder.
///
/// Movement rules: `aws-api.md` §4.2 and §4.3.
package struct VersionLabels: Hashable, Sendable {
    /// Labels in the order in which they were attached.
    private var order: [StagingLabel] = []
    private var holders: [StagingLabel: VersionID] = [:]

    package init() {}

    /// - Parameter pairs: Labels with their holders, oldest first; a later pair of the same label wins.
    package init(_ pairs: [(label: StagingLabel, version: VersionID)]) {
        for pair in pairs { self.put(pair.label, on: pair.version) }
    }

    package var pairs: [(label: StagingLabel, version: VersionID)] {
        self.order.compactMap { label in self.holders[label].map { (label, $0) } }
    }

    package func holder(of label: StagingLabel) -> VersionID? { self.holders[label] }

    package func labels(of version: VersionID) -> [StagingLabel] {
        self.order.filter { self.holders[$0] == version }
    }

    package var count: Int { self.order.count }

    /// Attaches a label, taking it from its holder. With AWSCURRENT the old holder gets AWSPREVIOUS and loses AWSPENDING,
    /// and the new holder loses AWSPREVIOUS.
    package mutating func attach(_ label: StagingLabel, to version: VersionID) {
        guard self.holders[label] != version else { return }
        guard label == .current else {
            self.put(label, on: version)
            return
        }
        let old = self.holders[.current]
        if self.holders[.previous] == version { self.drop(.previous) }
        self.put(.current, on: version)
        if let old {
            if self.holders[.pending] == old { self.drop(.pending) }
            self.put(.previous, on: old)
        }
    }

    /// Takes a label off its holder. AWSCURRENT can only move, never be removed: it is left where it is.
    ///
    /// - Returns: Whether the label was removed.
    @discardableResult
    package mutating func remove(_ label: StagingLabel) -> Bool {
        guard label != .current, self.holders[label] != nil else { return false }
        self.drop(label)
        return true
    }

    private mutating func put(_ label: StagingLabel, on version: VersionID) {
        if self.holders.updateValue(version, forKey: label) == nil { self.order.append(label) }
    }

    private mutating func drop(_ label: StagingLabel) {
        self.holders[label] = nil
        self.order.removeAll { $0 == label }
    }
}
