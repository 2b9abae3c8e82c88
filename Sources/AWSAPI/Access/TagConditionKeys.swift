import Access

extension RequestContext.Value {
    /// The value of a condition key that ends with the key of a tag, such as `aws:ResourceTag/team`.
    ///
    /// Condition keys are compared without regard to case (`aws-service.md` §3.2), those of tags in them too. Beyond ASCII, where AWS says
    /// nothing, each character is itself.
    ///
    /// - Parameters:
    ///   - key: As asked for, its ASCII letters small.
    ///   - prefix: `aws:resourcetag/`.
    ///   - tags: Names and values; of two that differ in case the first counts.
    static func tag(_ key: String, _ prefix: String, in tags: some Sequence<(String, String)>) -> RequestContext.Value? {
        guard key.utf8.starts(with: prefix.utf8) else { return nil }
        let name = key.utf8.dropFirst(prefix.utf8.count)
        return tags.first { asciiLowercased($0.0).utf8.elementsEqual(name) }.map { .one($0.1) }
    }
}
