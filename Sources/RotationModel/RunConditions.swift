package import SecretModel

/// What the decisions about one attempt depend on besides the run's own progress. Taken from the store when the attempt begins.
package struct RunConditions: Hashable, Sendable {
    package var trigger: RotationTrigger
    /// The window in which the run may be tried; `nil`: at any time.
    package var window: RotationWindow?
    /// The window after that one.
    package var followingWindow: RotationWindow?
    /// Spans in which nothing rotates by itself.
    package var freezes: [RotationRules.Freeze]
    /// Whether waiting for the next window could let the credential grow older than its greatest age.
    package var isMaxAgeAtStake: Bool
    /// Whether a value of an abandoned or cancelled run may be the live one, so that even a fresh run has to ask first (W1).
    package var hasEarlierCandidates: Bool
    /// Whether the rotator has anything to do in finishSecret, and in retire.
    package var hasFinishStep: Bool
    /// How long the old credential stays alive; `nil`: there is nothing to retire.
    package var grace: Duration?

    package init(trigger: RotationTrigger) {
        self.trigger = trigger
        self.freezes = []
        self.isMaxAgeAtStake = false
        self.hasEarlierCandidates = false
        self.hasFinishStep = false
    }

    /// The end of the freeze that holds at a time. People may rotate in a freeze; the schedule may not.
    package func freezeEnd(at time: Timestamp) -> Timestamp? {
        guard self.trigger == .schedule else { return nil }
        var end: Timestamp?
        while let freeze = self.freezes.first(where: { $0.from <= (end ?? time) && (end ?? time) < $0.until }) { end = freeze.until }
        return end
    }
}

/// The limits of a run. The defaults are the design's.
package struct RunLimits: Hashable, Sendable {
    /// How often one run may replace its pending value for policy (I3) before a person is asked.
    package var regenerations: Int
    /// How often finishSecret is tried after the labels have moved.
    package var finishAttempts: Int

    package init(regenerations: Int = 1, finishAttempts: Int = 5) {
        self.regenerations = regenerations
        self.finishAttempts = finishAttempts
    }
}
