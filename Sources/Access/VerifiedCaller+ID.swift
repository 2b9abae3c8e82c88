import Crypto

extension VerifiedCaller {
    /// What AWS calls the unique id of a user: `AIDA` and 16 characters. It follows from the ARN, and is the same as long as that is.
    package var userID: String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)
        let characters = SHA256.hash(data: Array(self.principalARN.utf8)).prefix(16).map { alphabet[Int($0 & 31)] }
        return "AIDA" + String(decoding: characters, as: UTF8.self)
    }
}
