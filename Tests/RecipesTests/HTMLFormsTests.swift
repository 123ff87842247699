import Model
import Testing

@testable import Recipes

private func forms(_ html: String) -> HTMLForms { HTMLForms(SecretBytes(html)) }

/// The inputs of the form for a login, as `type name=value`.
private func inputs(_ html: String) -> [String]? {
    forms(html).login?.inputs.map { "\($0.type) \($0.name)=\($0.value.exposedText() ?? "?")" }
}

@Suite struct HTMLFormsTests {
    @Test(
        arguments: [
            ("<form><input name=p type=password>", ["password p="]),
            ("<FORM><INPUT TYPE=PassWord NAME=P VALUE='x'></FORM>", ["password P=x"]),
            ("<form><input\n\ttype = \"password\"\r\n name = 'p'/></form>", ["password p="]),
            ("<form><input type=password/name=p></form>", nil),
            ("<form><input/type=\"password\"/name=p/></form>", ["password p/="]),
            ("<form><input type=password name=p name=q value=1 value=2></form>", ["password p=1"]),
            ("<form><input type=password name=p =x y></form>", ["password p="]),
            (
                "<form><input type=hidden name=t value='a&amp;b&#39;&#x3C;&quot;'><input name=p type=password></form>",
                ["hidden t=a&b'<\"", "password p="]
            ),
            ("<form><input name=u value=\"a>b\"><input name=p type=password></form>", ["text u=a>b", "password p="]),
            (
                "<!-- <form><input name=x type=password></form> --><form><input name=p type=password></form>",
                ["password p="]
            ),
            ("<!--><form><input name=p type=password></form>", ["password p="]),
            ("<!---><form><input name=p type=password></form>", ["password p="]),
            ("<!-- x --!><form><input name=p type=password></form>", ["password p="]),
            (
                "<form><input name=u><input name=n type=password autocomplete=New-Password></form>"
                    + "<form><input name=p type=password></form>", ["password p="]
            ),
            ("<!-- never closed <form><input name=p type=password></form>", nil),
            (
                "<script>'<form><input name=x type=password></form>'</script><form><input name=p type=password></form>",
                ["password p="]
            ),
            ("<SCRIPT>x</scripty></ScRiPt ><form><input name=p type=password></form>", ["password p="]),
            ("<style><form><input name=p type=password></style>", nil),
            (
                "<title><form></title><form><textarea><input name=x></textarea><input name=p type=password></form>",
                ["password p="]
            ),
            ("<form><input name=p type=password disabled><input name=q></form>", nil),
            ("<form><input type=password></form>", nil),
            ("<input name=p type=password>", nil),
            ("<form><form><input name=p type=password></form>", ["password p="]),
            ("<formx><input name=p type=password></formx>", nil),
            (
                "<form action=/search><input name=q></form><form><input name=u><input name=p type=password></form>",
                ["text u=", "password p="]
            ),
            (
                "<form><input name=p type=password></form><form><input name=u><input name=q type=password></form>",
                ["text u=", "password q="]
            ),
            ("<? <form> ?><!DOCTYPE html></ x><form><input name=p type=password></form>", ["password p="]),
            ("1 < 2 <3 <form><input name=p type=password></form>", ["password p="]),
            ("<form><input name=p type=password", nil),
            ("<form><input name=p type=\"password></form>", nil),
            ("<plaintext><form><input name=p type=password></form>", nil),
            ("", nil), ("<", nil), ("</", nil), ("<!", nil), ("<!-", nil), ("<!--", nil), ("<a", nil), ("<a b", nil),
            ("<a b=", nil), ("<a b='", nil),
        ] as [(String, [String]?)])
    func areFoundInWhatOthersWrote(_ html: String, _ expected: [String]?) {
        #expect(inputs(html) == expected)
    }

    @Test(arguments: [
        ("&amp;", "&"), ("&amp", "&"), ("?a=1&amp=2", "?a=1&amp=2"), ("?a=1&b=2", "?a=1&b=2"), ("&ampx", "&ampx"),
        ("&#0;", "\u{FFFD}"), ("&#xD800;", "\u{FFFD}"), ("&#x110000;", "\u{FFFD}"), ("&#xE9;&#233;", "éé"),
        ("&#;", "&#;"), ("&#x;", "&#x;"), ("&unknown;", "&unknown;"), ("&apos;", "'"), ("&", "&"),
        ("&#99999999999999999999;", "&#99999999999999999999;"), ("a\u{0}b", "a\u{FFFD}b"), ("ü", "ü"),
    ])
    func characterReferencesAreDecoded(_ text: String, _ expected: String) {
        #expect(
            inputs("<form><input type=password name=p value=\"\(text)\">") == ["password p=\(expected)"])
    }

    @Test func actionMethodAndBaseAreRead() {
        let page = forms(
            "<base target=x><base href='/a&amp;b/'><base href='/c/'><form method=POST action='in?x=1&amp;y=2'>"
                + "<input name=p type=password>")
        #expect(page.base == "/a&b/")
        #expect(page.login?.action == "in?x=1&y=2" && page.login?.isPost == true)
        #expect(forms("<form><input name=p type=password>").login?.isPost == false)
        #expect(forms("<form method=dialog><input name=p type=password>").login?.isPost == false)
    }

    @Test(
        arguments: [
            ("<input name=a><input name=u>", "u"),
            ("<input name=u autocomplete='username webauthn'><input name=b>", "u"),
            ("<input name=u type=email><input name=t type=hidden>", "u"), ("<input name=c type=checkbox>", nil),
        ] as [(String, String?)])
    func theUserIsTheTextBeforeThePassword(_ html: String, _ name: String?) {
        let page = forms("<form method=post>\(html)<input name=p type=password><input name=after></form>")
        #expect(page.login?.user?.name == name)
    }

    @Test func aPageWithoutEndCostsNoMoreThanItsFirstMebibyte() {
        let filler = String(repeating: "x", count: HTMLForms.longestPage)
        #expect(inputs(filler + "<form><input name=p type=password>") == nil)
        for hostile in ["<", "<!--", "<a b=", "<form>", "<script>", "<a '", "&amp;", "</form", "<input name="] {
            let many = String(repeating: hostile, count: HTMLForms.longestPage / hostile.utf8.count)
            #expect(forms(many).login == nil)
        }
    }

    @Test func formsAndFieldsAreBounded() {
        let input = "<input name=n type=hidden value=v>"
        let many = forms("<form>" + String(repeating: input, count: 10_000) + "<input name=p type=password></form>")
        #expect(many.forms.first?.inputs.count == 256)
        #expect(forms(String(repeating: "<form>\(input)</form>", count: 10_000)).forms.count == 64)
        let attributes = String(repeating: " x=1", count: 10_000)
        #expect(inputs("<form><input\(attributes) name=p type=password></form>") == nil)
        let long = String(repeating: "v", count: 300_000)
        #expect(inputs("<form><input name=a value=\(long)><input name=p type=password></form>") == ["password p="])
    }

    @Test func bytesThatAreNotUTF8StayAsTheyAre() {
        let html = Array("<form><input name=p type=password value=".utf8) + [0xFF, 0xFE] + Array("></form>".utf8)
        #expect(HTMLForms(SecretBytes(html)).login?.password?.value == SecretBytes([0xFF, 0xFE]))
    }
}
