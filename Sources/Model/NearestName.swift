/// The one name that `text` was probably meant to be: nearest to it by edit distance, at most 2 and at most half of
/// `text`; nil where there is none, or several are as near.
public func nearestName(to text: String, among names: some Sequence<String>) -> String? {
    var least = min(2, text.unicodeScalars.count / 2) + 1
    var nearest: String?
    for name in names {
        let distance = editDistance(text, name)
        if distance < least {
            (least, nearest) = (distance, name)
        } else if distance == least {
            nearest = nil
        }
    }
    return nearest
}

/// How many characters have to be put in, taken out, replaced or swapped with the next one to make one text of the other
/// (optimal string alignment).
func editDistance(_ one: String, _ other: String) -> Int {
    let (one, other) = (Array(one.unicodeScalars), Array(other.unicodeScalars))
    // The distances of each beginning of `one` to each beginning of `other`; the last two rows of them are enough.
    var before: [Int] = []
    var last = Array(0...other.count)
    for at in one.indices {
        var row = [at + 1]
        for their in other.indices {
            var least = min(last[their] + (one[at] == other[their] ? 0 : 1), last[their + 1] + 1, row[their] + 1)
            if at > 0, their > 0, one[at] == other[their - 1], one[at - 1] == other[their] {
                least = min(least, before[their - 1] + 1)
            }
            row.append(least)
        }
        (before, last) = (last, row)
    }
    return last[other.count]
}
