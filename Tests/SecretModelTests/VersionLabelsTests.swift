import SecretModel
import Testing

/// Each recorded case of `aws-api.md` §4.2 and §4.3.
@Suite struct VersionLabelsTests {
    private let a: VersionID
    private let b: VersionID
    private let c: VersionID
    private let custom: StagingLabel

    init() throws {
        self.a = try #require(VersionID(String(repeating: "a", count: 32)))
        self.b = try #require(VersionID(String(repeating: "b", count: 32)))
        self.c = try #require(VersionID(String(repeating: "c", count: 32)))
        self.custom = try #require(StagingLabel("PUT1"))
    }

    @Test func theOldCurrentBecomesPreviousAndTheOldPreviousLosesIt() {
        var labels = VersionLabels([(.current, self.b), (.previous, self.a)])
        labels.attach(.current, to: self.c)
        #expect(labels.labels(of: self.c) == [.current])
        #expect(labels.labels(of: self.b) == [.previous])
        #expect(labels.labels(of: self.a) == [])
    }

    @Test func rollbackSwapsCurrentAndPrevious() {
        var labels = VersionLabels([(.current, self.b), (.previous, self.a)])
        labels.attach(.current, to: self.a)
        #expect(labels.labels(of: self.a) == [.current])
        #expect(labels.labels(of: self.b) == [.previous])
        #expect(labels.count == 2)
    }

    @Test func pendingDisappearsFromTheOldCurrent() {
        var labels = VersionLabels([(.current, self.a), (.pending, self.a)])
        labels.attach(.current, to: self.b)
        #expect(labels.labels(of: self.a) == [.previous])
        #expect(labels.labels(of: self.b) == [.current])
        #expect(labels.holder(of: .pending) == nil)
    }

    @Test func pendingStaysOnTheNewCurrent() {
        var labels = VersionLabels([(.current, self.a), (.pending, self.b)])
        labels.attach(.current, to: self.b)
        #expect(Set(labels.labels(of: self.b)) == [.current, .pending])
    }

    @Test func customLabelsStayWhereTheyAre() {
        var labels = VersionLabels([(.current, self.a), (self.custom, self.a)])
        labels.attach(.current, to: self.b)
        #expect(Set(labels.labels(of: self.a)) == [.previous, self.custom])
        labels.attach(.current, to: self.c)
        #expect(labels.labels(of: self.a) == [self.custom])
    }

    @Test func otherLabelsMoveWithoutTouchingPrevious() {
        var labels = VersionLabels([(.current, self.b), (.previous, self.a), (self.custom, self.a)])
        labels.attach(self.custom, to: self.c)
        labels.attach(.pending, to: self.c)
        #expect(labels.holder(of: .previous) == self.a)
        #expect(labels.labels(of: self.c) == [self.custom, .pending])
    }

    @Test func currentIsNeverRemovedAndMovingItToItsHolderChangesNothing() {
        var labels = VersionLabels([(.current, self.b), (.previous, self.a), (.pending, self.b)])
        let before = labels
        let currentRemoved = labels.remove(.current)
        #expect(!currentRemoved)
        labels.attach(.current, to: self.b)
        #expect(labels == before)
        let removals = [labels.remove(.pending), labels.remove(.pending)]
        #expect(removals == [true, false])
    }

    @Test func labelsThatLookAlikeAreTwo() throws {
        let (composed, decomposed) = (try #require(StagingLabel("\u{e9}")), try #require(StagingLabel("e\u{301}")))
        #expect(composed != decomposed)
        #expect(VersionLabels([(composed, self.a), (decomposed, self.b)]).count == 2)
    }
}
