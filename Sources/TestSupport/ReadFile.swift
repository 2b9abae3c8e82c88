import Foundation

/// The text of a file; bytes that are not UTF-8 are replaced.
package func readFile(_ path: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
}
