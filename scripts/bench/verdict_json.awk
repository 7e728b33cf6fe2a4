# Members of JSON as donut writes it, a member or a short object to a line.

# The number behind "key": in the text, from the first "object": on; "" for null or none.
function number(text, object, key,    at) {
    if (object != "") {
        at = index(text, "\"" object "\": {")
        if (!at) return ""
        text = substr(text, at)
    }
    at = index(text, "\"" key "\": ")
    if (!at) return ""
    text = substr(text, at + length(key) + 4)
    return text ~ /^null/ ? "" : text + 0
}

function string(text, key,    at) {
    at = index(text, "\"" key "\": \"")
    if (!at) return ""
    text = substr(text, at + length(key) + 5)
    return substr(text, 1, index(text, "\"") - 1)
}
