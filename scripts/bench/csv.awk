# Lines of CSV whose quoted fields have no line breaks.

# Fields of a line into field[1..n]; returns n.
function split_csv(line, field,    n, at) {
    n = 0
    while (1) {
        n++
        if (substr(line, 1, 1) == "\"") {
            field[n] = ""
            line = substr(line, 2)
            while ((at = index(line, "\"")) > 0) {
                field[n] = field[n] substr(line, 1, at - 1)
                line = substr(line, at + 1)
                if (substr(line, 1, 1) != "\"") break
                field[n] = field[n] "\""
                line = substr(line, 2)
            }
            at = index(line, ",")
        } else {
            at = index(line, ",")
            field[n] = at ? substr(line, 1, at - 1) : line
        }
        if (!at) return n
        line = substr(line, at + 1)
    }
}

function csv_field(text) {
    if (text !~ /[",]/) return text
    gsub(/"/, "\"\"", text)
    return "\"" text "\""
}
