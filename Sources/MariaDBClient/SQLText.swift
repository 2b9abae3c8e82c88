/// Quoting of names for statements. Values are quoted by the live connection (`MariaDBConnection.literal`).
package enum SQLText {
    /// A name in backticks; safe in every SQL mode. Callers refuse NUL before.
    package static func identifier(_ name: String) -> String {
        var text = "`"
        for scalar in name.unicodeScalars {
            if scalar == "`" { text.unicodeScalars.append("`") }
            text.unicodeScalars.append(scalar)
        }
        return text + "`"
    }
}
